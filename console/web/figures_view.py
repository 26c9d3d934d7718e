"""The figures as tables, each with a chart that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from console.queries.accounts import account_names
from console.queries.figures import Figures, days
from console.rules.labels import STATES
from console.rules.lifecycle import REASONS, SYSTEM_REASONS, Action, State, reason_label
from console.rules.masking import mask_email
from console.rules.text import T, Text

ENDS: Mapping[str, Text] = {
    "verified": T("Verified within the window"),
    "expired": T("Time ran out"),
    "tries-used-up": T("Tries used up"),
    "withdrawn": T("Withdrawn meanwhile"),
    "open": T("Still being verified"),
}
BY_DAY = (State.IN_REVIEW, State.RETURNED, State.VERIFYING, State.ACCEPTED)


@dataclass(frozen=True)
class Table:
    """One figure: its head, its rows, and what of them the chart draws, by column."""

    key: str
    title: Text
    head: tuple[Text, ...]
    rows: Sequence[tuple[object, ...]]
    drawn: tuple[int, ...] = (1,)
    lying: bool = True


def tables(found: Figures, since: date, until: date, full: bool) -> list[Table]:
    """All figures. `full`: reviewers by their address, not masked."""
    return [
        Table(
            "now",
            T("Orders by state, now"),
            (T("State"), T("Orders")),
            [(STATES[state], count) for state, count in found.now_in.items()],
        ),
        _by_day(found, since, until),
        Table(
            "stages",
            T("Hours in each state"),
            (T("State"), T("Median"), T("90 of 100 within"), T("Orders")),
            [
                (STATES[one.state], _hours(one.median), _hours(one.p90), one.orders)
                for one in found.stages
            ],
        ),
        _verification(found),
        Table(
            "reasons",
            T("Returns by reason"),
            (T("Reason"), T("Returns")),
            [
                (reason_label(code), count)
                for code, count in found.reasons.most_common()
                if count and (code in REASONS or code in SYSTEM_REASONS)
            ],
        ),
        _load(found, full),
    ]


def _by_day(found: Figures, since: date, until: date) -> Table:
    return Table(
        "days",
        T("Orders that came into a state, by day"),
        (T("Day"), *(STATES[state] for state in BY_DAY)),
        [
            (
                day.isoformat(),
                *(found.by_day[day][state] if day in found.by_day else 0 for state in BY_DAY),
            )
            for day in days(since, until)
        ],
        drawn=tuple(range(1, len(BY_DAY) + 1)),
        lying=False,
    )


def _verification(found: Figures) -> Table:
    total = sum(count for end, count in found.verification.items() if end != "open")
    return Table(
        "verification",
        T("How verification ended"),
        (T("End"), T("Orders"), T("Share")),
        [
            (label, found.verification[end], _share(found.verification[end], total, end))
            for end, label in ENDS.items()
        ],
    )


def _share(count: int, total: int, end: str) -> str:
    return "–" if end == "open" or not total else f"{100 * count / total:.0f} %"


def _load(found: Figures, full: bool) -> Table:
    names = account_names(found.load) if found.load else {}
    return Table(
        "load",
        T("Decisions by reviewer"),
        (T("Reviewer"), T("Passed"), T("Returned")),
        [
            (
                names.get(key, "") if full else mask_email(names.get(key, "")),
                count[Action.APPROVE.value],
                count[Action.RETURN.value],
            )
            for key, count in sorted(found.load.items())
        ],
        drawn=(1, 2),
    )


def _hours(seconds: float) -> float:
    return round(seconds / 3600, 1)
