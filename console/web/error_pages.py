"""One place where refusals become statuses, and every error a page or a fragment in the look."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from console import errors
from console.keyring import DataDamaged, KeyMissing
from console.queries.health import let_go
from console.web.access import refuse_strangers
from console.web.filters import say
from console.web.kept import stale_token
from console.web.on_record import put_on_record

log = logging.getLogger(__name__)

STATUS: dict[type[errors.Refusal], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Changed: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.Throttled: 429,
    errors.Busy: 503,
}
RETRY_AFTER_BUSY = 5  # seconds
READ_ONLY = "25006"  # read_only_sql_transaction (PostgreSQL docs, appendix A)


@dataclass(frozen=True)
class Words:
    """What a status is called and what the person can do."""

    title: object
    advice: object


WORDS: dict[int, Words] = {
    400: Words(
        _l("That request could not be read"),
        _l("Go back, reload the page and try again. What you typed is still in the form."),
    ),
    403: Words(
        _l("Your account is not allowed to do this"),
        _l("Sign in with another account, or ask an administrator for the role."),
    ),
    404: Words(
        _l("There is no such page"),
        _l("Check the address. It may also be that the page is not meant for this account."),
    ),
    405: Words(_l("That cannot be done here"), _l("Go back and use the buttons of the page.")),
    409: Words(_l("This has changed"), _l("Look at it as it is now, then decide.")),
    413: Words(
        _l("That is too large"), _l("Send less at once: fewer files, smaller files, shorter text.")
    ),
    422: Words(_l("This cannot be accepted yet"), _l("Go back and check what you entered.")),
    429: Words(_l("Too many attempts"), _l("Wait a little before you try again.")),
    500: Words(
        _l("Something went wrong on our side"),
        _l("Nothing was half done. Try again; if it stays, tell us the number below."),
    ),
    503: Words(_l("The console is busy"), _l("Nothing was changed. Try again in a moment.")),
}
# What is stored and cannot be read: a key may come back, and until then it is out of service.
UNREADABLE: dict[type[Exception], tuple[int, Words]] = {
    KeyMissing: (
        503,
        Words(
            _l("This cannot be read at present"),
            _l(
                "It is encrypted with a key that this console was not given. It may well be whole,"
                " and everything else can be used. Tell us the number below."
            ),
        ),
    ),
    DataDamaged: (
        500,
        Words(
            _l("This cannot be read"),
            _l(
                "What is stored here is damaged. Everything else can be used. Tell us the number"
                " below."
            ),
        ),
    ),
}


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.Refusal, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(OverflowError, _unreadable)
    app.register_error_handler(PoolTimeout, _out_of_service)
    for kind in UNREADABLE:
        app.register_error_handler(kind, _illegible)
    app.register_error_handler(Exception, _unexpected)


def _refusal(refusal: errors.Refusal) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 422)
    headers = {}
    if isinstance(refusal, errors.Throttled):
        headers["Retry-After"] = str(refusal.retry_after)
    elif isinstance(refusal, errors.Busy):
        headers["Retry-After"] = str(RETRY_AFTER_BUSY)
    elif status in {403, 429}:
        log.warning("refused", extra={"fields": {"refusal": type(refusal).__name__}})
    if isinstance(refusal, errors.NotAllowed):
        put_on_record("not-allowed")
    elif isinstance(refusal, errors.NoSuchOrder):
        put_on_record("no-such-order")
    return _page(status, say(refusal.text)), status, headers


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    log.warning("refused", extra={"fields": {"refusal": "form-token"}})
    text = _("The form was open in another session. Reload the page, then send it again.")
    # Who signed out in another window has no token any more: htmx is told where to go.
    signed_out = request.headers.get("HX-Request") and refuse_strangers()
    return signed_out or stale_token() or (_page(400, text), 400)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    kept = {"Allow", "Retry-After"}
    headers = [(name, value) for name, value in error.get_headers() if name in kept]
    return _page(status), status, headers


def _database(error: DBAPIError) -> ResponseReturnValue:
    """A database that cannot be reached, is full or read-only is out of service, not a fault."""
    away = type(error).__name__ == "OperationalError"
    if type(error).__name__ == "DataError":
        return _unreadable(error)
    if not (away or getattr(error.orig, "sqlstate", None) == READ_ONLY):
        let_go()
        return _unexpected(error)
    return _out_of_service(error)


def _unreadable(error: Exception) -> ResponseReturnValue:
    """What was sent holds a character or a number that no database can keep."""
    let_go()
    log.warning("refused", extra={"fields": {"refusal": type(error).__name__}})
    return _page(400), 400


def _out_of_service(error: Exception) -> ResponseReturnValue:
    let_go()
    log.error("database", exc_info=error)
    if "_login_user" not in g:
        _ask_nobody()  # who it is was being asked when the database failed
    return _page(503), 503, {"Retry-After": str(RETRY_AFTER_BUSY)}


def _ask_nobody() -> None:
    """Let the error page be for whomever: what is known of the person may have to be read anew."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def _illegible(error: Exception) -> ResponseReturnValue:
    """What is stored and was asked for is damaged, or under a key that is not here."""
    log.error("unreadable", exc_info=error)
    status, words = UNREADABLE[type(error)]
    return _page(status, words=words), status


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", exc_info=error)
    return _page(InternalServerError.code), 500


def _page(status: int, text: str | None = None, words: Words | None = None) -> str:
    """The error in the look: a fragment for htmx, else a page; a bare one if even that fails."""
    values = {
        "status": status,
        "words": words or WORDS.get(status) or WORDS[400 if status < 500 else 500],
        "text": text,
        "request_id": g.get("request_id", ""),
    }
    template = "errors/_error.html" if request.headers.get("HX-Request") else "errors/error.html"
    if isinstance(request.routing_exception, SecurityError):
        return _bare(values)  # no address can be built here
    try:
        return render_template(template, **values)
    except Exception:
        log.exception("error page")
        _ask_nobody()
        return _bare(values)


def _bare(values: dict[str, object]) -> str:
    """The page without the context processors: some of them look things up."""
    return current_app.jinja_env.get_template("errors/bare.html").render(**values)
