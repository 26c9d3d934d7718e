"""What falls due by itself: orders that lapse, and orders the rulebook cancels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, defer

from console import clock
from console.extensions import db
from console.models import AccountLetter, Delivery, MinistryNews, Order
from console.queries import due
from console.rules.lifecycle import Action, State
from console.services.actors import WORKER
from console.services.moves import move
from console.transactions import verb

BATCH = 500


@verb
def set_right() -> bool:
    """Let be due now what a clock that was set back has moved far off. Never more to do."""
    now = clock.now()
    deliveries, letters, news = due.astray(now + due.FAR)
    free = {"due_at": now, "leased_until": None}
    db.session.execute(update(Delivery).where(*deliveries).values(free))
    db.session.execute(update(AccountLetter).where(*letters).values(due_at=now))
    db.session.execute(update(MinistryNews).where(*news).values(due_at=now))
    return False


@verb
def lapse_due(state: State) -> bool:
    """Lapse drafts or returned orders nobody touched for 45 days; True when there may be more."""
    orders = _due(due.lapsing(state, clock.now()), Order.due_at)
    at = {order.id: order.due_at for order in orders if order.due_at}
    move(orders, Action.LAPSE, WORKER, at)
    return len(orders) == BATCH


@verb
def cancel_due() -> bool:
    """Cancel returned orders whose book says so (aliyun-current: 24 h after failing by tries)."""
    orders = _due(due.cancelling(clock.now()), Order.cancel_at)
    at = {order.id: order.cancel_at for order in orders if order.cancel_at}
    move(orders, Action.CANCEL, WORKER, at)
    return len(orders) == BATCH


def _due(conditions: due.Conditions, moment: InstrumentedAttribute[datetime | None]) -> list[Order]:
    query = (
        select(Order)
        .where(*conditions)
        .order_by(moment, Order.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .options(defer(Order.content), defer(Order.return_note))  # slow to decrypt, and not needed
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))
