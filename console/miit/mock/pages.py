"""The ministry's portal: entering a code, and asking for a new one."""

from __future__ import annotations

import time

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded

from console import clock
from console.errors import Throttled
from console.extensions import limiter
from console.miit.mock import portal, resending
from console.miit.mock.answers import RESEND, VERIFY, Answer, Words
from console.miit.mock.codes import mobile_digest
from console.miit.mock.forms import ResendForm, VerifyForm
from console.miit.mock.pictures import new_check, opened, passed, picture
from console.miit.mock.settings import book_on

miit = Blueprint("miit", __name__, url_prefix="/miit")

# One address may try for many people (an office), one mobile number is few people's business.
# What a mobile's verifications allow is counted by the ministry; this only keeps floods out.
OF_ADDRESS = "300 per minute; 1000 per hour"
VERIFY_OF_MOBILE = "60 per minute; 300 per hour"
RESEND_OF_MOBILE = "30 per minute; 100 per hour"
# Every answer is given at a whole step, so that its time tells nothing of what was found.
STEP = 0.05


def of_mobile() -> str:
    """What the limit of a mobile number goes by; the number itself goes nowhere."""
    return "mobile " + mobile_digest(request.form.get("mobile", "")[:64])


@miit.route("/verify", methods=["GET", "POST"])
@limiter.limit(OF_ADDRESS, methods=["POST"])
@limiter.limit(VERIFY_OF_MOBILE, key_func=of_mobile, methods=["POST"])
def verify() -> str | Response:
    """Enter a code."""
    book = book_on(clock.now())
    asks = book is not None and book.captcha_verify
    form = VerifyForm()
    if not _complete(form, asks):
        return _page("miit/verify.html", form, asks)
    began = time.monotonic()
    answer = portal.verify(form.mobile.data, form.last_six.data, form.code.data, clock.now())
    return _answered(VERIFY[answer], answer, "miit.verify", began)


@miit.route("/resend", methods=["GET", "POST"])
@limiter.limit(OF_ADDRESS, methods=["POST"])
@limiter.limit(RESEND_OF_MOBILE, key_func=of_mobile, methods=["POST"])
def resend() -> str | Response:
    """Ask for a new code."""
    book = book_on(clock.now())
    asks = book is not None and book.captcha_resend
    form = ResendForm()
    if not _complete(form, asks):
        return _page("miit/resend.html", form, asks)
    began = time.monotonic()
    answer = resending.resend(form.mobile.data, form.last_six.data, clock.now())
    return _answered(RESEND[answer], answer, "miit.resend", began)


@miit.get("/picture/<token>.png")
def show_picture(token: str) -> Response:
    """The picture of a check. Whether one is asked for goes by the day, never by the mobile."""
    content = opened(token, clock.now())
    if content is None:
        abort(404)
    response = make_response(picture(content))
    response.mimetype = "image/png"
    response.headers["Cache-Control"] = "no-store"
    return response


def _complete(form: ResendForm, asks: bool) -> bool:
    """Whether the entry can be put to the ministry: nothing missing, the picture check passed."""
    if not form.validate_on_submit():
        return False
    if not asks or passed(form.captcha_token.data or "", form.captcha.data or "", clock.now()):
        return True
    form.captcha.errors = [
        *form.captcha.errors,
        _("Enter the letters of the new picture, or the sum as a number"),
    ]
    return False


def _page(template: str, form: ResendForm, asks: bool) -> str | Response:
    check = new_check(clock.now()) if asks else None
    if check is not None:
        form.captcha.data, form.captcha_token.data = "", check.token
    status = 422 if request.method == "POST" else 200
    return make_response(
        render_template(template, form=form, check=check, book=book_on(clock.now())), status
    )


def _answered(words: Words, answer: Answer, again: str, began: float) -> Response:
    """The answer as a page: of nothing but the answer, so that equal answers are equal bytes."""
    page = make_response(
        render_template("miit/answer.html", words=words, answer=answer.value, again=again)
    )
    time.sleep(STEP - (time.monotonic() - began) % STEP)
    return page


@miit.errorhandler(RateLimitExceeded)
def too_often(error: RateLimitExceeded) -> Response:
    """Too many entries from one address or for one mobile number."""
    seconds = error.limit.limit.get_expiry() if error.limit else 60
    return _wait(int(seconds))


@miit.errorhandler(Throttled)
def throttled(error: Throttled) -> Response:
    """Too many guesses of a code, under a book that does not count them as tries."""
    return _wait(error.retry_after)


def _wait(seconds: int) -> Response:
    current_app.logger.warning("entries at the ministry's portal throttled: %s", request.endpoint)
    minutes = -(-seconds // 60)
    response = make_response(
        render_template("miit/wait.html", minutes=minutes, again=request.endpoint), 429
    )
    response.headers["Retry-After"] = str(seconds)
    return response
