"""What a leader can do through their own link, without an account."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from werkzeug.wrappers import Response

from console import clock
from console.errors import Conflict, NotFound
from console.rules.lifecycle import State
from console.rules.text import T
from console.services.books import book_named
from console.services.confirming import confirm, report_wrong_person
from console.services.leader_languages import choose_language
from console.web import throttle
from console.web.confirm_form import ConfirmForm
from console.web.filters import say
from console.web.ical import CalendarEvent, calendar
from console.web.portal_links import portal_links
from console.web.status import leader_page, order_of, viewer_or_404
from console.web.tokens import Viewer

blueprint = Blueprint("leader", __name__)

REMINDERS = (timedelta(hours=4), timedelta(hours=1))
HTML_LANGUAGE = {"en": "en", "zh_Hans_CN": "zh-Hans"}


@blueprint.post("/status/<token>/confirm")
def confirmed(token: str) -> ResponseReturnValue:
    """Compare what a leader entered with what was submitted about them. Throttled."""
    viewer = _leader_or_404(token)
    throttle.count(throttle.CONFIRM_PER_ADDRESS, request.remote_addr or "")
    with force_locale(viewer.language):
        form = ConfirmForm(request.form)
        if not form.validate():
            return leader_page(viewer, token, form), 422
        entries = (form.mobile.data or "", form.last_six.data or "")
        try:
            matched = confirm(viewer.order_id, viewer.epoch, viewer.kind, *entries)
        except Conflict as refusal:
            return leader_page(viewer, token, form.refused(refusal.text)), 409
        if not matched:
            return leader_page(viewer, token, form.mismatched()), 422
    return redirect(url_for("status.page", token=token), 303)


@blueprint.post("/status/<token>/wrong-person")
def wrong_person(token: str) -> ResponseReturnValue:
    """Take the word of whoever got a link that is not theirs. Throttled."""
    viewer = _leader_or_404(token)
    throttle.count(throttle.REPORT_PER_ADDRESS, request.remote_addr or "")
    report_wrong_person(viewer.order_id, viewer.epoch, viewer.kind)
    return redirect(url_for("status.page", token=token), 303)


@blueprint.post("/status/<token>/language")
def language(token: str) -> ResponseReturnValue:
    """Keep the language that a leader reads: on this page and in later mails. Throttled."""
    viewer = _leader_or_404(token)
    throttle.count(throttle.REPORT_PER_ADDRESS, request.remote_addr or "")
    wanted = request.form.get("language", "")
    choose_language(viewer.order_id, viewer.epoch, viewer.kind, wanted)
    return redirect(url_for("status.page", token=token), 303)


@blueprint.get("/status/<token>/qr.svg")
def qr(token: str) -> ResponseReturnValue:
    """A leader's link as a picture, to be scanned from the applicant's screen."""
    _leader_or_404(token)
    link = f"{current_app.config['BASE_URL']}{url_for('status.page', token=token)}"
    drawn = io.BytesIO()
    # Black on white whatever the page's colours are: cameras want the contrast and the margin.
    segno.make_qr(link, error="m").save(
        drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.get("/status/<token>/deadline.ics")
def deadline(token: str) -> ResponseReturnValue:
    """The deadline for a calendar, without a word about people. 404 while there is none."""
    viewer, _version = viewer_or_404(token)
    order, now = order_of(viewer), clock.now()
    if State(order.state) is not State.VERIFYING or order.deadline is None:
        raise NotFound(T("There is no deadline now."))
    portal = portal_links(book_named(order.rulebook), order.province)
    host = portal.host if portal else ""
    with force_locale(viewer.language):
        event = CalendarEvent(
            uid=f"{order.number}-{order.round}@{urlsplit(current_app.config['BASE_URL']).hostname}",
            stamp=now,
            at=order.deadline,
            title=say(T("ICP filing %(number)s: time to verify ends", number=order.number)),
            text=say(_ADVICE[viewer.is_leader](host)),
            reminders=REMINDERS,
            sequence=order.revision,
        )
    return _file(
        calendar(event, current_app.config["PROVIDER_NAME"], HTML_LANGUAGE[viewer.language]),
        f"verify-{order.number}.ics",
    )


_ADVICE: dict[bool, Any] = {
    True: lambda host: T(
        "Enter the code from the text message at %(host)s before this moment, or the order"
        " starts again.",
        host=host,
    ),
    False: lambda host: T(
        "Everyone on the list must verify at %(host)s before this moment, or the order starts"
        " again.",
        host=host,
    ),
}


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _leader_or_404(token: str) -> Viewer:
    viewer, _version = viewer_or_404(token)
    if not viewer.is_leader:
        raise NotFound(T("This link has ended. Ask the applicant for a new one."))
    return viewer
