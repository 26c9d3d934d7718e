"""Earlier returns of an order: why, at what they pointed, and whether that was mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.queries.desk import Past
from console.queries.orders import EventLine
from console.rules.bilingual import Bilingual
from console.rules.changes import differences
from console.rules.filing import Filing
from console.rules.labels import ACTIONS
from console.rules.lifecycle import REASONS, SYSTEM_REASONS, Action, reason_label
from console.rules.return_points import PAPERS, points_of, split
from console.rules.text import Text
from console.web.field_words import where

RETURNS = {Action.RETURN.value, Action.RETURN_BY_ADMINISTRATION.value, Action.REFUSE.value}
HANDED_IN = {Action.SUBMIT.value, Action.RESUBMIT.value, Action.RESUBMIT_UNMODIFIED.value}
MENDED, UNTOUCHED, UNKNOWN = "changed", "unchanged", "unknown"


@dataclass(frozen=True)
class Point:
    """A field or paper that a reason points at, and what became of it since."""

    key: str
    part: Text | Bilingual | str
    label: Text | Bilingual | str
    service: int | None
    state: str


@dataclass(frozen=True)
class Why:
    """One reason of a return. `state`: what became of what it points at, taken together."""

    code: str
    label: Text
    points: tuple[Point, ...]
    state: str


@dataclass(frozen=True)
class Returned:
    """One return."""

    at: datetime
    what: Text
    by: str
    round: int
    reasons: tuple[Why, ...]


def point_words(key: str) -> tuple[Text | Bilingual | str, Text | Bilingual | str, int | None]:
    """The part, the answer or paper, and the service that a point is about."""
    field, service = split(key)
    part, label = where(field)
    return part, label, service


def returns(
    events: Sequence[EventLine],
    past: Past,
    now: Filing,
    papers_changed: Mapping[str, int],
    names: Mapping[int, str],
) -> list[Returned]:
    """The returns, newest first. `papers_changed`: the round since which a paper is there."""
    found, round_ = [], 0
    for event in events:
        if event.action in HANDED_IN:
            round_ += 1
        if event.action not in RETURNS:
            continue
        was = past.get(round_)
        found.append(
            Returned(
                at=event.at,
                what=ACTIONS[event.action],
                by=names.get(event.actor_id or 0, ""),
                round=round_,
                reasons=tuple(
                    _why(code, event.data, was, now, round_, papers_changed)
                    for code in event.data.get("reasons", ())
                    if code in REASONS or code in SYSTEM_REASONS
                ),
            )
        )
    return found[::-1]


def _why(
    code: str,
    data: Mapping[str, Any],
    was: Filing | None,
    now: Filing,
    round_: int,
    papers: Mapping[str, int],
) -> Why:
    told = [one for one in data.get("details", ()) if one.get("reason") == code]
    keys = [key for one in told for key in (*one.get("fields", ()), *one.get("materials", ()))]
    touched = _touched(was, now) if was is not None else None
    points = tuple(
        Point(key, *point_words(key), _state(key, touched, round_, papers))
        for key in keys or points_of(code, was or now)
    )
    if not keys:  # no one said at what: only what was touched tells anything
        points = tuple(point for point in points if point.state == MENDED)
    states = {point.state for point in points}
    if not points:
        overall = UNKNOWN if touched is None else UNTOUCHED
    else:
        overall = MENDED if states == {MENDED} else UNTOUCHED
    return Why(code, reason_label(code), points, overall)


def _touched(was: Filing, now: Filing) -> set[str]:
    return {
        one.field if one.service is None else f"{one.field}:{one.service}"
        for one in differences(was, now)
    }


def _state(key: str, touched: set[str] | None, round_: int, papers: Mapping[str, int]) -> str:
    if key.startswith(f"{PAPERS}-"):
        return MENDED if papers.get(key, 0) > round_ else UNTOUCHED
    if touched is None:
        return UNKNOWN
    return MENDED if key in touched else UNTOUCHED
