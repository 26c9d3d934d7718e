"""What the figures are made of: tallied days, the moves since, and how many orders there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from console.clock import china_day
from console.extensions import db
from console.models import Event, Order, OrderCount, Tally, TallyCursor
from console.rules.tallies import Move, names

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


def of_period(first: date, last: date, province: str) -> Counter[str]:
    """How often each name befell from one day to another, both included, as far as tallied."""
    query = (
        select(Tally.name, func.sum(Tally.count))
        .where(Tally.province == province, Tally.day >= first, Tally.day <= last)
        .group_by(Tally.name)
    )
    return Counter({name: int(total) for name, total in db.session.execute(query)})


def by_day(first: date, last: date, province: str, wanted: Sequence[str]) -> Counter[Key]:
    """The same of some names, day by day."""
    query = select(Tally.day, Tally.name, Tally.count).where(
        Tally.province == province,
        Tally.day >= first,
        Tally.day <= last,
        Tally.name.in_(wanted),
    )
    return Counter({(province, day, name): n for day, name, n in db.session.execute(query)})


def order_counts(now: datetime, province: str = "") -> Counted:
    """How many orders are in each state: as the worker counted last, or counted now."""
    query = select(OrderCount.state, func.sum(OrderCount.count), func.min(OrderCount.counted_at))
    query = query.where(OrderCount.counted_at > now - STALE).group_by(OrderCount.state)
    if province:
        query = query.where(OrderCount.province == province)
    rows = db.session.execute(query).all()
    if not rows:
        return Counted(_count_now(province), now)
    return Counted({state: int(count) for state, count, _at in rows}, min(row[2] for row in rows))


def _count_now(province: str) -> Mapping[str, int]:
    query = select(Order.state, func.count()).group_by(Order.state)
    if province:
        query = query.where(Order.province == province)
    return {state: count for state, count in db.session.execute(query)}
