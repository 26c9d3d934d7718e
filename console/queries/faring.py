"""How worker and ministry fare, as administrators see it; one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from console.models import Beat, Delivery, Event, MinistryNews, Seal
from console.queries.overlooked import STUCK, stuck
from console.queries.together import Together
from console.types import UTCDateTime


@dataclass(frozen=True)
class Health:
    """Last beats, backlog, what is stuck, and how far the trail is sealed."""

    beats: Sequence[tuple[datetime, str]]
    waiting: int
    held: int
    oldest: datetime | None
    stuck: int
    last_news: datetime | None
    news_waiting: int
    news_failed: int
    last_seal: datetime | None
    unsealed: int


_LONG_AGO = bindparam("long_ago", type_=UTCDateTime)
_BEATS = select(Beat.seen_at, Beat.worker).order_by(Beat.seen_at.desc()).limit(5)
_OPEN = select(
    func.count(),
    func.count(Delivery.held_at),
    func.min(Delivery.created_at),
    func.count().filter(*stuck(_LONG_AGO)),
).where(Delivery.done_at.is_(None))
# The newest, which is not quite the latest: to compare all would take seconds.
_LAST_NEWS = select(MinistryNews.at).order_by(MinistryNews.sequence.desc()).limit(1)
_NEWS_WAITING = select(func.count(), func.count().filter(MinistryNews.result.is_not(None))).where(
    MinistryNews.applied_at.is_(None)
)
_LAST_SEAL = select(Seal.last_event_id, Seal.sealed_at).order_by(Seal.id.desc()).limit(1)
_LAST_EVENT = select(func.max(Event.id))
_ALL = Together(_BEATS, _OPEN, _LAST_NEWS, _NEWS_WAITING, _LAST_SEAL, _LAST_EVENT)


def health(now: datetime) -> Health:
    """How they fare now."""
    beats, told, news, news_waiting, seals, events = _ALL(long_ago=now - STUCK)
    waiting, held, oldest, stuck_ = told[0]
    sealed, last_seal = seals[0] if seals else (0, None)
    return Health(
        beats=[(at, worker) for at, worker in reversed(beats)],
        waiting=waiting,
        held=held,
        oldest=oldest,
        stuck=stuck_,
        last_news=news[0][0] if news else None,
        news_waiting=news_waiting[0][0],
        news_failed=news_waiting[0][1],
        last_seal=last_seal,
        unsealed=(events[0][0] or 0) - sealed,
    )
