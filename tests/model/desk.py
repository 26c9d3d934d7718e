"""The reviewers' steps twice, the leaders' entries, and who may see what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from console.errors import Throttled
from console.services import review
from tests.model.console import Order, Telling
from tests.model.hands import REVIEWERS, Hands


def claim(hands: Hands, order: Order, who: str) -> None:
    """Take it for review."""
    review.claim(hands.actor(who, "reviewer"), order.number)


def may_claim(order: Order, who: str, now: datetime) -> str:
    """Not one's own, waiting for review, and nobody else's; a mere draft is not there."""
    if order.round == 0:
        return "NotFound"
    if order.owner == who:
        return "NotAllowed"
    free = order.state == "in-review" and order.holder(now) in (None, who)
    return "ok" if free else "Changed"


def decide(hands: Hands, order: Order, who: str, verb: str) -> None:
    """Approve, return, release, or hand on to the colleague."""
    actor = hands.actor(who, "reviewer")
    if verb == "approve":
        review.approve(actor, order.number)
    elif verb == "return":
        review.return_(actor, order.number, ["site-name"], "")
    elif verb == "release":
        review.release(actor, order.number)
    else:
        review.hand_on(actor, order.number, hands.ids[_colleague(who)])


def _colleague(who: str) -> str:
    return next(name for name in REVIEWERS if name != who)


def may_decide(order: Order, who: str, verb: str, now: datetime) -> str:
    """One's own claim, though it ran out, while nobody else has taken the order."""
    if verb == "release":
        return "ok" if order.holder(now) == who else "Changed"
    if order.round == 0:
        return "NotFound"
    if order.owner == who:
        return "NotAllowed"
    if order.state != "in-review" or order.claimed_by != who:
        return "Changed"
    return "Invalid" if verb == "hand-on" and _colleague(who) == order.owner else "ok"


def decided(order: Order, who: str, verb: str, now: datetime) -> None:
    """What the decision does."""
    if verb == "hand-on":
        order.claimed_by, order.claimed_at = _colleague(who), now
        return
    order.claimed_by = order.claimed_at = None
    if verb == "approve":
        order.approved = (order.round, order.version)
        order.move("approve", "approved", "reviewer", now)
        order.outbox.append(Telling("submit", order.key))
    elif verb == "return":
        order.send_back("provider", "return", ["site-name"], now)


def code_to_enter(kind: str, codes: Sequence[str], key: str) -> tuple[str, str]:
    """What is typed ("" for a code nobody has), and what that is to the model."""
    if kind == "shape":
        return "12 345", "malformed"
    if kind in ("right", "six") and codes:
        return codes[-1], key
    if kind == "old" and len(codes) > 1:
        return codes[0], "wrong"
    return "", "wrong"


def answered(work: Callable[[], str]) -> str:
    """The portal's answer."""
    try:
        return work()
    except Throttled:
        return "throttled"


def may_see(order: Order, who: str) -> dict[str, int]:
    """The order's pages, and the status with which each answers somebody."""
    own, desk = f"/orders/{order.number}", f"/review/{order.number}"
    if who == "nobody":
        return {own: 303, f"{own}/checklist": 303, desk: 303}
    theirs = 200 if order.owner == who else 404
    reviewed = 200 if order.round else 404
    applicant, reviewer = who in ("owner", "other", "both"), who in REVIEWERS
    return {
        own: theirs if applicant else 403,
        f"{own}/checklist": theirs if applicant else 403,
        desk: reviewed if reviewer else 403,
    }
