"""The reviewers' queue: rows by keyset, so that the last page costs what the first does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, literal_column, select, tuple_

from console.extensions import db
from console.models import Order
from console.models.orders import BEING_VERIFIED
from console.rules.lifecycle import State

PAGE = 50

# What reviewers look at: everything that was handed in and has not gone for good.
QUEUES = (
    State.IN_REVIEW,
    State.APPROVED,
    State.VERIFYING,
    State.ADMINISTRATION_REVIEW,
    State.RETURNED,
    State.ACCEPTED,
)
WAITING, NEWEST, TIME_LEFT = "waiting", "newest", "time-left"
# A cursor: the moment a list is sorted by, and the order's id.
Cursor = tuple[datetime, int]


@dataclass(frozen=True)
class Chosen:
    """What of the queue is asked for. `mine`: the account that decided last."""

    state: State = State.IN_REVIEW
    type: str = ""
    province: str = ""
    mine: int | None = None
    came_back: bool = False
    sort: str = WAITING


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue."""

    id: int
    number: str
    type: str
    state: str
    label: str
    province: str
    round: int
    state_since: datetime
    deadline: datetime | None
    returned_by: str | None
    applicant_id: int
    claimed_by_id: int | None
    claimed_at: datetime | None
    reviewer_id: int | None
    revision: int


@dataclass(frozen=True)
class QueuePage:
    """Some lines, and the cursors of the pages around them, where there are any."""

    rows: Sequence[QueueRow]
    older: Cursor | None
    newer: Cursor | None


COLUMNS = tuple(getattr(Order, name) for name in QueueRow.__dataclass_fields__)


def matching(chosen: Chosen) -> Select[Any]:
    """The orders that the filters leave, in no order yet. Every filter has an index."""
    by_time = chosen.sort == TIME_LEFT
    query = select(*COLUMNS)
    query = query.where(BEING_VERIFIED if by_time else Order.state == chosen.state.value)
    if chosen.type:
        query = query.where(_type(chosen) == chosen.type)
    if chosen.province:
        query = query.where(Order.province == chosen.province)
    if chosen.mine is not None:
        query = query.where(Order.reviewer_id == chosen.mine)
    if chosen.came_back:
        query = query.where(Order.round > literal_column("1"))  # its index holds no others
    if by_time:
        query = query.where(Order.deadline.is_not(None))
    return query


def _type(chosen: Chosen) -> ColumnElement[str]:
    # SQLite does not see how few of an index by type are one reviewer's: with a plus it takes none.
    # What is sorted by time left is in small indexes of its own.
    mine = chosen.mine is not None and chosen.sort != TIME_LEFT
    unseen = mine and db.engine.dialect.name == "sqlite"
    return literal_column("+orders.type", String) if unseen else Order.type.expression


def sorted_by(chosen: Chosen) -> tuple[Any, bool]:
    """The column the list is sorted by, and whether the greatest comes first."""
    if chosen.sort == TIME_LEFT:
        return Order.deadline, False
    return Order.state_since, chosen.sort == NEWEST


def queue(
    chosen: Chosen,
    after: Cursor | None = None,
    before: Cursor | None = None,
    limit: int = PAGE,
) -> QueuePage:
    """One page of the orders in a state; `after` and `before` are cursors."""
    column, descending = sorted_by(chosen)
    query = matching(chosen)
    if before is not None:
        rows = _rows(_past(query, column, before, not descending).limit(limit + 1))
        more, rows = len(rows) > limit, rows[:limit][::-1]
        older, newer = _cursor(rows, -1, column), _cursor(rows, 0, column) if more else None
        return QueuePage(rows, older, newer)
    rows = _rows(_past(query, column, after, descending).limit(limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    older = _cursor(rows, -1, column) if more else None
    return QueuePage(rows, older, _cursor(rows, 0, column) if after else None)


def _past(query: Select[Any], column: Any, cursor: Cursor | None, descending: bool) -> Select[Any]:
    by, order_id = (column, Order.id) if not descending else (column.desc(), Order.id.desc())
    query = query.order_by(by, order_id)
    if cursor is None:
        return query
    # As one value: thousands may share a moment, and both databases step over those in the index.
    here, there = tuple_(column, Order.id), tuple_(*cursor)
    return query.where(here < there if descending else here > there)


def _rows(query: Select[Any]) -> list[QueueRow]:
    return [QueueRow(**row) for row in db.session.execute(query).mappings()]


def _cursor(rows: Sequence[QueueRow], at: int, column: Any) -> Cursor | None:
    return (getattr(rows[at], column.key), rows[at].id) if rows else None


def every(chosen: Chosen, limit: int) -> Iterable[QueueRow]:
    """All that the filters leave, as one list that is read as it goes, at most `limit`."""
    column, descending = sorted_by(chosen)
    query = _past(matching(chosen), column, None, descending).limit(limit)
    for row in db.session.execute(query.execution_options(yield_per=500)).mappings():
        yield QueueRow(**row)
