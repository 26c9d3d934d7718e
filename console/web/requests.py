"""Each request gets a number, and one line in the log that holds nothing about people."""

from __future__ import annotations

import secrets
import time

from flask import Flask, Response, abort, current_app, g, request

from console.logs import access
from console.services.trail import acting_from
from console.web import metrics

# Several files may come at once; nothing else needs that much.
TAKES_FILES = {"materials.added", "materials.replaced"}


def init_app(app: Flask) -> None:
    """Number requests before anything else looks at them."""
    metrics.init_app(app)
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: acting_from(""))


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.started = time.monotonic()
    acting_from(request.remote_addr or "")
    if request.is_json:  # Flask-WTF would read a form out of it, whatever shape its values have
        abort(415)
    if request.mimetype == "application/x-www-form-urlencoded":
        _limit_plain_form()
    elif request.endpoint in TAKES_FILES:
        request.max_content_length = current_app.config["MAX_UPLOAD_LENGTH"]


def _limit_plain_form() -> None:
    """The limits on a form's memory and parts, which by themselves are for multipart alone."""
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if "Transfer-Encoding" in request.headers:
        abort(411)  # what is beyond the limit would be left out without a word
    if sum(map(len, request.form.listvalues())) > current_app.config["MAX_FORM_PARTS"]:
        abort(413)


def _end(response: Response) -> Response:
    # The rule, not the path: paths hold order numbers and tokens.
    rule = request.url_rule.rule if request.url_rule else None
    spent = time.monotonic() - g.get("started", time.monotonic())
    current_app.extensions["requests"].count(request.method, response.status_code, spent)
    access(
        request_id=g.get("request_id"),
        method=request.method if request.method in metrics.METHODS else "other",
        rule=rule,
        status=response.status_code,
        milliseconds=round(1000 * spent, 1),
    )
    return response
