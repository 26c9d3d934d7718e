"""Sessions that the server can end: the cookie carries a random id, the database knows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import user_logged_in, user_logged_out
from flask_security.utils import set_request_attr
from sqlalchemy.exc import DBAPIError

from console import clock
from console.errors import Busy
from console.models.accounts import Account
from console.queries.accounts import account_of_session
from console.queries.health import let_go
from console.services.accounts import close_session, open_session, touch_session
from console.web.front import STANDING

KEY = "sid"
# Being in use is written down this often, and no more: reading pages should not write.
TOUCH_EVERY = timedelta(minutes=5)
KEPT_AT_SIGN_IN = {"_user_id", "_fresh", "_id", "language"}


class Sessions(SecureCookieSessionInterface):
    """What anyone may keep is nobody's: a file that varied by cookie would be fetched again."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """As Flask does, but for polls: their links are signed, and were looked at already."""
        return None if STANDING in request.environ else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does, but for files."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Make sessions revocable. Comes after Flask-Security, whose loader it replaces."""
    app.session_interface = Sessions()
    manager: Any = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_load)
    # Tokens in headers would outlive a logout: there is no other way in than the session.
    manager.request_loader(lambda _request: None)
    manager.session_protection = None
    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)


def limits() -> tuple[timedelta, timedelta]:
    """The idle and the absolute limit of a session."""
    return (
        timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"]),
        timedelta(hours=current_app.config["SESSION_ABSOLUTE_HOURS"]),
    )


def here() -> str:
    """The random id of the session that asks; empty where nobody is signed in."""
    return str(session.get(KEY, ""))


def _load(uniquifier: str) -> Account | None:
    token = session.get(KEY)
    if not isinstance(token, str):
        return None
    now = clock.now()
    found = account_of_session(uniquifier, token, now, *limits())
    if found is None:
        return None
    account, seen = found
    set_request_attr("fs_authn_via", "session")  # what Flask-Security's own pages ask for
    # A page that asks by itself whether something changed is no person at work.
    if now - seen > TOUCH_EVERY and "HX-PTag" not in request.headers:
        return _touched(uniquifier, token, now)
    return account


def _touched(uniquifier: str, token: str, now: datetime) -> Account | None:
    try:
        touch_session(token)
    except (Busy, DBAPIError):
        # Full or read-only: nobody is kept from reading because their reading cannot be noted.
        let_go()
    found = account_of_session(uniquifier, token, now, *limits())
    return found[0] if found else None


def _signed_in(_app: Flask, user: Account, **_extra: Any) -> None:
    for key in set(session) - KEPT_AT_SIGN_IN:
        del session[key]  # the token of forms, among others: nothing from before is carried on
    g.pop("csrf_token", None)
    session[KEY] = open_session(user.id, limits()[1])


def _signed_out(_app: Flask, user: Account, **_extra: Any) -> None:
    token = session.get(KEY)
    if isinstance(token, str):
        close_session(user.id, token)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
