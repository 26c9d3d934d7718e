"""The road of an order as stages: where it has been, where it stands, where it came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.queries.orders import EventLine
from console.rules.labels import RETURNED_BY, STATES
from console.rules.lifecycle import ReturnedBy, State
from console.rules.text import T, Text

STAGES: tuple[tuple[State, Text], ...] = (
    (State.DRAFT, T("Filling in")),
    (State.IN_REVIEW, T("First review")),
    (State.APPROVED, T("Hand-over")),
    (State.VERIFYING, T("Verification")),
    (State.ADMINISTRATION_REVIEW, T("Administration")),
    (State.ACCEPTED, T("Accepted")),
)
PLACES = {state: place for place, (state, _) in enumerate(STAGES)}
VERIFICATION = PLACES[State.VERIFYING]


@dataclass(frozen=True)
class Stage:
    """One stage. `state` is done, now, next, wrong (came back or ended here) or skipped."""

    key: str
    label: Text
    state: str
    at: datetime | None = None
    note: Text | None = None


def stages(events: Sequence[EventLine], state: State, returned_by: str | None) -> tuple[Stage, ...]:
    """The stages of an order from what happened to it, oldest event first."""
    reached = _reached(events)
    here = max(reached, default=0)
    return tuple(
        Stage(key.value, label, mark, at=reached.get(place), note=note)
        for place, (key, label) in enumerate(STAGES)
        for mark, note in [_mark(place, here, reached, state, returned_by)]
    )


def _reached(events: Sequence[EventLine]) -> dict[int, datetime]:
    """When each stage was entered last; going back forgets what lay ahead."""
    reached: dict[int, datetime] = {}
    for event in events:
        place = PLACES.get(State(event.to_state)) if event.to_state else None
        if place is not None:
            reached = {known: at for known, at in reached.items() if known < place}
            reached[place] = event.at
    return reached


def _mark(
    place: int, here: int, reached: dict[int, datetime], state: State, returned_by: str | None
) -> tuple[str, Text | None]:
    if place == VERIFICATION and here > VERIFICATION and place not in reached:
        return "skipped", T("Not needed")
    if place < here or state is State.ACCEPTED:
        return "done", None
    if place > here:
        return "next", None
    if state is State.RETURNED:
        return "wrong", RETURNED_BY[ReturnedBy(returned_by)] if returned_by else STATES[state]
    if state in (State.CANCELLED, State.LAPSED):
        return "wrong", STATES[state]
    return "now", None
