"""One write transaction for one verb: what is tried again, for how long, and what is waited for."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from console import transactions
from console.errors import Busy
from console.extensions import db
from console.transactions import engine_options, prepare_sqlite, run_writing, verb
from tests.services.world import World


def test_on_postgresql_nobody_waits_long_for_a_lock_or_a_connection() -> None:
    options = engine_options("postgresql+psycopg://localhost/x")
    assert options == {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_timeout": 5,
        "connect_args": {
            "connect_timeout": 5,
            "options": "-c lock_timeout=10s",
            "tcp_user_timeout": 10_000,  # a machine that is gone without a word
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
        },
    }


@pytest.mark.parametrize(
    "url", ["sqlite:///x", "postgresql+psycopg://localhost/x?options=-c%20lock_timeout%3D1s"]
)
def test_elsewhere_and_where_the_address_says_its_own_no_limits_are_set(url: str) -> None:
    common = {"hide_parameters": True, "pool_pre_ping": True, "pool_timeout": 5}
    assert engine_options(url) == common


def test_sqlite_is_made_ready_for_several_writers(tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x'}")
    prepare_sqlite(engine)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    full = 2
    assert found == {
        "journal_mode": "wal", "foreign_keys": 1, "synchronous": full, "busy_timeout": 10_000,
    }  # fmt: skip


def test_a_writer_asks_for_the_right_to_write_when_it_begins(tmp_path: Any) -> None:
    """A reader may read on meanwhile; a second writer is told at once that it must wait."""
    engine = create_engine(f"sqlite:///{tmp_path / 'x'}")
    prepare_sqlite(engine, busy_timeout_ms=1)
    with engine.connect() as writer, engine.connect() as second, engine.connect() as reader:
        writer.execution_options(sqlite_begin="IMMEDIATE").execute(text("SELECT 1"))
        reader.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="locked"):
            second.execution_options(sqlite_begin="IMMEDIATE").execute(text("SELECT 1"))


def failing(state: str | None, words: str = "") -> OperationalError:
    """An error of the driver's, with PostgreSQL's code or SQLite's words."""
    error = Exception(words)
    if state:  # SQLite's errors have no such thing
        error.sqlstate = state  # type: ignore[attr-defined]
    return OperationalError("UPDATE", {}, error)


class Waits:
    """In place of the machine's time and of sleeping."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slept: list[float] = []
        self.now = 100.0
        monkeypatch.setattr(transactions.time, "sleep", self.slept.append)
        monkeypatch.setattr(transactions.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(transactions.random, "uniform", lambda low, high: low + high)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    return Waits(monkeypatch)


@pytest.mark.parametrize(
    "error", [failing("40001"), failing("40P01"), failing(None, "database is locked")]
)
def test_what_lost_a_race_is_tried_three_times_with_pauses_that_grow(
    ctx: Flask, waits: Waits, error: OperationalError
) -> None:
    work = Mock(side_effect=error)
    with pytest.raises(Busy, match="busy"):
        run_writing(db.session(), work)
    assert work.call_count == 3
    assert waits.slept == pytest.approx([0.06, 0.12])


@pytest.mark.parametrize("error", [failing("53100", "disk full"), failing(None, "disk I/O error")])
def test_what_is_no_lost_race_is_told_at_once(
    ctx: Flask, waits: Waits, error: OperationalError
) -> None:
    work = Mock(side_effect=error)
    with pytest.raises(OperationalError):
        run_writing(db.session(), work)
    assert (work.call_count, waits.slept) == (1, [])
    assert not db.session().in_transaction()


@pytest.mark.parametrize(("seconds", "tries"), [(10.0, 3), (10.1, 1)])
def test_who_has_waited_ten_seconds_does_not_begin_again(
    ctx: Flask, waits: Waits, seconds: float, tries: int
) -> None:
    tried: list[int] = []

    def work() -> None:
        if not tried:
            waits.now += seconds
        tried.append(1)
        raise failing("40001")

    with pytest.raises(Busy):
        run_writing(db.session(), work)
    assert len(tried) == tries


def test_a_verb_gives_what_its_work_gave_and_lets_go_of_what_was_read(world: World) -> None:
    number = world.draft()
    order = world.order(number)
    order.label = "not meant to be kept"

    @verb
    def label(wanted: str, *, end: str) -> str:
        return f"{wanted}: {order.label}{end}"

    assert label.__name__ == "label"
    assert label("is", end=".") == "is: xizi-tea-1.cn."
    assert not db.session().in_transaction()
