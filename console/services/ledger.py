"""The hand-over ledger: each attempt is kept, and a delivery can be sent or stopped by hand."""

from __future__ import annotations

from datetime import datetime

from console import clock
from console.errors import Changed, NotFound
from console.extensions import db
from console.models import Delivery, DeliveryAttempt, Order
from console.rules.text import T
from console.services.actors import Actor
from console.services.moves import record
from console.transactions import verb

MOST_ANSWER = 120


def attempted(
    delivery: Delivery,
    outcome: str,
    at: datetime,
    answer: str = "",
    next_at: datetime | None = None,
) -> None:
    """Keep one attempt, in the transaction that keeps what came of it."""
    db.session.add(
        DeliveryAttempt(
            delivery_id=delivery.id,
            at=at,
            outcome=outcome,
            answer=answer[:MOST_ANSWER],
            next_at=next_at,
        )
    )


@verb
def send_now(actor: Actor, delivery_id: int) -> None:
    """Let a delivery that waits or was stopped be sent at once. Raises NotFound, Changed."""
    delivery, now = _open(delivery_id), clock.now()
    delivery.held_at = None
    delivery.due_at = min(delivery.due_at, now)
    _note(delivery, "delivery-sent-by-hand", actor, now)


@verb
def hold(actor: Actor, delivery_id: int) -> None:
    """Stop a delivery until someone sends it by hand. Raises NotFound, Changed.

    It is not ended: an approval that is never told to the ministry must stay in sight.
    """
    delivery, now = _open(delivery_id), clock.now()
    if delivery.held_at is not None:
        raise Changed(T("It is stopped already."))
    delivery.held_at = now
    _note(delivery, "delivery-held", actor, now)


def _open(delivery_id: int) -> Delivery:
    delivery = db.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise NotFound(T("There is no such delivery."))
    if delivery.done_at is not None:
        raise Changed(T("It is settled already."))
    return delivery


def _note(delivery: Delivery, action: str, actor: Actor, now: datetime) -> None:
    order = db.session.get_one(Order, delivery.order_id)
    order.revision += 1
    record([order.id], action, actor, {order.id: now}, data={"delivery": delivery.kind})
