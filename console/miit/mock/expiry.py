"""The window's end, kept for good at the first touch after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from console.miit.gateway import EventKind
from console.miit.mock.events import tell
from console.miit.mock.sending import locked_order
from console.miit.mock.tables import MinistryOrder, MinistryPerson
from console.types import Moment


def expire(session: Session, order: MinistryOrder, now: datetime) -> None:
    """Expire a locked order whose deadline has come; a clock set back does not revive it."""
    if order.state != "verifying" or order.deadline is None or now < order.deadline:
        return
    order.state = "expired"
    tell(
        session,
        now,
        order,
        EventKind.EXPIRED,
        at=order.deadline,
        fell_due=order.deadline.isoformat(),
    )


def due_orders(now: Moment) -> Select[int]:
    """The orders whose window has passed without the ministry having said so, oldest first."""
    return (
        select(MinistryOrder.id)
        .where(MinistryOrder.state == "verifying", MinistryOrder.deadline <= now)
        .order_by(MinistryOrder.deadline)
    )


def expire_of_mobile(session: Session, digest: str, now: datetime) -> None:
    """Expire what is due of one mobile number: an entry is a touch."""
    due = session.scalars(
        select(MinistryOrder.id)
        .join(MinistryPerson, MinistryPerson.order_id == MinistryOrder.id)
        .where(
            MinistryPerson.mobile_digest == digest,
            MinistryOrder.state == "verifying",
            MinistryOrder.deadline <= now,
        )
        .distinct()
        .order_by(MinistryOrder.id)
    )
    for order_id in due.all():
        expire(session, locked_order(session, order_id), now)
