"""What happens at the ministry by itself: texts that are due, windows that end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from console.miit.mock.expiry import due_orders, expire
from console.miit.mock.inbox import forget_texts, old_texts
from console.miit.mock.pictures import KEPT, forget_used, old_pictures
from console.miit.mock.portal import fail
from console.miit.mock.sending import due_codes, locked_order, send_code
from console.miit.mock.store import reading, write
from console.miit.mock.tables import MinistryOrder, MinistryPerson
from console.miit.mock.throttle import WAIT, forget_old, old_throttles
from console.rules.retention import MOCK_TEXTS
from console.types import Moment, moment

BATCH = 100
# An entry that was counted but whose answer was never given (the process died) is settled then.
UNANSWERED = timedelta(minutes=1)


def unanswered(until: Moment) -> Select[int]:
    """The people with no try left since then who were told neither that they verified nor that
    they failed."""
    return (
        select(MinistryPerson.id)
        .join(MinistryOrder, MinistryOrder.id == MinistryPerson.order_id)
        .where(
            MinistryPerson.last_entry_at <= until,
            MinistryPerson.tries_used >= MinistryPerson.tries,
            MinistryPerson.verified_at.is_(None),
            MinistryPerson.failed_at.is_(None),
            MinistryOrder.state == "verifying",
        )
    )


# How long ago what each question is about must have been, to be due.
_AGO = {
    "orders": timedelta(0),
    "codes": timedelta(0),
    "people": UNANSWERED,
    "throttles": WAIT,
    "pictures": KEPT,
    "texts": MOCK_TEXTS,
}
_QUESTIONS: dict[str, Select[Any]] = {
    "orders": due_orders(moment("orders")),
    "codes": due_codes(moment("codes")),
    "people": unanswered(moment("people")),
    "throttles": old_throttles(moment("throttles")),
    "pictures": old_pictures(moment("pictures")),
    "texts": old_texts(moment("texts")),
}
# One question for all of it, since mostly nothing is due.
_ANYTHING = select(
    *(asked.order_by(None).exists().label(name) for name, asked in _QUESTIONS.items())
)


def tick(now: datetime) -> bool:
    """Do what is due, a batch of each kind; True means that there is more.

    Safe to run twice and in two processes at once: each row is claimed in the transaction that
    acts on it.
    """
    moments = {name: now - ago for name, ago in _AGO.items()}
    with reading() as session:
        due = session.execute(_ANYTHING, moments).one()._mapping
        rows = {
            name: session.scalars(_QUESTIONS[name].limit(BATCH), moments).all() if due[name] else ()
            for name in ("orders", "codes", "people")
        }
    for order_id in rows["orders"]:
        write(lambda s, order_id=order_id: _expire(s, order_id, now))  # type: ignore[misc]
    for code_id in rows["codes"]:
        write(lambda s, code_id=code_id: send_code(s, code_id, now))  # type: ignore[misc]
    for person_id in rows["people"]:
        write(lambda s, person_id=person_id: _settle(s, person_id, now))  # type: ignore[misc]
    if due["throttles"] or due["pictures"] or due["texts"]:
        write(lambda s: _tidy(s, now))
    return any(len(found) == BATCH for found in rows.values())


def _tidy(session: Session, now: datetime) -> None:
    """Delete what only held for a while: throttles that are over, checks used up, old texts."""
    forget_old(session, now)
    forget_texts(session, now)
    forget_used(session, now)


def _expire(session: Session, order_id: int, now: datetime) -> bool:
    return expire(session, locked_order(session, order_id), now)


def _settle(session: Session, person_id: int, now: datetime) -> bool:
    person = session.get_one(MinistryPerson, person_id)
    order = locked_order(session, person.order_id)
    session.refresh(person)
    still = person.verified_at is None and person.failed_at is None
    if order.state != "verifying" or not still or person.tries_used < person.tries:
        return False
    return fail(session, order, person, now)
