"""What a person was told, and what they want to be told: `/notices`, `/account/notices`."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from console.queries import notices as queries
from console.queries.notices import NoticeRow
from console.rules.notices import Kind, Offer, offers_for
from console.services import notices as verbs
from console.web.notice_words import Words, words

blueprint = Blueprint("notices", __name__)

LONGEST_ID = 18


@dataclass(frozen=True)
class Line:
    """A notice as the list shows it."""

    row: NoticeRow
    words: Words


@dataclass(frozen=True)
class Choice:
    """A line of the matrix: what is offered, and what stands."""

    offer: Offer
    console: bool
    mail: bool


@blueprint.record_once
def _for_every_page(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]
    app.jinja_env.globals["unread_notices"] = unread_notices


def unread_notices() -> int | None:
    """For the bell; None where it cannot be told, since the error page has a header too."""
    if current_user.unread is not None:
        return int(current_user.unread)
    try:
        return queries.unread(current_user.id)
    except SQLAlchemyError:
        return None


@blueprint.get("/notices")
def index() -> ResponseReturnValue:
    """What one was told, newest first."""
    before = place(request.args.get("before", ""))
    rows, more = queries.notices_of(current_user.id, before)
    return render_template(
        "notices/index.html",
        lines=[Line(row, words(Kind(row.kind), row.data, row.number)) for row in rows],
        older=f"/notices?before={rows[-1].id}" if more else None,
        first=before is None,
    )


def place(text: str) -> int | None:
    """The id in an address or form, None for anything else: a list then begins at its top."""
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    return int(text) if plain else None


@blueprint.post("/notices/<int:notice_id>/open")
def opened(notice_id: int) -> ResponseReturnValue:
    """Mark as read, and lead to the order."""
    if notice_id >= 10**LONGEST_ID:
        notice_id = 0
    notice = verbs.open_notice(current_user.id, notice_id)
    number = queries.number_of_order(notice.order_id)
    return redirect(words(Kind(notice.kind), notice.data, number).path, 303)


@blueprint.post("/notices/read")
def read() -> ResponseReturnValue:
    """Mark everything that the page could show as read."""
    up_to = place(request.form.get("up_to", ""))
    if up_to is not None:
        verbs.read_all(current_user.id, up_to)
    return redirect("/notices", 303)


@blueprint.get("/account/notices")
def choices() -> ResponseReturnValue:
    """Which happenings one wants to be told of, in the console and by e-mail."""
    chosen = queries.choices_of(current_user.id)
    lines = []
    for offer in offers_for(_roles()):
        console, mail = chosen.get(offer.kind, (offer.console, offer.mail))
        lines.append(Choice(offer, console or offer.always, mail))
    return render_template(
        "notices/choices.html", lines=lines, mails_go_out=bool(current_app.config["MAIL_URL"])
    )


@blueprint.post("/account/notices")
def chosen() -> ResponseReturnValue:
    """Keep the choice."""
    console, mail = request.form.getlist("console"), request.form.getlist("mail")
    verbs.choose(
        current_user.id, _roles(), {kind: (kind in console, kind in mail) for kind in Kind}
    )
    flash(_("Your choice is kept."), "success")
    return redirect("/account/notices", 303)


def _roles() -> set[str]:
    return {role.name for role in current_user.roles}
