"""What happens at the ministry by itself: texts that are due, windows that end."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.miit.mock.expiry import due_orders, expire
from console.miit.mock.inbox import forget_texts, old_texts
from console.miit.mock.pictures import forget_used, old_pictures
from console.miit.mock.portal import fail
from console.miit.mock.sending import due_codes, locked_order, send_code
from console.miit.mock.store import reading, write
from console.miit.mock.tables import MinistryOrder, MinistryPerson
from console.miit.mock.throttle import forget_old, old_throttles

BATCH = 100
# An entry that was counted but whose answer was never given (the process died) is settled then.
UNANSWERED = timedelta(minutes=1)


def tick(now: datetime) -> bool:
    """Do what is due, a batch of each kind; True means that there is more.

    Safe to run twice and in two processes at once: each row is claimed in the transaction that
    acts on it.
    """
    with reading() as session:
        orders = list(due_orders(session, now, BATCH))
        codes = due_codes(session, now, BATCH)
        unanswered = _unanswered(session, now)
        untidy = (
            old_throttles(session, now) or old_pictures(session, now) or old_texts(session, now)
        )
    for order_id in orders:
        write(lambda s, order_id=order_id: _expire(s, order_id, now))  # type: ignore[misc]
    for code_id in codes:
        write(lambda s, code_id=code_id: send_code(s, code_id, now))  # type: ignore[misc]
    for person_id in unanswered:
        write(lambda s, person_id=person_id: _settle(s, person_id, now))  # type: ignore[misc]
    if untidy:
        write(lambda s: _tidy(s, now))
    return len(orders) == BATCH or len(codes) == BATCH or len(unanswered) == BATCH


def _tidy(session: Session, now: datetime) -> None:
    """Delete what only held for a while: throttles that are over, checks used up, old texts."""
    forget_old(session, now)
    forget_texts(session, now)
    forget_used(session, now)


def _expire(session: Session, order_id: int, now: datetime) -> bool:
    return expire(session, locked_order(session, order_id), now)


def _unanswered(session: Session, now: datetime) -> list[int]:
    return list(
        session.scalars(
            select(MinistryPerson.id)
            .join(MinistryOrder, MinistryOrder.id == MinistryPerson.order_id)
            .where(
                MinistryPerson.last_entry_at <= now - UNANSWERED,
                MinistryPerson.tries_used >= MinistryPerson.tries,
                MinistryPerson.verified_at.is_(None),
                MinistryPerson.failed_at.is_(None),
                MinistryOrder.state == "verifying",
            )
            .limit(BATCH)
        )
    )


def _settle(session: Session, person_id: int, now: datetime) -> bool:
    person = session.get_one(MinistryPerson, person_id)
    order = locked_order(session, person.order_id)
    session.refresh(person)
    still = person.verified_at is None and person.failed_at is None
    if order.state != "verifying" or not still or person.tries_used < person.tries:
        return False
    return fail(session, order, person, now)
