"""The chain of seals: what is changed, missing or inserted behind our back is found."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from sqlalchemy import text

from console.extensions import db
from console.services import sealing, telling
from console.types import keyring
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases


@pytest.fixture
def sealed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three blocks of two events."""
    monkeypatch.setattr(sealing, "BLOCK", 2)
    for _ in range(3):
        world.in_review()
    while sealing.seal_next(at_once=True):
        pass
    return world


def _sql(statement: str) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement))
    db.session.expire_all()


def _event(number: int) -> int:
    ids = db.session.scalars(text("SELECT id FROM events ORDER BY id")).all()  # type: ignore[call-overload]
    return int(ids[number])


def test_a_whole_trail_has_no_faults(sealed: World) -> None:
    assert sealing.verify() == []


def test_sealing_again_adds_nothing(sealed: World) -> None:
    assert sealing.seal_next(at_once=True) is False
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 3


TAMPERING: dict[str, Callable[[], str]] = {
    "an action was changed": lambda: f"UPDATE events SET action = 'discard' WHERE id = {_event(1)}",
    "a moment was changed": lambda: (
        f"UPDATE events SET at = '2020-01-01 00:00:00' WHERE id = {_event(2)}"
    ),
    "data were changed": lambda: (
        f"""UPDATE events SET data = '{{"x": 1}}' WHERE id = {_event(3)}"""
    ),
    "an event was taken out": lambda: f"DELETE FROM events WHERE id = {_event(4)}",
    "a seal was taken out": lambda: (
        "DELETE FROM seals WHERE id = (SELECT id FROM seals ORDER BY id LIMIT 1)"
    ),
    "a digest was written anew": lambda: (
        "UPDATE seals SET digest = 'f' WHERE id = (SELECT id FROM seals ORDER BY id LIMIT 1)"
    ),
    "two events changed places": lambda: (
        "UPDATE events SET action = CASE action WHEN 'start' THEN 'submit' ELSE 'start' END "
        f"WHERE id IN ({_event(2)}, {_event(3)})"
    ),
    "an event was moved into the next block": lambda: (
        f"UPDATE events SET id = id + 1000000 WHERE id = {_event(5)}"
    ),
    "the count of a seal was changed": lambda: (
        "UPDATE seals SET count = 1 WHERE id = (SELECT max(id) FROM seals)"
    ),
    "where a block begins was changed": lambda: (
        "UPDATE seals SET first_event_id = first_event_id + 1 "
        "WHERE id = (SELECT max(id) FROM seals)"
    ),
    "where a block ends was changed": lambda: (
        "UPDATE seals SET last_event_id = last_event_id - 1 WHERE id = (SELECT max(id) FROM seals)"
    ),
    "where the last block ends was put off": lambda: (
        "UPDATE seals SET last_event_id = last_event_id + 9 WHERE id = (SELECT max(id) FROM seals)"
    ),
    "when a block was sealed was changed": lambda: (
        "UPDATE seals SET sealed_at = '2020-01-01 00:00:00' WHERE id = (SELECT min(id) FROM seals)"
    ),
    "an event was put before all": lambda: (
        "INSERT INTO events (id, at, action, actor, data) "
        "VALUES (0, '2020-01-01 00:00:00', 'start', 'applicant', '{}')"
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found(sealed: World, what: str) -> None:
    _sql(TAMPERING[what]())
    assert sealing.verify() != []


def _seal_as_before(covered: str, _sealed_at: datetime) -> str:
    """The digest of a seal that does not cover when it was made, as they were at first."""
    return keyring().digest("seal", covered)


def test_a_chain_goes_on_behind_seals_that_did_not_cover_their_moment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(sealing, "_digest", _seal_as_before)
        world.in_review()
        sealing.seal_next(at_once=True)
    world.in_review()
    sealing.seal_next(at_once=True)
    assert sealing.verify() == []
    _sql("UPDATE seals SET sealed_at = '2020-01-01 00:00:00' WHERE id = 2")
    assert [fault.first_event_id for fault in sealing.verify()] == [_event(2)]
    _sql(f"UPDATE events SET action = 'discard' WHERE id = {_event(0)}")
    assert [fault.first_event_id for fault in sealing.verify()] == [_event(0), _event(2)]


def test_a_fault_names_its_block_and_no_other(sealed: World) -> None:
    second = _event(2), _event(3)
    _sql(f"UPDATE events SET action = 'discard' WHERE id = {second[0]}")
    (fault,) = sealing.verify()
    assert (fault.first_event_id, fault.last_event_id) == second


def test_a_block_that_is_not_full_waits_ten_seconds_for_more(world: World, clock: Clock) -> None:
    world.draft()
    sealing.seal_next()
    world.draft()
    sealing.seal_next()
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 1
    clock.move(seconds=11)
    sealing.seal_next()
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 2


def test_a_clock_set_back_does_not_put_a_seal_off(world: World, clock: Clock) -> None:
    world.draft()
    sealing.seal_next()
    clock.move(days=-3)
    world.draft()
    sealing.seal_next()
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 2


def test_sealing_does_not_hold_up_writers_behind_work_on_the_table(
    app: Flask, world: World, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        return  # one writer at a time
    world.draft()

    def seal() -> bool:
        with app.app_context():
            return sealing.seal_next(at_once=True) or telling.tell_due()

    with db.engine.begin() as index, ThreadPoolExecutor(1) as worker:
        index.execute(text("LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE"))
        assert worker.submit(seal).result(5) is False
        world.draft()
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 0
    assert seal() is False
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 1


def test_two_workers_at_once_seal_a_block_once(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.draft()
    both, last = Barrier(2), sealing._last

    def seen_at_once() -> object:
        found = last()
        with suppress(BrokenBarrierError):
            both.wait(0.3)
        return found

    def seal() -> bool:
        with app.app_context():
            return sealing.seal_next(at_once=True)

    monkeypatch.setattr(sealing, "_last", seen_at_once)
    with ThreadPoolExecutor(2) as workers:
        assert [seals.result() for seals in [workers.submit(seal) for _ in range(2)]] == [False] * 2
    assert db.session.scalar(text("SELECT count(*) FROM seals")) == 1
