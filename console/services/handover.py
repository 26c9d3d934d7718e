"""Telling the ministry what the outbox holds: at least once, taking effect exactly once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from console import clock
from console.extensions import db
from console.miit.gateway import AlreadyDone, Gateway, GiveUp, Receipt, Submission, TryLater
from console.models import Delivery, Order, VerifierRow
from console.rules.filing import from_json
from console.rules.lifecycle import Action, Role, State
from console.rules.verifiers import facts_of, leader_of, who_must_verify
from console.services.actors import MINISTRY, WORKER, Actor
from console.services.books import book_named
from console.services.moves import move, record
from console.services.outbox import SUBMIT, WITHDRAW
from console.transactions import verb

LEASE = timedelta(minutes=2)  # longer than any answer of the ministry may take
LONGEST_PAUSE = timedelta(minutes=15)
DONE, GAVE_UP, ALREADY_DONE, TRY_LATER = "done", "gave-up", "already-done", "try-later"


@dataclass(frozen=True)
class Leased:
    """A delivery this process sends now; nobody else does until the lease ends."""

    id: int
    kind: str
    key: str
    attempts: int
    payload: Any


def pending(order: Order, kind: str) -> Delivery | None:
    """The order's delivery of this kind in its present round that is not done yet."""
    return db.session.scalar(
        select(Delivery).where(
            Delivery.key.startswith(f"{kind}:{order.ministry_key}", autoescape=True),
            Delivery.order_id == order.id,
            Delivery.done_at.is_(None),
        )
    )


@verb
def lease(delivery_id: int | None = None) -> Leased | None:
    """Take the next delivery that is due, or the one named; None when there is none to take."""
    now = clock.now()
    query = (
        select(Delivery)
        .where(
            Delivery.done_at.is_(None),
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if delivery_id is None:
        query = query.where(Delivery.due_at <= now)
    else:
        query = query.where(Delivery.id == delivery_id)
    delivery = db.session.scalar(query)
    if delivery is None:
        return None
    delivery.leased_until = now + LEASE
    delivery.attempts += 1
    key = delivery.key.partition(":")[2]
    return Leased(delivery.id, delivery.kind, key, delivery.attempts, delivery.payload)


def send(gateway: Gateway, delivery_id: int | None = None) -> str | None:
    """Send one delivery and keep what came of it; None when nothing was due.

    Whatever else goes wrong is put off like an answer that did not come, and raised.
    """
    leased = lease(delivery_id)
    if leased is None:
        return TRY_LATER if delivery_id is not None else None
    try:
        if leased.kind == SUBMIT:
            filing = from_json(leased.payload["filing"])
            receipt = gateway.submit(Submission(leased.key, leased.payload["number"], filing))
            _received(leased, receipt)
            return DONE
        if leased.kind == WITHDRAW:
            gateway.withdraw(leased.key)
            _withdrawn(leased)
            return DONE
        key, verifier = leased.key.rsplit("#", 1)
        gateway.change_mobile(key, verifier, leased.payload["mobile"])
        _settle(leased, DONE)
        return DONE
    except TryLater:
        _put_off(leased, TRY_LATER)
        return TRY_LATER
    except GiveUp as refusal:
        _refused(leased, refusal.reason)
        return GAVE_UP
    except AlreadyDone:
        _settle(leased, ALREADY_DONE)
        return ALREADY_DONE
    except Exception:
        _put_off(leased, "error")
        raise


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling from 2 s, with jitter, at most 15 min."""
    seconds = min(LONGEST_PAUSE.total_seconds(), 2.0 * 2 ** min(attempts - 1, 12))
    return timedelta(seconds=seconds * random.uniform(0.7, 1.0))


@verb
def _put_off(leased: Leased, outcome: str) -> None:
    delivery = db.session.get_one(Delivery, leased.id, with_for_update=True)
    delivery.due_at = clock.now() + pause(leased.attempts)
    delivery.leased_until = None
    delivery.outcome = outcome


def _close(leased: Leased, outcome: str) -> Order | None:
    """End the delivery; give its order, locked, unless another had ended it already."""
    delivery = db.session.get_one(Delivery, leased.id, with_for_update=True)
    if delivery.done_at is not None:
        return None
    delivery.done_at = clock.now()
    delivery.leased_until = None
    delivery.outcome = outcome
    order = db.session.get_one(
        Order, delivery.order_id, with_for_update=True, populate_existing=True
    )
    return order if leased.key.partition("#")[0] == order.ministry_key else None


@verb
def _settle(leased: Leased, outcome: str) -> None:
    order = _close(leased, outcome)
    if order is not None:
        now = clock.now()
        record([order.id], f"{leased.kind}-{outcome}", WORKER, {order.id: now})


@verb
def _received(leased: Leased, receipt: Receipt) -> None:
    order = _close(leased, DONE)
    if order is None or State(order.state) is not State.APPROVED:
        return
    book = book_named(receipt.book)
    filing = from_json(leased.payload["filing"])
    facts = facts_of(filing, clock.china_day(receipt.received_at))
    verifiers = who_must_verify(book, facts) if book else ()
    for verifier in verifiers:
        person = leader_of(filing, verifier)
        db.session.add(
            VerifierRow(
                order_id=order.id,
                round=order.round,
                key=verifier.key,
                roles=" ".join(verifier.roles),
                mobile=person.mobile,
                certificate_type=person.certificate_type,
            )
        )
    action = Action.HAND_OVER if verifiers else Action.HAND_OVER_UNVERIFIED
    values = {"rulebook": receipt.book, "received_at": receipt.received_at}
    move([order], action, WORKER, clock.now(), values, {"reference": receipt.reference})


@verb
def _refused(leased: Leased, reason: str) -> None:
    order = _close(leased, GAVE_UP)
    if order is None or leased.kind != SUBMIT or State(order.state) is not State.APPROVED:
        return
    reasons = {"reasons": [reason]}
    move([order], Action.REFUSE, MINISTRY, clock.now(), reasons, reasons)


@verb
def _withdrawn(leased: Leased) -> None:
    order = _close(leased, DONE)
    if order is None or State(order.state) not in (State.APPROVED, State.VERIFYING):
        return
    now: datetime = clock.now()
    submitted = pending(order, SUBMIT)
    if submitted is not None:
        submitted.done_at = now
        submitted.outcome = "withdrawn"
    applicant = Actor(Role.APPLICANT, leased.payload["actor"])
    move([order], Action.WITHDRAW, applicant, now, {"deadline": None, "claimed_by_id": None})
