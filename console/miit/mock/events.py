"""What the ministry tells, and when it can be read."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from console.keyring import DataDamaged
from console.miit.gateway import EventKind, MinistryEvent
from console.miit.mock.settings import delay
from console.miit.mock.store import Fault, faulty, next_value
from console.miit.mock.tables import MinistryEventRow, MinistryOrder
from console.rules.rulebook import load_books

log = logging.getLogger(__name__)

# With the fault `lagging-answers` an answer cannot be read before it is this old.
LAG = timedelta(minutes=15)
# With the fault `repeated-events` this many that were read before come again.
REPEATED = 5


def tell(
    session: Session,
    now: datetime,
    order: MinistryOrder,
    kind: EventKind,
    verifier: str | None = None,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """Record an event about an order; `at` is when it befell.

    At the pace `real` it can be read only after the book's lag of answers.
    """
    lag = load_books()[order.book].answer_lag_minutes if order.book else (0, 0)
    session.add(
        MinistryEventRow(
            sequence=next_value(session, "events"),
            key=order.key,
            kind=kind.value,
            verifier=verifier,
            data=data,
            at=at or now,
            recorded_at=now,
            available_at=now + delay(lag),
        )
    )
    session.flush()


def read_events(session: Session, now: datetime, after: int, limit: int) -> Sequence[MinistryEvent]:
    """The events after a cursor, in order, up to the first that cannot be read yet."""
    lagging = faulty(session, Fault.LAGGING_ANSWERS)
    query = select(MinistryEventRow).where(MinistryEventRow.sequence > after).limit(limit)
    rows = _rows(session, query)
    fresh: list[MinistryEvent] = []
    for row in rows:
        # A clock that was set back must not hold back what was readable already: what was
        # recorded "in the future" is as old as it can be.
        waits = row.recorded_at <= now < row.available_at
        if waits or (lagging and row.recorded_at <= now < row.recorded_at + LAG):
            break
        fresh.append(_event(row))
    if fresh and faulty(session, Fault.REPEATED_EVENTS):
        return [*_earlier(session, after), *fresh, *fresh[-REPEATED:]]
    return fresh


def _earlier(session: Session, after: int) -> list[MinistryEvent]:
    query = select(MinistryEventRow).where(
        MinistryEventRow.sequence <= after, MinistryEventRow.sequence > after - REPEATED
    )
    return [_event(row) for row in _rows(session, query)]


def _rows(session: Session, query: Select[MinistryEventRow]) -> Sequence[MinistryEventRow]:
    """The rows in order; where one is damaged, `data` is read of each alone."""
    query = query.order_by(MinistryEventRow.sequence)
    try:
        return session.scalars(query).all()
    except DataDamaged:
        return session.scalars(query.options(defer(MinistryEventRow.data))).all()


def _data(row: MinistryEventRow) -> Any:
    """What an event holds; nothing where it is damaged, so that those behind it are told."""
    try:
        return row.data
    except DataDamaged:
        log.exception("event %s of the ministry is damaged", row.sequence)
        return {}


def _event(row: MinistryEventRow) -> MinistryEvent:
    return MinistryEvent(
        sequence=row.sequence,
        key=row.key,
        kind=EventKind(row.kind),
        at=row.at,
        verifier=row.verifier,
        data=_data(row),
    )
