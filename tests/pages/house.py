"""A console with demo data on a live server: whatever the list of pages names is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, abort
from flask_security.utils import hash_password
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server

from console.extensions import db, limiter
from console.services.accounts import create_account
from tests.pages.furnishing import furnish, places
from tests.pages.listed import ADMINISTRATOR, APPLICANT, CAREFUL, NEWCOMER, REVIEWER, SECOND
from tests.support.apps import make_app
from tests.support.assets import htmx_file
from tests.support.people import PASSWORD, sign_in
from tests.support.quiet import quiet

ROLES = {
    APPLICANT: "applicant",
    SECOND: "applicant",
    REVIEWER: "reviewer",
    ADMINISTRATOR: "administrator",
    NEWCOMER: "applicant",
    CAREFUL: "applicant",
}
ELSEWHERE = "elsewhere.example"  # a host that the console does not answer to
LANGUAGES = {"en": "en-GB", "zh_Hans_CN": "zh-CN"}  # ours, and what a browser says


@dataclass
class House:
    """Where it is, what is where in it, and the cookies of those who live there."""

    app: Flask
    base: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    # By language: a leader's link is in one.
    places: dict[str, dict[str, str]] = field(default_factory=dict)

    def forget_limits(self) -> None:
        """One address opens every page, refused ones too: more than a person is let."""
        limiter.reset()


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """The house, with everything in its place, until the block ends."""
    # Refusals are what is looked at here.
    with quiet("console", "werkzeug", "flask-limiter"), _served(folder) as house:
        yield house


@contextmanager
def _served(folder: Path) -> Iterator[House]:
    app = make_app(f"sqlite:///{folder / 'pages.sqlite3'}", folder, HTMX_URL="/htmx")
    app.add_url_rule("/broken/<int:code>", "broken", abort)
    htmx = htmx_file("htmx.min.js").parent
    app.wsgi_app = SharedDataMiddleware(app.wsgi_app, {"/htmx": str(htmx)})  # type: ignore[method-assign]
    with app.app_context():
        db.create_all()
        ids = {name: _account(name, role) for name, role in ROLES.items()}
        spare = furnish(app, ids)
        found = {language: places(ids, language) for language in LANGUAGES}
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_port
    for known in found.values():
        known["other-host"] = f"http://{ELSEWHERE}:{port}/"
    cookies = {name: _cookie(app, name, spare) for name in ROLES}
    try:
        yield House(app, f"http://localhost:{port}", port, cookies, found)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _account(name: str, role: str) -> int:
    email, known = f"{name}@example.cn", name != NEWCOMER
    return create_account(email, hash_password(PASSWORD), (role,), confirmed=known).id


def _cookie(app: Flask, name: str, code: str) -> str:
    client: Any = app.test_client()
    sign_in(client, f"{name}@example.cn", PASSWORD)
    if name == CAREFUL:
        client.submit("/second-factor", {"code": code})
    cookie = client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)
