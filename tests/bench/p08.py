"""P8: a page of the queue at 1,000,000 orders against 1,000, for every filter and at any depth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from console.extensions import db
from console.models import Order
from console.queries import review
from console.queries.review import NEWEST, TIME_LEFT, Chosen, Cursor
from console.rules.lifecycle import State
from console.services import planning
from tests.bench.orders import DESK, fill
from tests.bench.places import postgres
from tests.bench.target import Room, found, spread_of
from tests.support.apps import make_app

SMALL, LARGE, LARGE_QUICK = 1_000, 1_000_000, 10_000
TIMES, TIMES_QUICK = 24, 12
TYPE, RARE_TYPE = "first-filing", "cancel-service"
PROVINCE, RARE_PROVINCE = "BJ", "XJ"
FEW = (RARE_TYPE, RARE_PROVINCE, "mine")  # what so little is found by that it may fill no page
IN_REVIEW, ACCEPTED, VERIFYING = State.IN_REVIEW, State.ACCEPTED, State.VERIFYING


@dataclass(frozen=True)
class Look:
    """One page that is asked for; `deep`: from the middle of the list on."""

    which: Chosen
    deep: bool = False

    def __str__(self) -> str:
        which, words = self.which, [self.which.state.value, self.which.sort]
        words += [word for word in (which.type, which.province) if word]
        words += ["mine"] * (which.mine is not None) + ["came back"] * which.came_back
        return ", ".join([*words, *(["deep"] * self.deep)])


def looks(reviewer: int) -> Iterator[Look]:
    """Every filter, alone and with others, common and rare, from the top and from the middle."""
    for state in (IN_REVIEW, ACCEPTED, State.RETURNED, State.ADMINISTRATION_REVIEW):
        for sort in (review.WAITING, NEWEST):
            yield from (Look(Chosen(state, sort=sort), deep) for deep in (False, True))
    for state, sort in ((IN_REVIEW, review.WAITING), (ACCEPTED, NEWEST), (VERIFYING, TIME_LEFT)):
        plain = Chosen(state, sort=sort)
        for one in (TYPE, RARE_TYPE):
            yield Look(replace(plain, type=one), True)
            for two in (PROVINCE, RARE_PROVINCE):
                yield Look(replace(plain, type=one, province=two))
        yield Look(replace(plain, province=PROVINCE), True)
        yield Look(replace(plain, mine=reviewer), True)
        yield Look(replace(plain, came_back=True), True)
        yield Look(replace(plain, mine=reviewer, type=RARE_TYPE, province=PROVINCE))
        yield Look(replace(plain, mine=reviewer, came_back=True, province=RARE_PROVINCE))


def measure(room: Room) -> dict[str, Any]:
    """The slowest look at many orders over a full page at few; the worse of the databases."""
    large = LARGE_QUICK if room.quick else LARGE
    sizes = SMALL, large
    worst, beside, notes, faults, spreads = 0.0, {}, [], [], []
    for name, urls in _databases(room, large):
        few, many = (_filled(url, room, size) for url, size in zip(urls, sizes, strict=True))
        took = compare(few, many, TIMES_QUICK if room.quick else TIMES)
        # A page that few orders do not fill has less to do: then a full one is the measure.
        full = [one.few for one in took.values() if one.rows_few == review.PAGE]
        shares = {
            look: one.many / (one.few if one.rows_few >= one.rows else median(full))
            for look, one in took.items()
        }
        faults += [
            f"{name}: {one.rows} rows at {look}"
            for look, one in took.items()
            if one.rows != review.PAGE and not any(word in look for word in FEW)
        ]
        slowest = max(shares, key=lambda look: shares[look])
        worst = max(worst, shares[slowest])
        beside |= {
            f"{name} ms at {SMALL}": 1000 * median(full),
            f"{name} ms at {large}": 1000 * median(one.many for one in took.values()),
        }
        spreads.append(max(one.spread for one in took.values()))
        notes.append(
            f"{name}, {large} orders: median {median(shares.values()):.2f},"
            f" worst {shares[slowest]:.2f} ({slowest})"
        )
    return found(worst, beside, spread=max(spreads), faults=faults, notes=notes)


def _databases(room: Room, large: int) -> Iterator[tuple[str, list[str]]]:
    sizes = (SMALL, large)
    yield "SQLite", [f"sqlite:///{room.folder / f'p08-{size}.sqlite3'}" for size in sizes]
    with postgres(room.folder) as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for size in sizes:
                connection.execute(text(f"CREATE DATABASE p08_{size}"))
        engine.dispose()
        plain = make_url(url)
        yield (
            "PostgreSQL",
            [plain.set(database=f"p08_{size}").render_as_string(False) for size in sizes],
        )


def _filled(url: str, room: Room, count: int) -> tuple[Flask, int]:
    """An app with so many orders, and a reviewer who decided some."""
    app = make_app(url, room.folder)
    with app.app_context():
        db.create_all()
        reviewer = fill(count, DESK).reviewers[0]
        planning.learn()  # as the worker does once an hour
        return app, reviewer


@dataclass(frozen=True)
class Took:
    """Seconds of one look at few orders and at many, and how many rows each showed."""

    few: float
    many: float
    rows_few: int
    rows: int
    spread: float


def compare(few: tuple[Flask, int], many: tuple[Flask, int], times: int) -> dict[str, Took]:
    """Each look at both databases in turns; the least times: a busy machine only ever adds."""
    results = {}
    for look_few, look in zip(looks(few[1]), looks(many[1]), strict=True):
        asks = [_asker(few[0], look_few), _asker(many[0], look)]
        rows = [ask() for ask in asks]
        taken = [[_timed(ask) for ask in asks] for _ in range(times)]
        least = [min(one) for one in zip(*taken, strict=True)]
        half = [min(one[0] for one in taken[n::2]) for n in (0, 1)]
        results[str(look)] = Took(*least, *rows, spread_of(half))
    return results


def _asker(app: Flask, look: Look) -> Callable[[], int]:
    with app.app_context():
        cursor = _middle(look.which) if look.deep else None

    def ask() -> int:
        with app.app_context():
            return len(review.queue(look.which, cursor).rows)

    return ask


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _middle(which: Chosen) -> Cursor | None:
    """A place halfway down a list."""
    column, _ = review.sorted_by(which)
    matching = review.matching(which).with_only_columns(column, Order.id).order_by(column, Order.id)
    count = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    row = db.session.execute(matching.offset(count // 2).limit(1)).first()
    return (row[0], row[1]) if row else None
