"""Keeping the figures up as things happen, and counting the orders now and then."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from console import clock
from console.extensions import db
from console.models import Order, OrderCount, Seal, Tally, TallyCursor
from console.queries.tallies import Key, cursor, moves_after, tally
from console.services.letters import insert_once
from console.transactions import verb

BATCH = 2000
EVERY_SECONDS = 60.0
REST = 20  # after a count that took long there is a pause this many times as long


def tally_due() -> bool:
    """Add to the figures what was sealed since; True when there may be more.

    What is sealed is complete: no event can appear before it any more.
    """
    sealed = db.session.scalar(select(func.max(Seal.last_event_id))) or 0
    behind = cursor() < sealed
    db.session.rollback()
    return behind and _tally(sealed)


@verb
def _tally(sealed: int) -> bool:
    insert_once(TallyCursor.__table__, [{"id": 1, "event_id": 0}])  # type: ignore[arg-type]
    here = db.session.get_one(TallyCursor, 1, with_for_update=True, populate_existing=True)
    rows = moves_after(here.event_id, sealed, BATCH)
    _add(tally(rows))
    full = len(rows) == BATCH
    here.event_id = rows[-1].id if full else max(sealed, here.event_id)
    return full


def _add(found: Counter[Key]) -> None:
    if not found:
        return
    table: Table = Tally.__table__  # type: ignore[assignment]
    on_postgres = db.session.connection().dialect.name == "postgresql"
    new = postgresql.insert(table) if on_postgres else sqlite.insert(table)
    add = new.on_conflict_do_update(
        index_elements=["province", "day", "name"],
        set_={"count": table.c.count + new.excluded.count},
    )
    # Sorted, so that two workers lock rows in one order.
    rows = [
        {"province": key[0], "day": key[1], "name": key[2], "count": n}
        for key, n in sorted(found.items())
    ]
    db.session.connection().execute(add, rows)


class Census:
    """Counts the orders by state and province once a minute, or whenever asked `at_once`."""

    def __init__(self) -> None:
        self._next = 0.0

    def take(self, at_once: bool = False) -> bool:
        """One count where it is time for one. Never more to do."""
        began = clock.machine_seconds()
        if not at_once and began < self._next <= began + 3600:
            return False
        _count(at_once)
        took = clock.machine_seconds() - began
        self._next = began + max(EVERY_SECONDS, REST * took)
        return False


def _alone() -> bool:
    """Whether nobody else counts now; on SQLite, whoever writes is alone."""
    if db.session.connection().dialect.name != "postgresql":
        return True
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext("census")))))


@verb
def _count(at_once: bool) -> None:
    if not _alone():
        return  # another worker does
    now = clock.now()
    lately = select(OrderCount.state).where(
        OrderCount.counted_at > now - timedelta(seconds=EVERY_SECONDS),
        OrderCount.counted_at <= now,
    )
    if not at_once and db.session.scalar(lately.limit(1)) is not None:
        return  # another worker has
    query = select(Order.state, Order.province, func.count())
    found = db.session.execute(query.group_by(Order.state, Order.province)).all()
    db.session.execute(delete(OrderCount))
    if found:
        names = ("state", "province", "count")
        rows = [{**dict(zip(names, row, strict=True)), "counted_at": now} for row in found]
        db.session.execute(insert(OrderCount), rows)
