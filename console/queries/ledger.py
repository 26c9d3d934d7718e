"""The hand-over ledger: what was to be told outside, how often it was tried, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from console.extensions import db
from console.models import Delivery, DeliveryAttempt, Order
from console.queries.orders import ORDER, columns
from console.queries.overlooked import STUCK, stuck

PAGE = 25
MOST_ATTEMPTS = 12  # of each delivery, the newest
MOST_OF_ORDER = 50  # of one order, the newest


@dataclass(frozen=True)
class DeliveryRow:
    """One thing to tell. `key` is what makes a repeat harmless for the receiver."""

    id: int
    order_number: str
    kind: str
    key: str
    created_at: datetime
    due_at: datetime
    leased_until: datetime | None
    held_at: datetime | None
    attempts: int
    outcome: str | None
    done_at: datetime | None


@dataclass(frozen=True)
class AttemptRow:
    """One time it was sent."""

    delivery_id: int
    at: datetime
    outcome: str
    answer: str
    next_at: datetime | None


Ledger = tuple[Sequence[DeliveryRow], dict[int, list[AttemptRow]]]
COLUMNS = (
    Delivery.id,
    Order.number.label("order_number"),
    *(
        getattr(Delivery, name)
        for name in DeliveryRow.__dataclass_fields__
        if name not in ("id", "order_number")
    ),
)


OF_ORDER = (
    select(*COLUMNS)
    .join(Order, Order.id == Delivery.order_id)
    .where(Delivery.order_id == ORDER)
    .order_by(Delivery.id.desc())
    .limit(MOST_OF_ORDER)
)
_ATTEMPT = (DeliveryAttempt.id, *columns(DeliveryAttempt, AttemptRow))
OF_ORDER_ATTEMPTS = (
    select(*_ATTEMPT)
    .join(Delivery, Delivery.id == DeliveryAttempt.delivery_id)
    .where(Delivery.order_id == ORDER)
    .order_by(DeliveryAttempt.id.desc())
    .limit(MOST_ATTEMPTS * MOST_OF_ORDER)
)


def with_attempts(rows: Sequence[tuple[Any, ...]], attempts: Sequence[tuple[Any, ...]]) -> Ledger:
    """What `OF_ORDER` and `OF_ORDER_ATTEMPTS` gave, newest first."""
    found = [DeliveryRow(*row) for row in reversed(rows)]
    return found, _sorted_in(found, [AttemptRow(*row[1:]) for row in reversed(attempts)])


def page(
    now: datetime, waiting: str = "", kind: str = "", before: int | None = None
) -> tuple[Ledger, int | None]:
    """A page of the ledger, newest first, and the cursor of the next.

    `waiting`: "open" for what is not settled, "stuck" for what has not been for an hour.
    """
    query = _query()
    if waiting == "stuck":
        query = query.where(*stuck(now - STUCK))
    elif waiting == "open":
        query = query.where(Delivery.done_at.is_(None))
    if kind:
        query = query.where(Delivery.kind == kind)
    if before is not None:
        query = query.where(Delivery.id < before)
    rows, attempts = _with_attempts(query, PAGE + 1)
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return (rows, attempts), rows[-1].id if more else None


def _query() -> Select[tuple[object, ...]]:
    return select(*COLUMNS).join(Order, Order.id == Delivery.order_id).order_by(Delivery.id.desc())


def _with_attempts(query: Select[tuple[object, ...]], limit: int) -> Ledger:
    rows = [DeliveryRow(**row) for row in db.session.execute(query.limit(limit)).mappings()]
    wanted = (
        select(*_ATTEMPT)
        .where(DeliveryAttempt.delivery_id.in_([row.id for row in rows]))
        .order_by(DeliveryAttempt.id.desc())
        .limit(MOST_ATTEMPTS * limit)
    )
    attempts = db.session.execute(wanted).all() if rows else ()
    return rows, _sorted_in(rows, [AttemptRow(*row[1:]) for row in attempts])


def _sorted_in(
    rows: Sequence[DeliveryRow], attempts: Sequence[AttemptRow]
) -> dict[int, list[AttemptRow]]:
    found: dict[int, list[AttemptRow]] = {row.id: [] for row in rows}
    for attempt in attempts:
        shown = found.get(attempt.delivery_id)
        if shown is not None and len(shown) < MOST_ATTEMPTS:
            shown.append(attempt)
    return found
