"""What a move adds to the figures: pure, so that it is counted alike now and long after.

Each move adds one to some names, for its day and province: `to:<state>`, `stay:<state>:<step>`,
`end:<how>` of a verification, `reason:<code>` of a return, `load:<reviewer>:<action>`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.rules.lifecycle import RETURNED_BY, Action, State

FINER = 1.05  # a stay is kept to within 2.5 %: steps that grow by as much each
REVIEW = {Action.APPROVE.value, Action.RETURN.value}
RETURNS = {action.value for action in RETURNED_BY}
# How an order's time at verification ended.
ENDS = {
    Action.ALL_VERIFIED.value: "verified",
    Action.EXPIRE.value: "expired",
    Action.USE_UP_TRIES.value: "tries-used-up",
    Action.WITHDRAW.value: "withdrawn",
}
UNSAID = {Action.EXPIRE.value: "expired", Action.USE_UP_TRIES.value: "tries-used-up"}


@dataclass(frozen=True)
class Move:
    """One move of an order. `since`: when it came into the state it leaves, where it was in one."""

    at: datetime
    action: str
    source: str | None
    to: str
    actor_id: int | None
    reasons: Sequence[str]
    since: datetime | None


def names(move: Move) -> Iterator[str]:
    """All names that one move adds one to."""
    yield f"to:{move.to}"
    if move.since is not None:
        yield f"stay:{move.source}:{step((move.at - move.since).total_seconds())}"
    if move.source == State.VERIFYING and move.action in ENDS:
        yield f"end:{ENDS[move.action]}"
    if move.action in RETURNS:
        given = move.reasons or [UNSAID[move.action]] if move.action in UNSAID else move.reasons
        yield from (f"reason:{code}" for code in given)
    if move.action in REVIEW and move.actor_id is not None:
        yield f"load:{move.actor_id}:{move.action}"


def step(seconds: float) -> int:
    """The step that a stay falls into; all below a second are the first."""
    return round(math.log(max(1.0, seconds), FINER))


def share(stays: Mapping[int, int], part: float) -> float:
    """The seconds within which this part of all stays ended (nearest rank); 0 where there are none.

    `stays`: how many fell into each step.
    """
    rank = max(1, math.ceil(part * sum(stays.values())))
    for one in sorted(stays):
        rank -= stays[one]
        if rank <= 0:
            return FINER**one
    return 0.0
