"""In front of Flask: the polls of open pages that have nothing new to show.

The layer decides nothing. It answers one thing, "unchanged", where a signed link that has not
ended names an order whose standing, read just now, is what the link and the page say. The moment
it is unsure, and for every other request, it hands on to Flask, which looks at it all anew; where
the page is older than the order, with what was read, so that it is not read twice.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.sansio.utils import host_is_trusted

from console import clock
from console.queries.polled import Polled
from console.web import headers
from console.web.tokens import read_token, signer, still_good

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

BEFORE, AFTER = "/status/", "/checklist"
# Under this name Flask finds what was read for a page that is to be drawn anew.
STANDING = "console.standing"
REST = 1.0  # seconds without another try, where the database did not answer


class Front:
    """The layer: a WSGI app around Flask's."""

    def __init__(self, app: Flask, read: Polled) -> None:
        self._flask: WSGIApplication = app.wsgi_app
        self._read = read
        self._signer = signer(app.config["SECRET_KEY"])
        self._hosts = tuple(app.config["TRUSTED_HOSTS"])
        self._headers = list(headers.of_pages(app).items())
        self._extensions = app.extensions
        self._next_try = 0.0

    def __call__(self, asked: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer "unchanged", or let Flask answer."""
        path = asked["PATH_INFO"]
        if path.startswith(BEFORE) and path.endswith(AFTER) and asked["REQUEST_METHOD"] == "GET":
            began = time.monotonic()
            if began >= self._next_try and (version := self._unchanged(path, asked)):
                number = ("X-Request-ID", secrets.token_hex(8))
                start_response("304 NOT MODIFIED", [("HX-PTag", version), *self._headers, number])
                # Counted, but without a line in the log: there are thousands of these a second.
                self._extensions["requests"].count("GET", 304, time.monotonic() - began)
                return ()
        return self._flask(asked, start_response)

    def _unchanged(self, path: str, asked: WSGIEnvironment) -> str | None:
        """The version that is the page's and the order's; None: that is for Flask to say."""
        shown: str | None = asked.get("HTTP_HX_PTAG")
        if not shown or not _trusted(asked.get("HTTP_HOST"), self._hosts):
            return None
        now = clock.now()
        viewer = read_token(path[len(BEFORE) : -len(AFTER)], now, self._signer)
        if viewer is None:
            return None
        try:
            found = self._read(viewer.order_id, viewer.account_id)
        except Exception as error:  # whatever the driver raises
            log.warning("a poll was left to Flask", exc_info=error)
            self._next_try = time.monotonic() + REST
            return None
        if found is None or not still_good(viewer, found):
            return None
        if found.version(now) == shown:
            return shown
        asked[STANDING] = viewer, found
        return None


@lru_cache(maxsize=64)
def _trusted(host: str | None, hosts: tuple[str, ...]) -> bool:
    return host_is_trusted(host, hosts)


def init_app(app: Flask, read: Polled) -> None:
    """Put the layer in front of the app."""
    app.wsgi_app = Front(app, read)  # type: ignore[method-assign, assignment]
