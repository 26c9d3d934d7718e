"""Correcting a verifier's mobile while the order is being verified, where the book allows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from console import clock
from console.errors import Changed, Invalid, Refusal
from console.extensions import db
from console.miit.gateway import Gateway
from console.models import Delivery, Order, VerifierRow
from console.rules.lifecycle import State
from console.rules.masking import mask_mobile
from console.rules.mobiles import is_mobile, normalise_mobile
from console.rules.text import T
from console.services import handover
from console.services.actors import Actor
from console.services.books import book_named
from console.services.loading import order_for
from console.services.moves import record
from console.services.outbox import (
    ALREADY_DONE,
    CHANGE_MOBILE,
    GAVE_UP,
    TOO_LATE,
    TRY_LATER,
    post,
)
from console.transactions import verb


def may_correct_mobile(order: Order) -> bool:
    """Whether the book lets a pending mobile be corrected (aliyun-current: in cancellations)."""
    book = book_named(order.rulebook)
    return (
        State(order.state) is State.VERIFYING
        and book is not None
        and order.type in book.mobile_correction
    )


def mobiles_on_their_way(order: Order) -> dict[str, str]:
    """By verifier's key the corrected number that the ministry has not taken yet, masked."""
    waiting = select(Delivery.payload).where(
        Delivery.order_id == order.id, Delivery.kind == CHANGE_MOBILE, Delivery.done_at.is_(None)
    )
    found = db.session.scalars(waiting.order_by(Delivery.id))
    return {payload["verifier"]: mask_mobile(payload["mobile"]) for payload in found}


def correct_mobile(actor: Actor, number: str, verifier: str, mobile: str, gateway: Gateway) -> bool:
    """Send a corrected mobile to the ministry, which texts a code to it; whether it has it now.

    Tries and resends stay as used. Raises Refusal where the book has no such thing, Invalid for
    a number that cannot get a text, Changed when the person has verified or failed already.
    """
    outcome = handover.send(gateway, _ask(actor, number, verifier, mobile))
    if outcome == GAVE_UP:
        raise Refusal(T("The ministry did not take the new mobile number."))
    if outcome == ALREADY_DONE:
        raise Changed()
    return outcome != TRY_LATER


@verb
def _ask(actor: Actor, number: str, verifier: str, mobile: str) -> int:
    order = order_for(actor, number)
    if not may_correct_mobile(order):
        raise Refusal(T("The mobile number of this order cannot be corrected now. Withdraw it."))
    row = db.session.scalar(
        select(VerifierRow).where(
            VerifierRow.order_id == order.id,
            VerifierRow.round == order.round,
            VerifierRow.key == verifier,
            VerifierRow.verified_at.is_(None),
        )
    )
    if row is None:
        raise Changed()
    if not is_mobile(mobile):
        raise Invalid(T("Enter a mainland mobile number of 11 digits, like 138 0013 8000."))
    asked = db.session.scalar(
        select(func.count()).where(Delivery.order_id == order.id, Delivery.kind == CHANGE_MOBILE)
    )
    payload = {"verifier": verifier, "mobile": normalise_mobile(mobile)}
    now = clock.now()
    _forget_earlier(order, verifier, now)
    delivery = post(order, CHANGE_MOBILE, now, payload, f"#{verifier}#{asked}")
    order.revision += 1  # the order's page says that the number is on its way
    record([order.id], "change-mobile-asked", actor, {order.id: now}, data={"verifier": verifier})
    db.session.flush()
    return delivery.id


def _forget_earlier(order: Order, verifier: str, now: datetime) -> None:
    """End what is on its way to the ministry: a number typed before must not arrive after."""
    key = f"{CHANGE_MOBILE}:{order.ministry_key}#{verifier}#"
    earlier = update(Delivery).where(
        Delivery.order_id == order.id,
        Delivery.key.startswith(key, autoescape=True),
        Delivery.done_at.is_(None),
    )
    db.session.execute(earlier.values(done_at=now, outcome=TOO_LATE))
