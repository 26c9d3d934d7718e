"""Figures for whoever watches over the console from outside: counts, no contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from console.extensions import db
from console.models import Beat, Delivery, Event, LiveSession, MinistryNews, Seal
from console.queries.tallies import order_counts

AHEAD = timedelta(minutes=1)  # as far as another machine's clock may be
STUCK_ATTEMPTS = 5  # asked that often without an answer: someone should look


@dataclass(frozen=True)
class Figures:
    """How things stand in the database at one moment."""

    orders: Mapping[str, int]
    orders_counted_at: datetime
    deliveries_open: int
    deliveries_stuck: int
    oldest_delivery_due: datetime | None
    news_open: int
    news_stuck: int
    sessions: int
    unsealed_events: int
    worker_seen_at: datetime | None


def figures(now: datetime) -> Figures:
    """Count. Raises SQLAlchemyError where the database does not answer."""
    counted = order_counts(now)
    deliveries = db.session.execute(
        select(
            func.count(),
            func.count().filter(Delivery.attempts >= STUCK_ATTEMPTS),
            func.min(Delivery.due_at),
        ).where(Delivery.done_at.is_(None))
    ).one()
    news = db.session.execute(
        select(func.count(), func.count().filter(MinistryNews.result.is_not(None))).where(
            MinistryNews.applied_at.is_(None)
        )
    ).one()
    sealed = db.session.scalar(select(func.max(Seal.last_event_id))) or 0
    return Figures(
        orders=counted.by_state,
        orders_counted_at=counted.at,
        deliveries_open=deliveries[0],
        deliveries_stuck=deliveries[1],
        oldest_delivery_due=deliveries[2],
        news_open=news[0],
        news_stuck=news[1],
        sessions=_count(select(func.count()).select_from(LiveSession)),
        unsealed_events=_count(select(func.count()).where(Event.id > sealed)),
        worker_seen_at=worker_seen_at(now),
    )


def worker_seen_at(now: datetime) -> datetime | None:
    """When a worker last gave a sign of life; None where none ever did.

    A sign "in the future" is one of before the clock was set back, and says nothing of today.
    """
    signs = select(func.max(Beat.seen_at)).where(Beat.seen_at <= now + AHEAD)
    return db.session.scalar(signs)


def worker_is_fresh(now: datetime, within: timedelta = timedelta(seconds=30)) -> bool:
    """Whether a worker gave a sign of life lately."""
    seen = worker_seen_at(now)
    return seen is not None and now - within <= seen


def _count(query: Select[int]) -> int:
    return db.session.scalar(query) or 0
