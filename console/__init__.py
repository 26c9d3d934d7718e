"""The ICP filing console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from console import cli, clock, logs, web
from console.extensions import bootstrap, csrf, db, limiter, migrate
from console.keyring import Keyring
from console.outside.mail import outgoing
from console.transactions import engine_options, prepare_sqlite

HERE = Path(__file__).resolve().parent

# Flask sets no limits by itself. Uploads are checked one by one on top of these.
LIMITS = {
    "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
    "MAX_UPLOAD_LENGTH": 64 * 1024 * 1024,  # of all files that are uploaded at once
    "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
    "MAX_FORM_PARTS": 500,
}
FIXED: dict[str, Any] = {
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    # A form of many pages may stay open for a day; the token lives as long as the session.
    "WTF_CSRF_TIME_LIMIT": None,
    "BOOTSTRAP_SERVE_LOCAL": True,
    "SEND_FILE_MAX_AGE_DEFAULT": 86400,
    "BABEL_DEFAULT_LOCALE": "en",
    "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
    "BABEL_TRANSLATION_DIRECTORIES": str(HERE / "translations"),
    # Said for every app: the one extension would else keep what the app before it was told.
    "RATELIMIT_ENABLED": True,
    "RATELIMIT_STRATEGY": "fixed-window",
    "RATELIMIT_HEADERS_ENABLED": False,
    # A shared store out of reach is no reason to answer nobody: each process counts by itself.
    "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
}


class Console(Flask):
    """Flask, without a look at each function of each request: none of ours is async."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(settings: Mapping[str, Any]) -> Flask:
    """Wire the app from settings as `config.settings` makes them. Touches no database."""
    app = Console(
        __name__,
        template_folder=str(HERE.parent / "templates"),
        instance_path=str(HERE.parent / "instance"),
    )
    app.config.update(LIMITS)
    app.config.update(FIXED)
    app.config.update(settings)
    logs.set_up()
    clock.set_offset_file(app.config["CLOCK_OFFSET_FILE"])
    app.extensions["keyring"] = Keyring(app.config["ENCRYPTION_KEYS"], app.config["DIGEST_KEY"])
    app.extensions["mail"] = outgoing(app.config["MAIL_URL"], app.config["MAIL_FROM"])
    _bind_database(app)
    _bind_web(app)
    _bind_front(app)
    _register_ministry(app)
    cli.register(app)
    return app


def _bind_database(app: Flask) -> None:
    import_module("console.models")
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(url))
    db.init_app(app)
    migrate.init_app(app, db, directory=str(HERE.parent / "migrations"))
    with app.app_context():
        prepare_sqlite(db.engine)


def _bind_web(app: Flask) -> None:
    from console.web import (
        access,
        assets,
        error_pages,
        filters,
        headers,
        language,
        requests,
        sign_in,
        throttle,
    )

    requests.init_app(app)
    headers.init_app(app)
    error_pages.init_app(app)
    csrf.init_app(app)
    bootstrap.init_app(app)
    store = app.config["RATELIMIT_STORAGE_URI"]
    app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", throttle.storage_options(store))
    limiter.init_app(app)
    # No limit is for every view: those that have one count by themselves.
    asked_first = app.before_request_funcs[None]
    asked_first[:] = [one for one in asked_first if one != limiter._check_request_limit]
    filters.init_app(app)
    assets.init_app(app)
    language.init_app(app)
    sign_in.init_app(app)
    access.init_app(app)
    for name in web.BLUEPRINTS:
        app.register_blueprint(import_module(f"console.web.{name}").blueprint)


def _bind_front(app: Flask) -> None:
    """What stands before Flask, from the inside out: unchanged polls, then who really asks."""
    from console.queries.direct import Direct
    from console.queries.polled import KEPT, Polled
    from console.web import front

    with app.app_context():
        if Direct.possible(db.engine):
            app.extensions[KEPT] = Polled(Direct(db.engine))
            front.init_app(app, app.extensions[KEPT])
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def _register_ministry(app: Flask) -> None:
    # The one place that knows that the ministry is a mock.
    import_module("console.miit.mock").register(app)
