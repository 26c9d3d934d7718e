"""Handing in: to the provider's first review, back to verification, or taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from console import clock
from console.errors import Conflict, Invalid, Refusal, Unconfirmed
from console.extensions import db
from console.miit.gateway import Gateway
from console.models import Delivery, Order, Round
from console.queries.materials import changed_since
from console.rules.checks import check_filing
from console.rules.filing import Filing, FilingType, to_json
from console.rules.lifecycle import Action, State
from console.rules.sections import CANCELLATIONS
from console.rules.text import T
from console.services import handover, materials
from console.services.actors import Actor
from console.services.books import book_named, book_on
from console.services.conflicts import refuse_conflicts
from console.services.contents import as_handed_over, filing_of, round_of
from console.services.loading import order_for
from console.services.moves import FRESH, move, record
from console.services.outbox import ALREADY_DONE, SUBMIT, TRY_LATER, WITHDRAW, post
from console.transactions import verb


def _require_complete(order: Order, filing: Filing) -> None:
    today = clock.china_day(clock.now())
    filing = as_handed_over(order, filing)
    # With the book: what it does not know is refused, and its own questions must be answered.
    findings = check_filing(filing, today, book_on(today))
    findings += materials.findings(order, filing, materials.papers_of(order))
    if any(finding.severity == "refuse" for finding in findings):
        raise Invalid(T("Some answers are missing or cannot be accepted yet."), findings)
    refuse_conflicts(order.applicant_id, filing, order.entity_id, order.id)


def _new_round(order: Order, filing: Filing) -> dict[str, Any]:
    """Keep what is handed in, and give the columns that the move sets."""
    number = order.round + 1
    db.session.add(
        Round(order_id=order.id, round=number, content=to_json(filing), submitted_at=clock.now())
    )
    # A link was given to the leader of one round; in the next it may be somebody else.
    return {**FRESH, "round": number, "share_epoch": Order.share_epoch + 1}


@verb
def submit(actor: Actor, number: str, revision: int | None = None, confirmed: bool = False) -> None:
    """Hand a draft or a corrected order in for first review.

    `confirmed`: the applicant said that what a cancellation ends shall end. Raises Unconfirmed
    without, Invalid with the findings, Conflict when another order stands in the way, Changed.
    """
    order = order_for(actor, number, revision)
    if FilingType(order.type) in CANCELLATIONS and not confirmed:
        raise Unconfirmed(T("Confirm what this order ends, then submit it."))
    action = Action.RESUBMIT if State(order.state) is State.RETURNED else Action.SUBMIT
    filing = filing_of(order)
    _require_complete(order, filing)
    move([order], action, actor, clock.now(), _new_round(order, filing))


def may_skip_review(order: Order) -> bool:
    """Whether a returned order may go straight back to verification, first review skipped.

    Asks what the book it was forwarded under says, why it came back, and whether anything was
    changed since it was approved (aliyun-2018, "Scenario 1").
    """
    book = book_named(order.rulebook)
    return (
        State(order.state) is State.RETURNED
        and book is not None
        and book.unmodified_resubmission
        and bool({"expired", "tries-used-up"} & set(order.reasons))
        and order.approved_round is not None
        and round_of(order, order.approved_round) == filing_of(order)
        and not changed_since(order, order.approved_round)
    )


@verb
def resubmit_unmodified(actor: Actor, number: str, revision: int | None = None) -> None:
    """Send an unchanged order that was not verified straight back to verification.

    Raises Refusal where the book does not allow it, Invalid when the checks no longer hold.
    """
    order = order_for(actor, number, revision)
    if State(order.state) is State.RETURNED and not may_skip_review(order):
        raise Refusal(T("This order has to go through first review again."))
    filing = filing_of(order)
    _require_complete(order, filing)
    values = _new_round(order, filing)
    values["approved_round"] = values["round"]
    move([order], Action.RESUBMIT_UNMODIFIED, actor, clock.now(), values)
    hand_in(order)


def hand_in(order: Order) -> None:
    """Put the approved order's present round into the outbox."""
    filing = round_of(order, order.round)
    assert filing is not None, "an approved order was submitted"
    payload = {"number": order.number, "filing": to_json(as_handed_over(order, filing))}
    post(order, SUBMIT, clock.now(), payload)


def withdraw(actor: Actor, number: str, gateway: Gateway, revision: int | None = None) -> None:
    """Take an order back to a draft, unless the administration has it.

    Once the ministry may know the order, its word comes first: the wish is kept in the outbox
    and sent at once. Raises Conflict when the administration has the order already, or when the
    ministry does not answer; in the latter case the worker goes on asking.
    """
    delivery = _ask_to_withdraw(actor, number, revision)
    if delivery is None:
        return
    outcome = handover.send(gateway, delivery)
    if outcome == ALREADY_DONE:
        raise _too_late()
    if outcome == TRY_LATER:
        raise Conflict(
            T("The ministry does not answer. The withdrawal goes on by itself as soon as it does.")
        )


def _too_late() -> Conflict:
    return Conflict(T("The administration already has this order; it can no longer be withdrawn."))


@verb
def _ask_to_withdraw(actor: Actor, number: str, revision: int | None) -> int | None:
    order = order_for(actor, number, revision)
    now = clock.now()
    state = State(order.state)
    known = state is State.VERIFYING or (state is State.APPROVED and not _called_off(order, now))
    if known:
        key = f"{WITHDRAW}:{order.ministry_key}"
        waiting = db.session.scalar(select(Delivery).where(Delivery.key == key))
        if waiting is not None and waiting.done_at is not None:
            raise _too_late()  # the ministry said so before; its news is still on the way
        if waiting is None:
            waiting = post(order, WITHDRAW, now, {"actor": actor.id})
            order.revision += 1  # the order's page says that the withdrawal is on its way
            record([order.id], "withdraw-asked", actor, {order.id: now})
            db.session.flush()
        return waiting.id
    move([order], Action.WITHDRAW, actor, now, FRESH)
    return None


def _called_off(order: Order, now: datetime) -> bool:
    """End an approved order's hand-over before anybody sent it; False where somebody may have.

    In one statement, since a worker may take it between a look and a write.
    """
    unsent = Delivery.key == f"{SUBMIT}:{order.ministry_key}", Delivery.attempts == 0
    ended = update(Delivery).where(*unsent, Delivery.done_at.is_(None))
    result = db.session.execute(ended.values(done_at=now, outcome="withdrawn"))
    return bool(result.rowcount)  # type: ignore[attr-defined]
