"""The reviewers' queue: rows by keyset, so that the last page costs what the first does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from console.extensions import db
from console.models import Account, Mark, Order
from console.rules.lifecycle import State

PAGE = 25
MOST_COUNTED = 100  # exact totals would cost more than the page

# What reviewers look at: everything that was handed in and has not gone for good.
QUEUES = (
    State.IN_REVIEW,
    State.APPROVED,
    State.VERIFYING,
    State.ADMINISTRATION_REVIEW,
    State.RETURNED,
    State.ACCEPTED,
)


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


@dataclass(frozen=True)
class QueuePage:
    """Some lines, and the cursors of the pages around them, where there are any."""

    rows: Sequence[QueueRow]
    older: tuple[datetime, int] | None
    newer: tuple[datetime, int] | None


COLUMNS = tuple(getattr(Order, name) for name in QueueRow.__dataclass_fields__)


def queue(
    state: State,
    after: tuple[datetime, int] | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> QueuePage:
    """The orders in a state, longest there first; `after` and `before` are cursors."""
    query = select(*COLUMNS).where(Order.state == state.value)
    if before is not None:
        rows = _rows(_past(query, before, backwards=True).limit(limit + 1))
        more, rows = len(rows) > limit, rows[:limit][::-1]
        return QueuePage(rows, _cursor(rows, -1), _cursor(rows, 0) if more else None)
    rows = _rows(_past(query, after, backwards=False).limit(limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    return QueuePage(rows, _cursor(rows, -1) if more else None, _cursor(rows, 0) if after else None)


def _past(
    query: Select[tuple[object, ...]], cursor: tuple[datetime, int] | None, backwards: bool
) -> Select[tuple[object, ...]]:
    since, order_id = Order.state_since, Order.id
    if backwards:
        query = query.order_by(since.desc(), order_id.desc())
    else:
        query = query.order_by(since, order_id)
    if cursor is None:
        return query
    at, last = cursor
    if backwards:
        return query.where(or_(since < at, and_(since == at, order_id < last)))
    return query.where(or_(since > at, and_(since == at, order_id > last)))


def _rows(query: Select[tuple[object, ...]]) -> list[QueueRow]:
    return [QueueRow(**row) for row in db.session.execute(query).mappings()]


def _cursor(rows: Sequence[QueueRow], at: int) -> tuple[datetime, int] | None:
    return (rows[at].state_since, rows[at].id) if rows else None


def counts() -> Mapping[str, int]:
    """How many orders are in each queue, at most `MOST_COUNTED` counted."""
    limited = [
        select(literal(state.value).label("state"), func.count().label("total")).select_from(
            select(Order.id).where(Order.state == state.value).limit(MOST_COUNTED).subquery()
        )
        for state in QUEUES
    ]
    return {row.state: row.total for row in db.session.execute(union_all(*limited))}


def find(words: str, domain: str | None) -> Sequence[QueueRow]:
    """Orders handed in at least once with this number, or about this domain; newest first."""
    marked = select(Mark.order_id).where(Mark.purpose == "domain", Mark.value == (domain or ""))
    query = (
        select(*COLUMNS)
        .where(Order.round > 0, or_(Order.number == words.upper(), Order.id.in_(marked)))
        .order_by(Order.id.desc())
        .limit(PAGE)
    )
    return _rows(query)


def account_names(ids: Iterable[int | None]) -> Mapping[int, str]:
    """The addresses of some accounts, in clear: whoever shows them masks them."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.email).where(Account.id.in_(wanted)))
    return {row.id: row.email for row in rows}
