"""What the ministry tells: kept once, then applied to our own copy in its order."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import aliased, defer

from console import clock
from console.errors import Busy
from console.extensions import db
from console.miit.gateway import EventKind, Gateway, TryLater
from console.models import MinistryNews, Order
from console.queries import due
from console.rules.lifecycle import State
from console.services import handover
from console.services.effects import expire, take, takes
from console.services.letters import insert_once
from console.transactions import verb

log = logging.getLogger(__name__)

BATCH = 500
NOT_READY = timedelta(seconds=2)  # told before our own copy has the receipt
POISONED = timedelta(hours=1)
UNWELL = timedelta(minutes=1)
# The database is full, gone or busy, or keeps one row locked (PEP 249's words).
DATABASE = (OperationalError, InternalError, InterfaceError, Busy)


class Line:
    """Whether the ministry answered when it was last asked; at first nobody knows."""

    answers = False


def collect(gateway: Gateway, line: Line | None = None) -> bool:
    """Fetch what is new and keep it; True when there is something to do.

    With `line`: once the ministry answers again, what is to be said to it goes at once.
    """
    last = db.session.scalar(select(func.max(MinistryNews.sequence))) or 0
    db.session.rollback()
    try:
        events = gateway.events(last, BATCH)
    except TryLater:
        if line:
            line.answers = False
        return False
    rows: list[dict[str, Any]] = [
        {
            "sequence": event.sequence,
            "key": event.key,
            "kind": event.kind.value,
            "verifier": event.verifier,
            "at": event.at,
            "data": dict(event.data),
        }
        for event in events
    ]
    if rows:
        _keep(rows)
    hurried = line is not None and not line.answers and handover.hurry()
    if line:
        line.answers = True
    return hurried or bool(rows)


@verb
def _keep(rows: Sequence[dict[str, Any]]) -> None:
    # What is kept already stays: the ministry may say it again, or say it to two workers at once.
    now = clock.now()
    insert_once(MinistryNews.__table__, [{**row, "due_at": now} for row in rows])  # type: ignore[arg-type]


def apply_due() -> bool:
    """Apply a batch of what is due; True when there may be more.

    A piece of news that cannot be applied is put off by an hour, alone, and logged; by a minute
    where it is the database that is at fault.
    """
    try:
        return _apply()
    except Exception:
        log.exception("a batch of the ministry's news failed; applying them one by one")
    for sequence in _open():
        try:
            _apply(sequence)
        except DATABASE:
            log.exception("news %s of the ministry cannot be applied now", sequence)
            _put_off_alone(sequence, UNWELL)
        except Exception:
            log.exception("news %s of the ministry cannot be applied", sequence)
            _put_off_alone(sequence, POISONED, "error")
    return False


def _due(*what: Any, now: datetime) -> Select[Any]:
    earlier = aliased(MinistryNews)
    waits = exists().where(
        earlier.key == MinistryNews.key,
        earlier.applied_at.is_(None),
        earlier.due_at > now,
        earlier.sequence < MinistryNews.sequence,
    )
    return select(*what).where(*due.news(now), ~waits).order_by(MinistryNews.sequence).limit(BATCH)


@verb
def _open() -> Sequence[int]:
    return db.session.scalars(_due(MinistryNews.sequence, now=clock.now())).all()


@verb
def _put_off_alone(sequence: int, by: timedelta, result: str | None = None) -> None:
    db.session.execute(
        update(MinistryNews)
        .where(MinistryNews.sequence == sequence)
        .values(due_at=clock.now() + by, result=result)
    )


@verb
def _apply(sequence: int | None = None) -> bool:
    now = clock.now()
    due = _due(MinistryNews, now=now).with_for_update(skip_locked=True)
    if sequence is not None:  # alone: others that are due may not be readable
        due = due.where(MinistryNews.sequence == sequence)
    batch = db.session.scalars(due).all()
    orders = _orders_of(batch)
    expiring = _expire_together(batch, orders, now)
    waiting: set[str] = set()
    for news in batch:
        if news in expiring:
            continue
        order = orders.get(news.key)
        if order is not None and State(order.state) is State.APPROVED:
            waiting.add(news.key)
        if news.key in waiting:
            news.due_at = now + NOT_READY
            continue
        news.applied_at = now
        news.result = "applied"
        if order is None:
            news.result = "no such round"  # withdrawn, or returned and handed in again
        elif not takes(EventKind(news.kind), State(order.state)):
            news.result = f"not in {order.state}"
        else:
            take(order, news)
    return sequence is None and len(batch) == BATCH


def _orders_of(batch: Sequence[MinistryNews]) -> dict[str, Order]:
    numbers = {news.key.partition("/")[0] for news in batch}
    query = (
        select(Order)
        .where(Order.number.in_(numbers))
        .order_by(Order.id)
        .with_for_update()
        # What was filled in takes long to decrypt; few kinds of news need it.
        .options(defer(Order.content), defer(Order.return_note))
        .execution_options(populate_existing=True)
    )
    return {order.ministry_key: order for order in db.session.scalars(query)}


def _expire_together(
    batch: Sequence[MinistryNews], orders: dict[str, Order], now: datetime
) -> set[MinistryNews]:
    """Expire in one move the orders for which that is all there is to tell."""
    told = Counter(news.key for news in batch)
    chosen = {
        news
        for news in batch
        if news.kind == EventKind.EXPIRED
        and told[news.key] == 1
        and news.key in orders
        and State(orders[news.key].state) is State.VERIFYING
    }
    at = {orders[news.key].id: datetime.fromisoformat(news.data["fell_due"]) for news in chosen}
    expire([orders[news.key] for news in chosen], at)
    settled = MinistryNews.sequence.in_([news.sequence for news in chosen])
    db.session.execute(
        update(MinistryNews).where(settled).values(applied_at=now, result="applied"),
        execution_options={"synchronize_session": False},
    )
    return chosen
