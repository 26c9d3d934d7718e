"""What becomes of orders: believable stories, each a way through the table of moves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from console.rules.lifecycle import RETURNED_BY, Action, Role, State, target

_WHO = {
    Action.APPROVE: Role.REVIEWER,
    Action.RETURN: Role.REVIEWER,
    Action.LAPSE: Role.WORKER,
    Action.CANCEL: Role.WORKER,
    Action.HAND_OVER: Role.WORKER,
    Action.ALL_VERIFIED: Role.MINISTRY,
    Action.EXPIRE: Role.MINISTRY,
    Action.USE_UP_TRIES: Role.MINISTRY,
    Action.ACCEPT: Role.MINISTRY,
    Action.RETURN_BY_ADMINISTRATION: Role.MINISTRY,
}
VERIFIED = "approve hand-over all-verified"
# Of a hundred orders, how many take this way.
STORIES = (
    (58, f"submit {VERIFIED} accept"),
    (14, f"submit return resubmit {VERIFIED} accept"),
    (6, f"submit approve hand-over expire resubmit {VERIFIED} accept"),
    (6, f"submit {VERIFIED} return-by-administration resubmit {VERIFIED} accept"),
    (2, f"submit return resubmit return resubmit {VERIFIED} accept"),
    (5, "lapse"),
    (4, "discard"),
    (2, "submit return lapse"),
    (1, "submit withdraw discard"),
    (2, "submit approve hand-over use-up-tries cancel"),
)
# Mean hours in a state, where it is not a fixed time.
HOURS = {
    State.DRAFT: 20.0,
    State.IN_REVIEW: 9.0,
    State.APPROVED: 0.05,
    State.VERIFYING: 5.0,
    State.ADMINISTRATION_REVIEW: 190.0,
    State.RETURNED: 40.0,
}
FIXED = {Action.EXPIRE: 24.0, Action.LAPSE: 45 * 24.0, Action.CANCEL: 24.0}
REASONS = ("document-unclear", "address-incomplete", "site-name", "phone", "domain-holder")


@dataclass(frozen=True)
class Step:
    """One move; `after` is how long the order was in the state it leaves."""

    action: Action
    role: Role
    source: State | None
    to: State
    after: timedelta
    reasons: tuple[str, ...] = ()


def story(dice: random.Random, running: bool) -> Sequence[Step]:
    """A whole story to a final state or, `running`, to a state on the way."""
    words = dice.choices([words for _, words in STORIES], [share for share, _ in STORIES])[0]
    steps = [Step(Action.START, Role.APPLICANT, None, State.DRAFT, timedelta())]
    for word in words.split():
        steps.append(_step(dice, steps[-1].to, Action(word)))
    if running:
        # Cut so that each state is as likely as any other: a desk with everything on it.
        ways = {step.to: n for n, step in enumerate(steps[:-1], 1)}
        del steps[ways[dice.choice(list(ways))] :]
    return steps


def _step(dice: random.Random, source: State, action: Action) -> Step:
    role = _WHO.get(action, Role.APPLICANT)
    hours = FIXED.get(action) or dice.expovariate(1 / HOURS[source])
    reasons: tuple[str, ...] = ()
    if action in (Action.EXPIRE, Action.USE_UP_TRIES):
        reasons = ("expired" if action is Action.EXPIRE else "tries-used-up",)
    elif action in RETURNED_BY:
        reasons = (dice.choice(REASONS),)
    to = target(source, action, role)
    return Step(action, role, source, to, timedelta(hours=hours), reasons)
