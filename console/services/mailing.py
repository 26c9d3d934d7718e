"""Sending what the outbox holds for people: one at a time, again after growing pauses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, literal_column, select

from console import clock
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.models import Delivery, DeliveryAttempt, Order, VerifierRow
from console.outside.mail import Mail, Outgoing, Refused, Unreachable
from console.queries.due import MAIL
from console.rules.retention import MAILS
from console.services.handover import lease, pause, put_off
from console.services.ledger import attempted
from console.services.letters import Letter
from console.services.outbox import ERROR, GAVE_UP, TOO_LATE, TRY_LATER, Leased
from console.transactions import verb

log = logging.getLogger(__name__)

Draw = Callable[[Letter, Order, str], Mail]

BATCH = 500
REFUSED = "refused"
MOST_ATTEMPTS = 200  # with pauses of up to 15 minutes: about two days


def send_next(draw: Draw, outgoing: Outgoing) -> bool:
    """Send one mail that is due and keep what came of it; True when there may be more.

    `draw` words it. What goes wrong is put off; a server that does not answer is left alone for
    as long, so that it cannot hold up the rest of the worker.
    """
    if outgoing.resting(clock.now()):
        return False
    try:
        leased = lease(mail=True)
    except (KeyMissing, DataDamaged):
        log.exception("a mail cannot be read and is put off")
        return True
    if leased is None:
        return False
    try:
        letter = Letter.of(leased.payload)
        order = _order(letter)
        if order is None or not _still_wanted(letter, order):
            _close(leased, TOO_LATE)
            return True
        mail = draw(letter, order, leased.key)
        db.session.rollback()  # no transaction stays open while a server takes its time
        _close(leased, outgoing.send(mail))
    except Refused as refusal:
        log.warning("mail %s refused: %s", leased.id, refusal)
        _close(leased, REFUSED)
    except Unreachable as error:
        log.warning("mail %s put off after %s attempts: %s", leased.id, leased.attempts, error)
        _again(leased)
        outgoing.rest(clock.now() + pause(outgoing.failures + 1))
        return False
    except Exception:
        put_off(leased, ERROR)
        log.exception("mail %s failed and is put off", leased.id)
    return True


def _order(letter: Letter) -> Order | None:
    return db.session.scalar(
        select(Order).where(Order.number == letter.number).execution_options(populate_existing=True)
    )


def _still_wanted(letter: Letter, order: Order) -> bool:
    """Whether what the letter asks for can still be done; plain news are always wanted."""
    if letter.until and datetime.fromisoformat(letter.until) <= clock.now():
        return False
    if letter.only_in and (order.state not in letter.only_in or order.round != letter.round):
        return False
    if not letter.verifier:
        return True
    row = db.session.scalar(
        select(VerifierRow)
        .where(
            VerifierRow.order_id == order.id,
            VerifierRow.round == letter.round,
            VerifierRow.key == letter.verifier,
        )
        .execution_options(populate_existing=True)
    )
    return row is not None and row.verified_at is None


def _again(leased: Leased) -> None:
    if leased.attempts >= MOST_ATTEMPTS:
        _close(leased, GAVE_UP)
    else:
        put_off(leased, TRY_LATER)


@verb
def forget_old() -> bool:
    """Delete mails that were settled long ago, with their attempts; True when there may be more.

    Their keys are no longer needed: the cursor and the reminders do not go back.
    """
    over = clock.now() - MAILS
    mails = Delivery.kind == literal_column(f"'{MAIL}'")  # their index holds no others
    query = select(Delivery.id).where(mails, Delivery.done_at <= over)
    ids = db.session.scalars(query.order_by(Delivery.done_at).limit(BATCH)).all()
    if ids:
        attempts = DeliveryAttempt.delivery_id.in_(ids)
        db.session.execute(delete(DeliveryAttempt).where(attempts))
        db.session.execute(delete(Delivery).where(Delivery.id.in_(ids)))
    return len(ids) == BATCH


@verb
def _close(leased: Leased, outcome: str) -> None:
    delivery = db.session.get_one(Delivery, leased.id, with_for_update=True)
    if delivery.done_at is None:
        delivery.done_at = clock.now()
        delivery.leased_until = None
        delivery.outcome = outcome
        attempted(delivery, outcome, delivery.done_at)
