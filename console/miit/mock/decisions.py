"""The administration's decision on an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.errors import Changed, Conflict, Invalid, NotFound
from console.miit.gateway import EventKind
from console.miit.mock.effects import take_effect
from console.miit.mock.events import tell
from console.miit.mock.register import stands_in_the_way
from console.miit.mock.sending import locked_order
from console.miit.mock.store import write
from console.miit.mock.tables import MinistryOrder
from console.rules.filing import from_json
from console.rules.lifecycle import REASONS
from console.rules.strings import seen
from console.rules.text import T

NOTE_LENGTH = 1000


def decide(number: str, accept: bool, reasons: Sequence[str], note: str, now: datetime) -> None:
    """Accept or return the order with this number; the newest round that is here counts.

    Raises NotFound, Changed (it is not with the administration), Invalid (a return without a
    reason, an acceptance with one), Conflict (the register no longer allows it).
    """
    _check(accept, reasons, note)
    write(lambda session: _decide(session, _newest(session, number), accept, reasons, note, now))


def decide_reference(
    reference: str, accept: bool, reasons: Sequence[str], note: str, now: datetime
) -> None:
    """The same, for one order as the ministry names it."""
    _check(accept, reasons, note)
    write(
        lambda session: _decide(
            session, _by_reference(session, reference), accept, reasons, note, now
        )
    )


def _check(accept: bool, reasons: Sequence[str], note: str) -> None:
    if accept and reasons:
        raise Invalid(T("An acceptance has no reasons. Leave them out, or return the order."))
    if not accept and not reasons:
        raise Invalid(T("Choose at least one reason for the return."))
    for reason in reasons:
        if reason not in REASONS:
            raise Invalid(
                T(
                    "There is no reason %(code)s. Choose one of: %(known)s.",
                    code=reason,
                    known=", ".join(REASONS),
                )
            )
    if len(note) > NOTE_LENGTH:
        raise Invalid(T("Keep the note to %(most)s characters.", most=NOTE_LENGTH))


def _newest(session: Session, number: str) -> int:
    rows = session.execute(
        select(MinistryOrder.id, MinistryOrder.state)
        .where(MinistryOrder.number == number)
        .order_by(MinistryOrder.id.desc())
    ).all()
    if not number or not rows:
        raise NotFound(T("The ministry has no order %(number)s.", number=number))
    waiting = [order_id for order_id, state in rows if state == "administration"]
    return waiting[0] if waiting else rows[0][0]


def _by_reference(session: Session, reference: str) -> int:
    order_id = session.scalar(
        select(MinistryOrder.id).where(
            MinistryOrder.reference == reference, MinistryOrder.content.is_not(None)
        )
    )
    if order_id is None:
        raise NotFound(T("The ministry has no order %(number)s.", number=reference))
    return order_id


def _decide(
    session: Session,
    order_id: int,
    accept: bool,
    reasons: Sequence[str],
    note: str,
    now: datetime,
) -> None:
    order = locked_order(session, order_id)
    if order.state != "administration":
        raise Changed(
            T(
                "The order %(number)s is not with the administration, so nothing can be decided.",
                number=order.number,
            )
        )
    order.decided_at = now
    if not accept:
        _return(session, order, list(dict.fromkeys(reasons)), seen(note), now)
        return
    filing = from_json(order.content)
    if stands_in_the_way(session, order, filing):
        raise Conflict(
            T(
                "The register has changed since order %(number)s was received: it can no longer "
                "be accepted. Return it.",
                number=order.number,
            )
        )
    entity_number, service_numbers = take_effect(session, filing, now)
    order.state = "accepted"
    tell(
        session,
        now,
        order,
        EventKind.ACCEPTED,
        entity_number=entity_number,
        service_numbers=service_numbers,
    )


def _return(
    session: Session, order: MinistryOrder, reasons: list[str], note: str, now: datetime
) -> None:
    order.state = "returned"
    order.reasons = reasons
    order.note = note or None
    tell(session, now, order, EventKind.RETURNED, reasons=reasons, note=note)
