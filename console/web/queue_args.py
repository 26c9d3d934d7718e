"""What the address of the queue asks for: filters, sort and place, all from closed lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from console.queries.review import NEWEST, QUEUES, TIME_LEFT, WAITING, Chosen, Cursor
from console.rules.labels import FILING_TYPES
from console.rules.lifecycle import State
from console.rules.provinces import PROVINCES
from console.rules.text import T, Text

LONGEST_SEARCH = 253
MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
CURSOR = re.compile(r"([0-9T:.-]{26})_([0-9]{1,18})")
SORTS: Mapping[str, Text] = {
    WAITING: T("Longest waiting first"),
    NEWEST: T("Newest first"),
    TIME_LEFT: T("Least time left first"),
}
SWITCHED_ON = "1"


@dataclass(frozen=True)
class Place:
    """Where in the list: after one order or before it."""

    after: Cursor | None = None
    before: Cursor | None = None


def chosen(args: Mapping[str, str], account_id: int) -> Chosen:
    """The filters and the sort; what is on no list is as if it had not been asked for."""
    given = args.get("state")
    state = next((state for state in QUEUES if state.value == given), State.IN_REVIEW)
    sort = args.get("sort", "")
    return Chosen(
        state=state,
        type=_listed(args, "type", FILING_TYPES),
        province=_listed(args, "province", PROVINCES),
        mine=account_id if args.get("mine") == SWITCHED_ON else None,
        came_back=args.get("came-back") == SWITCHED_ON,
        sort=sort if sort in sorts_for(state) else next(iter(sorts_for(state))),
    )


def sorts_for(state: State) -> Mapping[str, Text]:
    """The sorts that make sense in a state; the first is what one gets unasked."""
    if state is State.VERIFYING:
        return {name: SORTS[name] for name in (TIME_LEFT, WAITING, NEWEST)}
    return {name: SORTS[name] for name in (WAITING, NEWEST)}


def _listed(args: Mapping[str, str], name: str, known: Mapping[str, object]) -> str:
    value = args.get(name, "")
    return value if value in known else ""


def place(args: Mapping[str, str]) -> Place:
    """Where in the list the address leads."""
    return Place(_cursor(args.get("after", "")), _cursor(args.get("before", "")))


def _cursor(text: str) -> Cursor | None:
    """A cursor from the address, None where it is not one of ours."""
    found = CURSOR.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], MOMENT).replace(tzinfo=UTC), int(found[2])
    except ValueError:
        return None


def plain(which: Chosen, here: Place | None = None) -> dict[str, str]:
    """The arguments that `chosen` and `place` read back, without what one gets unasked."""
    given = {
        "state": which.state.value,
        "type": which.type,
        "province": which.province,
        "mine": SWITCHED_ON if which.mine is not None else "",
        "came-back": SWITCHED_ON if which.came_back else "",
        "sort": which.sort if which.sort != next(iter(sorts_for(which.state))) else "",
    }
    for name in ("after", "before"):
        cursor = getattr(here, name) if here else None
        given[name] = written(cursor) if cursor else ""
    return {name: value for name, value in given.items() if value}


def written(cursor: Cursor) -> str:
    """A cursor as the address holds it."""
    return f"{cursor[0].astimezone(UTC).strftime(MOMENT)}_{cursor[1]}"


def query_string(which: Chosen, here: Place | None = None) -> str:
    """As `plain`, for an address."""
    return urlencode(plain(which, here))


def words(given: str) -> str:
    """What to look for, without characters that nothing that is looked for has."""
    return "".join(c for c in given.strip()[:LONGEST_SEARCH] if c.isprintable())
