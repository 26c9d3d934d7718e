"""The limit on guesses of a code where the book counts wrong certificate numbers only.

It goes by the pair of mobile and last six, whether or not the ministry knows it: being told to
wait tells nothing. The row is written under every book, so that every entry does the same work.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from console.miit.mock.register_tables import MinistryThrottle
from console.miit.mock.settings import book_on
from console.types import Moment, digest

WAIT = timedelta(hours=1)
# Longer than any window: what was received so long ago is no longer pending.
LOOK_BACK = timedelta(days=4)
NO_LIMIT = 2**30


def pair_digest(mobile: str, last_six: str) -> str:
    """What the count goes by."""
    return digest("miit-pair", f"{mobile} {last_six}")


def _limit(now: datetime) -> int:
    """The limit that holds while an order of a book that needs it may be pending."""
    books = [book for day in (now, now - LOOK_BACK) if (book := book_on(day))]
    limits = [book.tries for book in books if book.counted_failure == "certificate"]
    return min(limits, default=NO_LIMIT)


def count_pair(session: Session, pair: str, now: datetime) -> bool:
    """Count an entry of a pair, atomically. False: the limit is reached, wait."""
    table = MinistryThrottle
    # A clock that was set back must not make anyone wait for days.
    stale = or_(table.since <= now - WAIT, table.since > now)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = session.execute(
        insert(table)
        .values(digest=pair, used=1, since=now)
        .on_conflict_do_update(
            index_elements=[table.digest],
            set_={
                "used": case((stale, 1), else_=table.used + 1),
                "since": case((stale, now), else_=table.since),
            },
            where=or_(stale, table.used < _limit(now)),
        )
        .returning(table.used)
    )
    return row.scalar_one_or_none() is not None


def forget_pair(session: Session, pair: str, entries: int | None = None) -> None:
    """Take back some entries of a pair, or all: they were no guesses of a code."""
    table = MinistryThrottle
    left = 0 if entries is None else case((table.used > entries, table.used - entries), else_=0)
    session.execute(
        update(table)
        .where(table.digest == pair)
        .values(used=left)
        .execution_options(synchronize_session=False)
    )


def old_throttles(until: Moment) -> Select[str]:
    """The counts begun until then: after WAIT they no longer hold anyone back."""
    return select(MinistryThrottle.digest).where(MinistryThrottle.since <= until)


def forget_old(session: Session, now: datetime) -> None:
    """Delete the counts that no longer hold anyone back."""
    session.execute(delete(MinistryThrottle).where(MinistryThrottle.since <= now - WAIT))
