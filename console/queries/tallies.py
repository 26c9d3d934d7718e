"""What the figures are made of: tallied days, the moves since, and how many orders there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, String, bindparam, func, select

from console.clock import china_day
from console.extensions import db
from console.models import Event, Order, OrderCount, Tally, TallyCursor
from console.queries.together import Together
from console.rules.lifecycle import State
from console.rules.tallies import Move, names
from console.types import UTCDateTime

# A count older than this is not shown: no worker is there to count anew.
STALE = timedelta(minutes=10)
Key = tuple[str, date, str]  # province ("" for all), day, name


@dataclass(frozen=True)
class Counted:
    """How many orders are in each state, and when they were counted."""

    by_state: Mapping[str, int]
    at: datetime


def cursor() -> int:
    """The last event that was tallied."""
    return db.session.scalar(select(TallyCursor.event_id)) or 0


def moves_after(event_id: int, until: int | None, limit: int) -> Sequence[Any]:
    """The moves after an event, as rows with their order's province; up to another, if given."""
    query = (
        select(
            Event.id,
            Event.order_id,
            Event.at,
            Event.action,
            Event.from_state,
            Event.to_state,
            Event.actor_id,
            Event.data,
            Order.province,
        )
        .join(Order, Order.id == Event.order_id)
        .where(Event.id > event_id, Event.to_state.is_not(None))
        .order_by(Event.id)
        .limit(limit)
    )
    if until is not None:
        query = query.where(Event.id <= until)
    return db.session.execute(query).all()


def tally(rows: Sequence[Any]) -> Counter[Key]:
    """What some moves (`moves_after`) add to the figures."""
    found: Counter[Key] = Counter()
    since = _entered(rows)
    for row in rows:
        move = Move(
            row.at,
            row.action,
            row.from_state,
            row.to_state,
            row.actor_id,
            row.data.get("reasons", ()),
            since.get(row.order_id),
        )
        since[row.order_id] = row.at
        day = china_day(row.at)
        for name in names(move):
            for province in {"", row.province}:
                found[province, day, name] += 1
    return found


def _entered(rows: Sequence[Any]) -> dict[int, datetime]:
    """When the orders of these moves came into the states they were in before the first."""
    if not rows:
        return {}
    query = (
        select(Event.order_id, func.max(Event.at).label("at"))
        .where(
            Event.order_id.in_({row.order_id for row in rows}),
            Event.id < rows[0].id,
            Event.to_state.is_not(None),
        )
        .group_by(Event.order_id)
    )
    return {row.order_id or 0: row.at for row in db.session.execute(query)}


_PROVINCE = bindparam("province", type_=String)
_IN_PERIOD = (
    Tally.province == _PROVINCE,
    Tally.day >= bindparam("first", type_=Date),
    Tally.day <= bindparam("last", type_=Date),
)
_CURSOR = select(TallyCursor.event_id)
_OF_PERIOD = (
    select(Tally.name, func.sum(Tally.count).label("total")).where(*_IN_PERIOD).group_by(Tally.name)
)
_BY_DAY = select(Tally.day, Tally.name, Tally.count).where(
    *_IN_PERIOD, Tally.name.in_([f"to:{state.value}" for state in State])
)
_COUNTED = (
    select(
        OrderCount.state,
        func.sum(OrderCount.count).label("total"),
        func.min(OrderCount.counted_at).label("at"),
    )
    .where(OrderCount.counted_at > bindparam("fresh", type_=UTCDateTime))
    .where((_PROVINCE == "") | (OrderCount.province == _PROVINCE))
    .group_by(OrderCount.state)
)
_TALLIED = Together(_CURSOR, _OF_PERIOD, _BY_DAY, _COUNTED)


@dataclass(frozen=True)
class Tallied:
    """What was tallied up to the event `cursor`: how often each name befell in a period, the states
    that were come into (`to:STATE`) also day by day; and how many orders there are."""

    cursor: int
    of_period: Counter[str]
    by_day: Mapping[tuple[date, str], int]
    counted: Counted


def tallied(first: date, last: date, now: datetime, province: str) -> Tallied:
    """All that is kept of the days from one to another, both included; one question as a rule."""
    cursors, totals, days, counts = _TALLIED(
        province=province, first=first, last=last, fresh=now - STALE
    )
    return Tallied(
        cursor=cursors[0][0] if cursors else 0,
        of_period=Counter({name: int(total) for name, total in totals}),
        by_day={(day, name): count for day, name, count in days},
        counted=_counted(counts, now, province),
    )


def order_counts(now: datetime, province: str = "") -> Counted:
    """How many orders are in each state: as the worker counted last, or counted now."""
    values = {"province": province, "fresh": now - STALE}
    return _counted(db.session.execute(_COUNTED, values).all(), now, province)


def _counted(rows: Sequence[Any], now: datetime, province: str) -> Counted:
    if not rows:
        return Counted(_count_now(province), now)
    return Counted({state: int(count) for state, count, _at in rows}, min(row[2] for row in rows))


def _count_now(province: str) -> Mapping[str, int]:
    query = select(Order.state, func.count()).group_by(Order.state)
    if province:
        query = query.where(Order.province == province)
    return {state: count for state, count in db.session.execute(query)}
