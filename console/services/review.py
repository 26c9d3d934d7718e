"""The provider's first review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from console import clock
from console.errors import Changed, Invalid, NotAllowed, NotFound, Refusal
from console.extensions import db
from console.models import Account, Order
from console.rules.lifecycle import REASONS, SYSTEM_REASONS, Action, State
from console.rules.strings import seen
from console.rules.text import T
from console.services.actors import Actor
from console.services.loading import order_for
from console.services.moves import move, record
from console.services.submission import hand_in
from console.transactions import verb

CLAIM_LASTS = timedelta(minutes=20)  # idle; every look at the order by its reviewer renews it
MOST_NOTE = 2000
Points = Sequence[Mapping[str, Any]]


def holder(order: Order, now: datetime) -> int | None:
    """The account whose claim on the order still stands."""
    if order.claimed_at is None or order.claimed_at + CLAIM_LASTS <= now:
        return None
    return order.claimed_by_id


def refuse_own(order: Order, actor: Actor) -> None:
    """Raise NotAllowed where the order is the actor's own: four eyes."""
    if order.applicant_id == actor.id:
        raise NotAllowed(T("Nobody reviews an order of their own."))


def order_to_review(actor: Actor, number: str, revision: int | None = None) -> Order:
    """An order of somebody else's, as `order_for` finds it. Raises NotFound for a mere draft."""
    order = order_for(actor, number, revision)
    if order.round == 0:
        raise NotFound(T("There is no such order."))
    refuse_own(order, actor)
    return order


@verb
def claim(actor: Actor, number: str, revision: int | None = None) -> None:
    """Take an order for review. Raises Changed when another reviewer holds it."""
    order = order_to_review(actor, number, revision)
    now = clock.now()
    if State(order.state) is not State.IN_REVIEW:
        raise Changed()
    if holder(order, now) not in (None, actor.id):
        raise Changed(T("Another reviewer has claimed this order."))
    if holder(order, now) is None:
        record([order.id], "claim", actor, {order.id: now})
        order.revision += 1
    order.claimed_by_id, order.claimed_at = actor.id, now


@verb
def release(actor: Actor, number: str) -> None:
    """Give a claimed order back to the queue."""
    order = order_for(actor, number)
    now = clock.now()
    if holder(order, now) != actor.id:
        raise Changed(T("You have not claimed this order."))
    order.claimed_by_id = order.claimed_at = None
    order.revision += 1
    record([order.id], "release", actor, {order.id: now})


@verb
def hand_on(actor: Actor, number: str, colleague_id: int, revision: int | None = None) -> None:
    """Give a claimed order to a colleague, who has it as if they had claimed it just now.

    Raises Invalid where that account is no reviewer, is not active, or filed the order itself.
    """
    order = _claimed(actor, number, revision)
    colleague = db.session.get(Account, colleague_id)
    able = (
        colleague is not None
        and colleague.active
        and any(role.name == actor.role.value for role in colleague.roles)
        and colleague.id not in (actor.id, order.applicant_id)
    )
    if not able:
        raise Invalid(T("Choose a colleague who reviews and did not file this order."))
    now = clock.now()
    order.claimed_by_id, order.claimed_at = colleague_id, now
    order.revision += 1
    record([order.id], "hand-on", actor, {order.id: now}, data={"to": colleague_id})


def _claimed(actor: Actor, number: str, revision: int | None) -> Order:
    order = order_to_review(actor, number, revision)
    if State(order.state) is not State.IN_REVIEW:
        raise Changed()
    # A claim that ran out unnoticed still serves its holder while nobody else has taken the order.
    if order.claimed_by_id != actor.id:
        raise Changed(T("Claim the order first: the claim has lapsed or another reviewer has it."))
    return order


@verb
def approve(actor: Actor, number: str, revision: int | None = None) -> None:
    """Pass an order on to the ministry; the worker hands it over."""
    pass_on(_claimed(actor, number, revision), actor)


def pass_on(order: Order, actor: Actor) -> None:
    """The approval itself, inside the transaction of a verb that has looked at the claim."""
    values = {"approved_round": order.round, **_decided_by(actor)}
    move([order], Action.APPROVE, actor, clock.now(), values)
    hand_in(order)


def _decided_by(actor: Actor) -> dict[str, Any]:
    return {"claimed_by_id": None, "claimed_at": None, "reviewer_id": actor.id}


@verb
def return_(
    actor: Actor,
    number: str,
    reasons: Sequence[str],
    note: str,
    revision: int | None = None,
    points: Points = (),
) -> None:
    """Send an order back to the applicant, with at least one reason of the closed list.

    `points` say what each reason is about: {"reason", "fields", "materials"}, none of it in the
    applicant's own words.
    """
    order = _claimed(actor, number, revision)
    if not reasons:
        raise Invalid(T("Choose at least one reason."))
    if unknown := set(reasons) - (set(REASONS) - set(SYSTEM_REASONS)):
        raise Refusal(T("There is no reason %(code)s.", code=sorted(unknown)[0]))
    note = seen(note)
    if "other" in reasons and not note:
        raise Invalid(T("Say in words what else has to be corrected."))
    values = {
        "reasons": list(dict.fromkeys(reasons)),
        "return_note": note[:MOST_NOTE] or None,
        "return_details": [dict(point) for point in points],
        **_decided_by(actor),
    }
    data = {
        "reasons": values["reasons"],
        "details": values["return_details"],
        "round": order.round,
    }
    move([order], Action.RETURN, actor, clock.now(), values, data)
