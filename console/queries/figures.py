"""Figures of a period and a province: the tallied days, and the moves that were not tallied yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from console.queries.tallies import moves_after, tallied, tally
from console.rules.lifecycle import State
from console.rules.tallies import share

MOST = 20_000  # moves that are read besides what is tallied: a worker leaves a few seconds' worth


@dataclass(frozen=True)
class Stage:
    """How long orders stayed in a state, in seconds, to within 2.5 %."""

    state: str
    orders: int
    median: float
    p90: float


@dataclass
class Figures:
    """All figures of one page. `counted_at`: when the orders by state were counted.

    `cut`: the worker is so far behind that the newest moves are missing.
    """

    now_in: Mapping[str, int]
    counted_at: datetime
    by_day: dict[date, Counter[str]] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    verification: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    load: dict[int, Counter[str]] = field(default_factory=dict)
    cut: bool = False


def figures(first: date, last: date, now: datetime, province: str = "") -> Figures:
    """The figures of what befell from one day in China to another, both included."""
    kept = tallied(first, last, now, province)
    counts = kept.counted.by_state
    now_in = {state.value: counts[state.value] for state in State if counts.get(state.value)}
    found = Figures(now_in, kept.counted.at)
    rows = moves_after(kept.cursor, None, MOST)
    found.cut = len(rows) == MOST
    total, days_ = kept.of_period, Counter(kept.by_day)
    for (where, day, name), count in tally(rows).items():
        if where == province and first <= day <= last:
            total[name] += count
            days_[day, name] += count
    for (day, name), count in days_.items():
        kind, _, state = name.partition(":")
        if kind == "to":
            found.by_day.setdefault(day, Counter())[state] += count
    _read(found, total)
    found.verification["open"] = now_in.get(State.VERIFYING.value, 0)
    return found


def _read(found: Figures, total: Counter[str]) -> None:
    stays: dict[str, Counter[int]] = {}
    for name, count in total.items():
        kind, _, rest = name.partition(":")
        what, _, more = rest.rpartition(":")
        if kind == "stay":
            stays.setdefault(what, Counter())[int(more)] += count
        elif kind == "load":
            found.load.setdefault(int(what), Counter())[more] += count
        elif kind == "end":
            found.verification[rest] += count
        elif kind == "reason":
            found.reasons[rest] += count
    found.stages = [
        Stage(state, stays[state].total(), share(stays[state], 0.5), share(stays[state], 0.9))
        for state in State
        if state in stays
    ]


def days(since: date, until: date) -> list[date]:
    """Every day of the period, both ends included."""
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]
