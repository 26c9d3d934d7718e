"""What happens at the ministry by itself: texts that are due, windows that end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from console.keyring import DataDamaged, KeyMissing
from console.miit.mock.expiry import due_orders, expire
from console.miit.mock.inbox import forget_texts, old_texts
from console.miit.mock.pictures import KEPT, forget_used, old_pictures
from console.miit.mock.portal import fail
from console.miit.mock.sending import due_codes, locked_order, put_off, send_code
from console.miit.mock.store import reading, write
from console.miit.mock.tables import MinistryOrder, MinistryPerson
from console.miit.mock.throttle import WAIT, forget_old, old_throttles
from console.rules.retention import MOCK_TEXTS
from console.types import Moment, moment

log = logging.getLogger(__name__)

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


def _tidy(session: Session, now: datetime) -> None:
    """Delete what only held for a while: throttles that are over, checks used up, old texts."""
    forget_old(session, now)
    forget_texts(session, now)
    forget_used(session, now)


def _expire(session: Session, order_id: int, now: datetime) -> None:
    expire(session, locked_order(session, order_id), now)


def _settle(session: Session, person_id: int, now: datetime) -> None:
    unread = [defer(MinistryPerson.mobile)]
    person = session.get_one(MinistryPerson, person_id, options=unread)
    order = locked_order(session, person.order_id)
    session.refresh(person)
    still = person.verified_at is None and person.failed_at is None
    if order.state == "verifying" and still and person.tries_used >= person.tries:
        fail(session, order, person, now)


# What may be due, and how long ago its moment must have been.
_DUE: dict[str, tuple[Callable[[Moment], Select[Any]], timedelta]] = {
    "orders": (due_orders, timedelta()),
    "codes": (due_codes, timedelta()),
    "people": (unanswered, UNANSWERED),
    "throttles": (old_throttles, WAIT),
    "pictures": (old_pictures, KEPT),
    "texts": (old_texts, MOCK_TEXTS),
}
# One question for all of it, since mostly nothing is.
_ANYTHING = select(
    *(which(moment(name)).order_by(None).exists().label(name) for name, (which, _) in _DUE.items())
)


def _send(session: Session, code_id: int, now: datetime) -> None:
    try:
        send_code(session, code_id, now)
    except (KeyMissing, DataDamaged):
        log.exception("code %s of the ministry cannot be sent and is put off", code_id)
        put_off(session, code_id, now)


_WORK = {"orders": _expire, "codes": _send, "people": _settle}


def tick(now: datetime) -> bool:
    """Do what is due, a batch of each kind; True means that there is more.

    Safe to run twice and in two processes at once: each row is claimed in the transaction that
    acts on it.
    """
    until = {name: now - ago for name, (_, ago) in _DUE.items()}
    with reading() as session:
        due = session.execute(_ANYTHING, until).one()._mapping
        rows = {
            name: session.scalars(_DUE[name][0](until[name]).limit(BATCH)).all()
            for name in _WORK
            if due[name]
        }
    for name, found in rows.items():
        for id_ in found:
            write(lambda s, work=_WORK[name], id_=id_: work(s, id_, now))  # type: ignore[misc]
    if due["throttles"] or due["pictures"] or due["texts"]:
        write(lambda s: _tidy(s, now))
    return any(len(found) == BATCH for found in rows.values())
