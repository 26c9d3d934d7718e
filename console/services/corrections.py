"""Which answers and papers of a returned order are open, and opening all of them."""

from __future__ import annotations

from sqlalchemy import exists, select

from console import clock
from console.errors import Changed, Refusal
from console.extensions import db
from console.models import Event, Material, Order
from console.rules.checks import REFUSE, check_filing
from console.rules.corrections import Opened, closed_changes, opened, paper_is_open
from console.rules.filing import Filing
from console.rules.lifecycle import State
from console.rules.text import T
from console.services.actors import Actor
from console.services.books import book_on
from console.services.contents import as_handed_over, filing_of
from console.services.loading import order_for
from console.services.moves import record, touch
from console.transactions import verb

OPEN_ALL = "open-all"


def open_points(order: Order) -> Opened | None:
    """What of an order can be corrected; None where everything can."""
    if State(order.state) is not State.RETURNED or not order.return_details or _all_open(order):
        return None
    filing = filing_of(order)
    return opened(filing, order.reasons, order.return_details, _refused(order, filing))


def _refused(order: Order, filing: Filing) -> list[str]:
    today = clock.china_day(clock.now())
    found = check_filing(as_handed_over(order, filing), today, book_on(today))
    return [
        one.field if one.service is None else f"{one.field}:{one.service}"
        for one in found
        if one.severity == REFUSE
    ]


def _all_open(order: Order) -> bool:
    since = exists().where(
        Event.order_id == order.id, Event.action == OPEN_ALL, Event.at >= order.state_since
    )
    return bool(db.session.scalar(select(since)))


def refuse_closed(order: Order, before: Filing, after: Filing) -> None:
    """Raise Refusal where an edit touches what the return leaves closed."""
    if closed_changes(open_points(order), before, after):
        raise _closed()


def refuse_closed_paper(order: Order, paper: Material) -> None:
    """Raise Refusal for a paper that was handed in and that the return leaves closed."""
    if paper.round_first <= order.round and not paper_is_open(open_points(order), paper.slot):
        raise _closed()


def _closed() -> Refusal:
    return Refusal(
        T(
            "The return leaves this closed: it stays as you submitted it. If it must change too,"
            " open the whole order first."
        )
    )


@verb
def open_all(actor: Actor, number: str, revision: int) -> None:
    """Open every answer of a returned order, because something else must change as well.

    Reviewers see in the history that it was done. Raises Changed when it is not returned any more.
    """
    order = order_for(actor, number, revision)
    if State(order.state) is not State.RETURNED:
        raise Changed()
    if open_points(order) is not None:
        now = clock.now()
        touch(order, now)
        record([order.id], OPEN_ALL, actor, {order.id: now})
