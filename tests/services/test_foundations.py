"""What every service stands on: keys, column types, pauses, retried transactions."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError

from config import new_key
from console.errors import Busy, Refusal
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing, Keyring
from console.models import Order
from console.models.accounts import Account
from console.rules.text import T
from console.services import handover
from console.services.rotation import rotate_batch, rotating_columns
from console.transactions import TRIES, run_writing
from console.types import keyring
from tests.services.world import World
from tests.support.postgres import both_databases

OLD, NEW, DIGEST = new_key(), new_key(), new_key()


def test_what_an_older_key_wrote_is_read_and_what_is_written_is_under_the_newest() -> None:
    stored = Keyring([OLD], DIGEST).encrypt("张三")
    both = Keyring([NEW, OLD], DIGEST)
    assert both.decrypt(stored) == "张三"
    assert both.encrypt("张三").split(".")[0] == both.newest != stored.split(".")[0]


def test_a_missing_key_and_damaged_data_are_told_apart() -> None:
    ring = Keyring([NEW], DIGEST)
    with pytest.raises(KeyMissing):
        ring.decrypt(Keyring([OLD], DIGEST).encrypt("x"))
    with pytest.raises(DataDamaged):
        ring.decrypt(ring.encrypt("x")[:-4] + "AAA=")


def test_a_digest_finds_equal_values_however_they_are_written_and_tells_purposes_apart() -> None:
    ring = Keyring([NEW], DIGEST)
    assert ring.digest("email", " A@example.cn ") == ring.digest("email", "a@EXAMPLE.cn")
    assert ring.digest("email", "a@example.cn") != ring.digest("mobile", "a@example.cn")
    assert ring.digest("x", "y") != Keyring([NEW], new_key()).digest("x", "y")


def test_two_ciphertexts_of_one_value_differ() -> None:
    ring = Keyring([NEW], DIGEST)
    assert ring.encrypt("same") != ring.encrypt("same")


def test_a_pause_is_never_longer_than_a_quarter_of_an_hour() -> None:
    longest = max(handover.pause(attempts) for attempts in range(1, 200))
    assert timedelta(minutes=10) < longest <= timedelta(minutes=15)


@both_databases
def test_moments_of_any_zone_come_back_as_the_same_moment_in_utc(world: World) -> None:
    order = world.order(world.draft())
    order.received_at = datetime(2026, 11, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    db.session.commit()
    db.session.expire_all()
    assert order.received_at == datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
    assert order.received_at.tzinfo is UTC


@both_databases
def test_a_moment_without_a_zone_is_refused(world: World) -> None:
    order = world.order(world.draft())
    order.received_at = datetime(2026, 11, 2, 8, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        db.session.commit()


@both_databases
def test_personal_data_are_not_in_the_database_in_clear(world: World) -> None:
    number = world.verifying()
    content = db.session.scalar(text("SELECT content FROM orders"))
    mobile = db.session.scalar(text("SELECT mobile FROM verifiers"))
    assert content.startswith(f"{keyring().newest}.")
    assert mobile.startswith(f"{keyring().newest}.")
    assert world.verifier(number, "entity-leader").mobile not in content


@both_databases
def test_rotation_moves_every_encrypted_value_under_the_newest_key(
    world: World, ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.services.rotation.BATCH", 2)
    number = world.verifying()
    for _ in range(3):
        world.draft()
    before = world.order(number).content
    old, newest = ctx.config["ENCRYPTION_KEYS"], new_key()
    ctx.extensions["keyring"] = Keyring([newest, *old], ctx.config["DIGEST_KEY"])
    db.session.remove()
    moved = [_rotate(column) for column in rotating_columns()]
    ctx.extensions["keyring"] = Keyring([newest], ctx.config["DIGEST_KEY"])
    assert world.order(number).content == before
    assert [account.email for account in db.session.query(Account)] != []
    assert world.verifier(number, "entity-leader").mobile
    assert sum(moved) > 8
    assert sum(_rotate(column) for column in rotating_columns()) == 0


def _rotate(column) -> int:  # type: ignore[no-untyped-def]
    total, last = 0, None
    while True:
        batch = rotate_batch(column, last)
        total, last = total + batch.moved, batch.last
        if last is None:
            return total


def _race_lost() -> OperationalError:
    class Lost(Exception):
        sqlstate = "40001"

    return OperationalError("UPDATE", {}, Lost("could not serialize"))


@both_databases
def test_a_write_that_lost_a_race_is_run_again_whole(world: World) -> None:
    number = world.draft()
    tries = []

    def work() -> None:
        tries.append(1)
        world_order = db.session.query(Order).filter_by(number=number).one()
        world_order.label = f"try {len(tries)}"
        db.session.flush()
        if len(tries) < TRIES:
            raise _race_lost()

    run_writing(db.session(), work)
    assert len(tries) == TRIES
    assert world.order(number).label == "try 3"


@both_databases
def test_a_write_that_loses_every_race_is_busy_and_changes_nothing(world: World) -> None:
    number = world.draft()
    before = world.order(number).label

    def work() -> None:
        db.session.query(Order).filter_by(number=number).one().label = "lost"
        db.session.flush()
        raise _race_lost()

    with pytest.raises(Busy):
        run_writing(db.session(), work)
    assert world.order(number).label == before


@both_databases
def test_a_refusal_undoes_the_whole_verb_and_is_not_retried(world: World) -> None:
    number = world.draft()
    before, tries = world.order(number).label, []

    def work() -> None:
        tries.append(1)
        db.session.query(Order).filter_by(number=number).one().label = "refused"
        db.session.flush()
        raise Refusal(T("There is no such order."))

    with pytest.raises(Refusal):
        run_writing(db.session(), work)
    assert (world.order(number).label, tries) == (before, [1])


@both_databases
def test_writers_that_read_first_wait_for_each_other_and_lose_nothing(
    world: World, ctx: Flask
) -> None:
    number = world.draft()
    db.session.remove()

    def count_up() -> None:
        with ctx.app_context():
            for _ in range(5):
                run_writing(db.session(), lambda: _one_more(number))
            db.session.remove()

    before = world.order(number).round
    db.session.remove()
    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.order(number).round == before + 20


def _one_more(number: str) -> None:
    query = db.session.query(Order).filter_by(number=number).with_for_update()
    query.one().round += 1
