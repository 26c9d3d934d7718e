"""Figures of a period and a province, from the moves that the trail holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from console.clock import china_day
from console.extensions import db
from console.models import Event, Order
from console.rules.lifecycle import RETURNED_BY, Action, State

MOST = 200_000  # moves that are read for one page of figures
REVIEW = {Action.APPROVE.value, Action.RETURN.value}
RETURNS = {action.value for action in RETURNED_BY}
# How an order's time at verification ended.
ENDS = {
    Action.ALL_VERIFIED.value: "verified",
    Action.EXPIRE.value: "expired",
    Action.USE_UP_TRIES.value: "tries-used-up",
    Action.WITHDRAW.value: "withdrawn",
}


@dataclass(frozen=True)
class Stage:
    """How long orders stayed in a state, in seconds."""

    state: str
    orders: int
    median: float
    p90: float


@dataclass
class Figures:
    """All figures of one page. `cut`: there were more moves than are read."""

    now_in: Mapping[str, int] = field(default_factory=dict)
    by_day: dict[date, Counter[str]] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    verification: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    load: dict[int, Counter[str]] = field(default_factory=dict)
    cut: bool = False


def figures(since: datetime, until: datetime, province: str = "") -> Figures:
    """The figures of the moves between two moments, `until` not included."""
    found = Figures(now_in=_now_in(province))
    entered: dict[int, tuple[str, datetime]] = {}
    stays: dict[str, list[float]] = {}
    count = 0
    for row in _moves(since, until, province):
        count += 1
        day = found.by_day.setdefault(china_day(row.at), Counter())
        day[row.to_state] += 1
        _stay(entered, stays, row)
        _outcome(found, row)
    found.cut = count == MOST
    found.verification["open"] = sum(
        1 for state, _at in entered.values() if state == State.VERIFYING
    )
    found.stages = [_stage(state, stays[state]) for state in State if state in stays]
    return found


def _stay(
    entered: dict[int, tuple[str, datetime]], stays: dict[str, list[float]], row: Any
) -> None:
    if row.order_id in entered:
        state, at = entered[row.order_id]
        stays.setdefault(state, []).append(max(0.0, (row.at - at).total_seconds()))
    entered[row.order_id] = (row.to_state, row.at)


def _outcome(found: Figures, row: Any) -> None:
    if row.from_state == State.VERIFYING and row.action in ENDS:
        found.verification[ENDS[row.action]] += 1
    if row.action in RETURNS:
        found.reasons.update(row.data.get("reasons", ()))
        if row.action == Action.EXPIRE:
            found.reasons["expired"] += not row.data.get("reasons")
        if row.action == Action.USE_UP_TRIES:
            found.reasons["tries-used-up"] += not row.data.get("reasons")
    if row.action in REVIEW and row.actor_id is not None:
        found.load.setdefault(row.actor_id, Counter())[row.action] += 1


def _stage(state: str, seconds: Sequence[float]) -> Stage:
    ordered = sorted(seconds)
    return Stage(state, len(ordered), _share(ordered, 0.5), _share(ordered, 0.9))


def _share(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of all lies (nearest rank)."""
    rank = max(1, -int(-share * len(ordered) // 1))
    return ordered[min(rank, len(ordered)) - 1]


def _moves(since: datetime, until: datetime, province: str) -> Iterator[Any]:
    query = (
        select(
            Event.order_id,
            Event.at,
            Event.action,
            Event.from_state,
            Event.to_state,
            Event.actor_id,
            Event.data,
        )
        .where(Event.at >= since, Event.at < until, Event.to_state.is_not(None))
        .order_by(Event.at, Event.id)
        .limit(MOST)
    )
    if province:
        query = query.join(Order, Order.id == Event.order_id).where(Order.province == province)
    yield from db.session.execute(query.execution_options(yield_per=1000))


def _now_in(province: str) -> Mapping[str, int]:
    query = select(Order.state, func.count()).group_by(Order.state)
    if province:
        query = query.where(Order.province == province)
    counted = {state: count for state, count in db.session.execute(query)}
    return {state.value: counted[state.value] for state in State if state.value in counted}


def days(since: date, until: date) -> list[date]:
    """Every day of the period, both ends included."""
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]
