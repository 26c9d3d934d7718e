"""Forgetting in time: what an order that came to nothing held, and sessions that are over.

The trail stays: events hold no personal data, and one more says that the answers were deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import defer

from console import clock
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.models import (
    Delivery,
    LeaderLanguage,
    LiveSession,
    Mark,
    MinistryNews,
    Note,
    Order,
    Round,
    VerifierRow,
)
from console.rules.filing import Filing, FilingType, Service, from_json, to_json
from console.rules.lifecycle import State
from console.services import account_letters, mailing, planning
from console.services.actors import WORKER
from console.services.moves import record
from console.services.outbox import TOO_LATE
from console.transactions import verb

BATCH = 100
ENDED = (State.LAPSED, State.CANCELLED)
EVERY_SECONDS = 3600


class Housekeeping:
    """Deletes what has had its time, once an hour, or whenever asked `at_once`.

    Once an hour, whoever asks, SQLite looks anew at tables that are filled otherwise by then.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self._learnt: float | None = None

    def sweep(self, idle: timedelta, absolute: timedelta, at_once: bool = False) -> bool:
        """One round where it is time for one; `idle` and `absolute` are a session's limits."""
        now = clock.machine_seconds()
        if not at_once and self._last is not None and now - self._last < EVERY_SECONDS:
            return False
        self._last = now
        for state in ENDED:
            while purge_due(state):
                pass
        forget_sessions(idle, absolute)
        while mailing.forget_old():
            pass
        account_letters.forget_old()
        if self._learnt is None or now - self._learnt >= EVERY_SECONDS:
            self._learnt = now
            planning.learn()
        return False


def was_purged(order: Order) -> bool:
    """Whether the order has ended and its answers were deleted since."""
    return State(order.state) in ENDED and order.due_at is None


@verb
def purge_due(state: State) -> bool:
    """Delete the answers of orders that ended in `state` long enough ago; True: maybe more.

    Content and rounds are emptied, marks go, and so does whatever of a person is in what was told
    and heard. Number, type, states, reasons and the trail stay.
    """
    now = clock.now()
    orders = db.session.scalars(
        select(Order)
        .where(Order.state == state.value, Order.due_at <= now)
        .order_by(Order.due_at, Order.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .options(defer(Order.content), defer(Order.return_note))
        .execution_options(populate_existing=True)
    ).all()
    for order in orders:
        _empty(order)
    ids = [order.id for order in orders]
    if ids:
        _forget_beside(ids, now)
        _forget_told(orders)
        record(ids, "purge", WORKER, dict.fromkeys(ids, now))
    return len(orders) == BATCH


@verb
def forget_sessions(idle: timedelta, absolute: timedelta) -> None:
    """Delete sessions that are past a limit: nobody can use them any more."""
    now = clock.now()
    over = or_(LiveSession.last_seen_at <= now - idle, LiveSession.created_at <= now - absolute)
    db.session.execute(delete(LiveSession).where(over))


def _empty(order: Order) -> None:
    order.content = _blank(order, order.type)
    order.label, order.return_note, order.due_at = "", None, None
    order.revision += 1
    rounds = select(Round).where(Round.order_id == order.id).options(defer(Round.content))
    for submitted in db.session.scalars(rounds):
        submitted.content = _blank(submitted, order.type)


def _blank(row: Order | Round, type_: str) -> object:
    """The row's filing with nothing left but what kinds of services it had, where that is known."""
    try:
        filing = from_json(row.content)
    except (KeyMissing, DataDamaged):
        filing = Filing(FilingType(type_))  # what cannot be read is forgotten in time all the same
    services = tuple(Service(position=s.position, kind=s.kind) for s in filing.services)
    return to_json(replace(Filing(filing.type), services=services))


def _forget_beside(ids: Sequence[int], now: datetime) -> None:
    db.session.execute(delete(Mark).where(Mark.order_id.in_(ids)))
    db.session.execute(delete(Note).where(Note.order_id.in_(ids)))
    db.session.execute(delete(LeaderLanguage).where(LeaderLanguage.order_id.in_(ids)))
    db.session.execute(update(VerifierRow).where(VerifierRow.order_id.in_(ids)).values(mobile=""))
    told = update(Delivery).where(Delivery.order_id.in_(ids))
    # What never arrived is about an order that ended: nobody wants it any more.
    open_ = told.where(Delivery.done_at.is_(None))
    db.session.execute(open_.values(done_at=now, outcome=TOO_LATE))
    db.session.execute(told.values(payload={}))


def _forget_told(orders: Sequence[Order]) -> None:
    keys = [f"{order.number}/{n}" for order in orders for n in range(1, order.round + 1)]
    db.session.execute(
        update(MinistryNews)
        .where(MinistryNews.key.in_(keys), MinistryNews.applied_at.is_not(None))
        .values(data={})
    )
