"""The figures are kept up as things happen, and say the same as counting everything would."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from console.clock import china_day
from console.extensions import db
from console.models import OrderCount, Tally
from console.queries import figures, tallies
from console.rules.tallies import share, step
from console.services import sealing, tallying
from tests.bench.orders import fill
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.postgres import both_databases

EVENTS = {"orders", "events"}
# Filling by the thousand changes the journal, and so wants the database for itself.
pytestmark = pytest.mark.own_app


def seal_and_tally() -> None:
    while sealing.seal_next(at_once=True):
        pass
    while tallying.tally_due():
        pass


@both_databases
def test_tallied_figures_are_those_of_the_moves_themselves(ctx: Flask) -> None:
    made = fill(200, EVENTS)
    first, last = china_day(made.now - timedelta(days=400)), china_day(made.now)
    whole = tallies.tally(tallies.moves_after(0, None, 100_000))
    before, there = (figures.figures(first, last, made.now, where) for where in ("", "BJ"))
    seal_and_tally()
    assert figures.figures(first, last, made.now) == before
    assert figures.figures(first, last, made.now, "BJ") == there
    kept = db.session.execute(select(Tally.province, Tally.day, Tally.name, Tally.count))
    assert Counter({(p, day, name): n for p, day, name, n in kept}) == whole
    for shown in (before.by_day, before.load, before.reasons, before.verification, there.by_day):
        assert shown
    assert 0 < sum(there.now_in.values()) < sum(before.now_in.values())


def test_tallying_again_changes_nothing(ctx: Flask) -> None:
    fill(60, EVENTS)
    seal_and_tally()
    total = db.session.scalar(select(func.sum(Tally.count)))
    seal_and_tally()
    assert not tallying.tally_due()
    assert db.session.scalar(select(func.sum(Tally.count))) == total


def test_a_move_shows_in_the_figures_before_any_worker_has_seen_it(drive: Drive) -> None:
    drive.submit(drive.draft(valid_filing(1)))
    now = drive.clock.now
    today = china_day(now)
    found = figures.figures(today, today, now)
    assert found.by_day[today]["in-review"] == 1
    assert found.now_in == {"in-review": 1}
    assert db.session.scalar(select(func.count()).select_from(Tally)) == 0


def test_orders_by_state_are_counted_by_the_worker_and_not_on_each_view(drive: Drive) -> None:
    drive.draft(valid_filing(1))
    tallying.Census().take()  # a census of its own: the worker's may have counted a moment ago
    counted = tallies.order_counts(drive.clock.now)
    drive.draft(valid_filing(2))
    drive.clock.move(minutes=9)
    assert tallies.order_counts(drive.clock.now) == counted
    assert counted.by_state == {"draft": 1}
    # No worker counts any more: better slow than wrong.
    drive.clock.move(minutes=2)
    assert tallies.order_counts(drive.clock.now).by_state == {"draft": 2}


def test_two_workers_count_once_a_minute(drive: Drive) -> None:
    drive.draft(valid_filing(1))
    tallying.Census().take()
    first = db.session.scalars(select(OrderCount.counted_at)).all()
    drive.clock.move(seconds=30)
    tallying.Census().take()
    assert db.session.scalars(select(OrderCount.counted_at)).all() == first


@both_databases
def test_workers_that_count_at_the_same_moment_do_not_get_in_each_other_s_way(
    drive: Drive,
) -> None:
    drive.draft(valid_filing(1))

    def count() -> None:
        with drive.app.app_context():
            tallying.Census().take(at_once=True)

    with ThreadPoolExecutor(6) as workers:
        for counted in [workers.submit(count) for _ in range(24)]:
            counted.result()
    assert tallies.order_counts(drive.clock.now).by_state == {"draft": 1}


def test_a_stay_is_kept_to_within_a_fortieth() -> None:
    for seconds in (1, 59, 3600, 86_400, 45 * 86_400):
        kept = share({step(seconds): 1}, 0.5)
        assert abs(kept - seconds) <= seconds / 40
    ten = Counter(step(60 * n) for n in range(1, 11))
    assert share(ten, 0.5) == share({step(300): 1}, 0.5)
    assert share(ten, 0.9) == share({step(540): 1}, 0.9)
    assert share({}, 0.5) == 0
