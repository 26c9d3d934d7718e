"""Telling the ministry what the outbox holds: at least once, taking effect exactly once."""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from console import clock
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.miit.gateway import AlreadyDone, Gateway, GiveUp, Submission, TryLater
from console.models import Delivery
from console.queries import due
from console.queries.due import MAIL
from console.rules.filing import from_json
from console.services.answers import corrected, received, refused, settle, withdrawn
from console.services.ledger import attempted
from console.services.outbox import (
    ALREADY_DONE,
    DONE,
    ERROR,
    GAVE_UP,
    SUBMIT,
    TRY_LATER,
    WITHDRAW,
    Leased,
)
from console.transactions import verb

log = logging.getLogger(__name__)

# Longer than an answer is waited for and kept: what a killed worker had in hand waits as long.
LEASE = timedelta(seconds=30)
MAIL_LEASE = timedelta(minutes=2)  # a mail server may take its time with every word
LONGEST_PAUSE = timedelta(minutes=15)


def lease(delivery_id: int | None = None, mail: bool = False) -> Leased | None:
    """Take the next delivery that is due, or the one named; None when there is none to take.

    What goes to the ministry, or with `mail` what goes to people: neither waits for the other.
    One that cannot be read is put off, so that it holds up no other. Raises KeyMissing,
    DataDamaged.
    """
    taken = _take(delivery_id, mail)
    if taken is None:
        return None
    try:
        query = select(Delivery.payload).where(Delivery.id == taken.id)
        payload = db.session.scalar(query)
        db.session.rollback()  # no transaction stays open while it is sent
    except Exception:
        put_off(taken, ERROR)
        raise
    return replace(taken, payload=payload)


@verb
def _take(delivery_id: int | None, mail: bool) -> Leased | None:
    now = clock.now()
    named = (*due.free(mail, now), Delivery.id == delivery_id)
    delivery = db.session.scalar(
        select(Delivery)
        .where(*(due.deliveries(mail, now) if delivery_id is None else named))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if delivery is None:
        return None
    delivery.leased_until = now + (MAIL_LEASE if mail else LEASE)
    delivery.attempts += 1
    key = delivery.key.partition(":")[2]
    return Leased(delivery.id, delivery.kind, key, delivery.attempts)


def send(gateway: Gateway, delivery_id: int | None = None) -> str | None:
    """Send one delivery and keep what came of it; None when nothing was due.

    Whatever else goes wrong is put off like an answer that did not come. It is raised where the
    delivery was named, and logged where the next one was asked for: there may be more behind it.
    """
    try:
        leased = lease(delivery_id)
    except (KeyMissing, DataDamaged):
        return _failed(delivery_id)
    if leased is None:
        return TRY_LATER if delivery_id is not None else None
    try:
        return _tell(gateway, leased)
    except TryLater:
        put_off(leased, TRY_LATER)
        return TRY_LATER
    except GiveUp as refusal:
        refused(leased, refusal.reason)
        return GAVE_UP
    except AlreadyDone:
        settle(leased, ALREADY_DONE)
        return ALREADY_DONE
    except Exception:
        put_off(leased, ERROR)
        return _failed(delivery_id)


def _failed(delivery_id: int | None) -> str:
    if delivery_id is not None:
        raise
    log.exception("a delivery failed and is put off")
    return ERROR


def _tell(gateway: Gateway, leased: Leased) -> str:
    if leased.kind == SUBMIT:
        filing = from_json(leased.payload["filing"])
        receipt = gateway.submit(Submission(leased.key, leased.payload["number"], filing))
        received(leased, receipt)
    elif leased.kind == WITHDRAW:
        gateway.withdraw(leased.key)
        withdrawn(leased)
    else:
        key = leased.key.partition("#")[0]
        gateway.change_mobile(key, leased.payload["verifier"], leased.payload["mobile"])
        corrected(leased)
    return DONE


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling from 2 s, with jitter, at most 15 min."""
    seconds = min(LONGEST_PAUSE.total_seconds(), 2.0 * 2 ** min(attempts - 1, 12))
    return timedelta(seconds=seconds * random.uniform(0.7, 1.0))


@verb
def put_off(leased: Leased, outcome: str) -> None:
    """Try a delivery again later, after a pause that grows.

    One that was settled, or taken over, since the lease ended is no longer the caller's to put off.
    """
    delivery = db.session.get_one(Delivery, leased.id, with_for_update=True)
    if delivery.done_at is not None or delivery.attempts != leased.attempts:
        return
    now = clock.now()
    delivery.due_at = now + pause(leased.attempts)
    delivery.leased_until = None
    delivery.outcome = outcome
    attempted(delivery, outcome, now, next_at=delivery.due_at)


@verb
def hurry() -> bool:
    """The ministry answers again: what waits out a pause for it is due now; whether any did.

    The pauses grow to a quarter of an hour; so long an outage would outlive itself.
    """
    now = clock.now()
    waiting = update(Delivery).where(
        Delivery.done_at.is_(None),
        Delivery.kind != MAIL,
        Delivery.outcome == TRY_LATER,
        Delivery.due_at > now,
    )
    return bool(db.session.execute(waiting.values(due_at=now)).rowcount)  # type: ignore[attr-defined]
