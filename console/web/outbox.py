"""The outbox: every mail as it was or would have been sent; for rehearsals, like the phone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.keyring import DataDamaged, KeyMissing
from console.models import Account, AccountLetter, Delivery
from console.outside.mail import KEPT, SENT, Mail
from console.queries.accounts import letters
from console.queries.notices import mails
from console.queries.orders import by_id
from console.rules.text import T, Text
from console.services.account_letters import leaving_of
from console.services.letters import Letter
from console.services.mailing import REFUSED
from console.services.outbox import GAVE_UP, TOO_LATE, TRY_LATER
from console.web import account_mail
from console.web.mail_view import draw
from console.web.notices import place

blueprint = Blueprint("outbox", __name__)

OUTCOMES: dict[str | None, Text] = {
    None: T("Waits to be sent"),
    SENT: T("Sent"),
    KEPT: T("Would have been sent: no mail server is set"),
    TRY_LATER: T("The mail server did not take it; it is tried again"),
    "error": T("It could not be sent; it is tried again"),
    REFUSED: T("Refused by the mail server"),
    GAVE_UP: T("Given up after many attempts"),
    TOO_LATE: T("Not sent: it was no longer true"),
}


@dataclass(frozen=True)
class Line:
    """A mail with what came of it. `link`: the address it leads to."""

    delivery: Delivery | AccountLetter
    kind: str
    mail: Mail
    link: str
    outcome: Text


@blueprint.get("/outbox")
def index() -> ResponseReturnValue:
    """Mails, newest first. Served with MIIT_PAGES alone: they hold leaders' links.

    A mail is worded anew each time: its link is the one that is good now.
    """
    if not current_app.config["MIIT_PAGES"]:
        abort(404)
    before = place(request.args.get("before", ""))
    rows, more = mails(before)
    return render_template(
        "notices/outbox.html",
        lines=[_line(row) for row in rows if not _deleted(row)],
        older=f"/outbox?before={rows[-1].id}" if more else None,
        first=before is None,
        account_mails=[_account_line(*row) for row in letters()] if before is None else [],
    )


def _account_line(letter: AccountLetter, account: Account) -> Line:
    mail = _legible(lambda: account_mail.draw(leaving_of(letter, account)), letter)
    outcome = OUTCOMES.get(letter.outcome) or T("Not sent")
    return Line(letter, letter.kind, mail, _link(mail), outcome)


def _deleted(delivery: Delivery) -> bool:
    """Whether it was of an order whose answers were deleted: its mails were too."""
    with suppress(KeyMissing, DataDamaged):
        return not delivery.payload
    return False


def _line(delivery: Delivery) -> Line:
    mail = _legible(lambda: _worded(delivery), delivery)
    return Line(delivery, delivery.kind, mail, _link(mail), OUTCOMES[delivery.outcome])


def _worded(delivery: Delivery) -> Mail:
    order = by_id(delivery.order_id)
    assert order is not None, "a mail is about an order"
    return draw(Letter.of(delivery.payload), order, delivery.key)


def _legible(drawn: Callable[[], Mail], row: Delivery | AccountLetter) -> Mail:
    """The mail, or one that says that what it is made of cannot be read."""
    try:
        return drawn()
    except (KeyMissing, DataDamaged):
        return Mail("", _("(cannot be read)"), "", "", "", row.created_at)


def _link(mail: Mail) -> str:
    base = current_app.config["BASE_URL"]
    link = next((word for word in mail.text.split() if word.startswith(f"{base}/")), "")
    return link.removeprefix(base)
