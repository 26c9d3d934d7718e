"""P9: a worker expiring orders, with events and seals, against set-based SQL of the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from sqlalchemy import func, select, text, update

from console import clock
from console.extensions import db
from console.models import Event, MinistryNews, Order
from console.services import news, sealing
from tests.bench.orders import fill
from tests.bench.places import postgres
from tests.bench.target import Room, found, spread_of
from tests.support.apps import make_app

ROUNDS = 3
BATCH = 1000
EXPIRED = '["expired"]'
WORDS = {"verifying": "verifying", "expired": EXPIRED, "data": f'{{"reasons": {EXPIRED}}}'}
# What the worker writes, said once for all rows of a batch: the move, its event, the news settled.
MOVE = """UPDATE orders SET state = 'returned', returned_by = 'ministry', reasons = :expired,
    revision = revision + 1, state_since = deadline, touched_at = deadline, due_at = deadline
    WHERE state = :verifying AND id BETWEEN :low AND :high"""
TELL = """INSERT INTO events (order_id, at, action, from_state, to_state, actor, data)
    SELECT id, deadline, 'expire', :verifying, 'returned', 'ministry', :data
    FROM orders WHERE id BETWEEN :low AND :high"""
SETTLE = """UPDATE ministry_news SET applied_at = due_at, result = 'applied'
    WHERE sequence BETWEEN :low AND :high"""
BEGIN = """UPDATE orders SET state = 'verifying', round = 1, deadline = state_since,
    returned_by = NULL, reasons = '[]', cancel_at = NULL"""
HEARD = """INSERT INTO ministry_news (sequence, key, kind, at, data, due_at)
    SELECT id, number || '/1', 'expired', state_since, '', state_since FROM orders"""


def measure(room: Room) -> dict[str, Any]:
    """Rows a second by the worker over those by SQL; the worse of the two databases."""
    count = 1_000 if room.quick else 20_000
    shares, beside, spreads, faults = {}, {}, [], []
    for name, url in _databases(room):
        with make_app(url, room.folder).app_context():
            rates, wrong = _rates(count)
            db.session.remove()
            db.engine.dispose()
        shares[name] = median(rates["worker"]) / median(rates["SQL"])
        beside |= {f"{name} {way} rows/s": median(one) for way, one in rates.items()}
        spreads.append(spread_of(rates["SQL"]))
        faults += [f"{name}: {fault}" for fault in wrong]
    notes = [f"{name}: {share:.2f} of SQL, {count} orders" for name, share in shares.items()]
    return found(min(shares.values()), beside, spread=max(spreads), faults=faults, notes=notes)


def _databases(room: Room) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{room.folder / 'p09.sqlite3'}"
    with postgres(room.folder) as url:
        yield "PostgreSQL", url


def _rates(count: int) -> tuple[dict[str, list[float]], list[str]]:
    """How many orders a second each way expires, and what came out wrong."""
    db.create_all()
    fill(count, {"orders"}, running=1)
    rates: dict[str, list[float]] = {"SQL": [], "worker": []}
    faults = []
    for _ in range(ROUNDS):
        for way, work in (("SQL", _by_sql), ("worker", _by_worker)):
            _begin()
            rates[way].append(count / _timed(lambda work=work: work(count)))  # type: ignore[misc]
            if (done := _done()) != (count, count, count):
                faults.append(f"{way} left {done} of {count}")
    return rates, faults


def _begin() -> None:
    """Orders that are being verified, each with the ministry's word that its time is over."""
    fell_due = {"fell_due": clock.now().isoformat()}
    with db.engine.begin() as connection:
        for statement in ("DELETE FROM seals", "DELETE FROM events", "DELETE FROM ministry_news"):
            connection.execute(text(statement))
        connection.execute(text(BEGIN))
        connection.execute(text(HEARD))
        connection.execute(update(MinistryNews).values(data=fell_due))
    how = "VACUUM ANALYZE" if db.engine.dialect.name == "postgresql" else "ANALYZE"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(how))


def _by_sql(count: int) -> None:
    for low in range(1, count + 1, BATCH):
        with db.engine.begin() as connection:
            for statement in (MOVE, TELL, SETTLE):
                connection.execute(text(statement), {**WORDS, "low": low, "high": low + BATCH - 1})


def _by_worker(_count: int) -> None:
    while news.apply_due():
        db.session.remove()
    while sealing.seal_next(at_once=True):
        db.session.remove()
    db.session.remove()


def _done() -> tuple[int | None, ...]:
    """Orders returned, their events, and the news settled."""
    returned = select(func.count()).where(
        Order.state == "returned", Order.returned_by == "ministry"
    )
    events = select(func.count()).where(Event.action == "expire", Event.to_state == "returned")
    settled = select(func.count()).where(MinistryNews.result == "applied")
    counted = tuple(db.session.scalar(query) for query in (returned, events, settled))
    db.session.remove()
    return counted


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
