"""A line of the applicant's list: whose turn it is, what to do next, by when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from console.queries.orders import OrderRow
from console.queries.own_orders import Place
from console.rules.labels import FILING_TYPES, STATES, TURNS
from console.rules.lifecycle import State
from console.rules.text import T, Text
from console.web.return_view import ByWhen, by_when

CURSOR = re.compile(r"(by-)?([0-9]{8}T[0-9]{12})-([0-9]{1,12})")
MOMENT = "%Y%m%dT%H%M%S%f"

# What the applicant does next, and where.
NEXT: dict[State, tuple[Text, str]] = {
    State.DRAFT: (T("Continue filling in"), "/edit"),
    State.RETURNED: (T("See why and correct it"), "/edit/check"),
    State.IN_REVIEW: (T("Follow the first review"), ""),
    State.APPROVED: (T("Follow the hand-over"), ""),
    State.VERIFYING: (T("See who must verify"), ""),
    State.ADMINISTRATION_REVIEW: (T("Follow the administration's review"), ""),
    State.ACCEPTED: (T("See the ICP number"), ""),
    State.CANCELLED: (T("Look at it or start again"), ""),
    State.LAPSED: (T("Look at it or start again"), ""),
}
MINE: dict[State, Text] = {
    State.DRAFT: T("Your turn: complete the filing and submit it."),
    State.RETURNED: T("Your turn: see why it came back, correct it and submit again."),
}


@dataclass(frozen=True)
class Line:
    """What one line of the list shows."""

    row: OrderRow
    type_label: Text
    state_label: Text
    turn: Text
    next_label: Text
    next_url: str
    by_when: ByWhen | None
    mine: bool


def line(row: OrderRow) -> Line:
    """The line of an order."""
    state = State(row.state)
    label, path = NEXT[state]
    return Line(
        row=row,
        type_label=FILING_TYPES[row.type],
        state_label=STATES[state],
        turn=MINE.get(state, TURNS[state]),
        next_label=label,
        next_url=f"/orders/{row.number}{path}",
        by_when=by_when(row, has_rows=True),
        mine=state in MINE,
    )


def cursor(place: Place | None) -> str | None:
    """A page's place in the list, for the address."""
    if place is None:
        return None
    kind = "by-" if place.pressing else ""
    return f"{kind}{place.at.astimezone(UTC).strftime(MOMENT)}-{place.id}"


def read_cursor(text: str) -> Place | None:
    """The place that `cursor` wrote; None for anything else: the list then begins at its top."""
    found = CURSOR.fullmatch(text)
    if found is None:
        return None
    try:
        at = datetime.strptime(found[2], MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Place(bool(found[1]), at, int(found[3]))
