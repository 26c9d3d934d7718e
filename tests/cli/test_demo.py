"""The demo fills an empty database with every state, whatever the rulebook."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from config import settings
from console import clock
from console.demo.cast import COMPANIES, person
from console.extensions import db
from console.models import Event, MinistryNews, Order
from console.rules.lifecycle import State
from console.rules.rulebook import load_books
from console.services import sealing
from tests.support.people import sign_in
from tests.support.postgres import both_databases

Run = Callable[..., Result]


@both_databases
def test_the_demo_leaves_every_state_an_unbroken_trail_the_clock_and_accounts_that_let_in(
    app: Flask, run: Run
) -> None:
    before, read = clock.now(), clock._offset_file
    result = run("demo", "--json")
    assert result.exit_code == 0, result.stderr
    assert clock._offset_file == read
    assert 0 <= (clock.now() - before).total_seconds() < 600
    with app.app_context():
        assert {order.state for order in db.session.scalars(select(Order))} == set(State)
        assert sealing.verify() == []
        assert db.session.scalars(select(MinistryNews.result).distinct()).all() == ["applied"]
    told = json.loads(result.stdout)
    assert len(told["accounts"]) == 4
    for email in told["accounts"]:
        answer = sign_in(app.test_client(), email, told["password"])  # type: ignore[arg-type]
        assert answer.status_code in (302, 303), email


class TestUnderEachBook:
    """A deployment may go by any book; the other tests go by the one that is the default."""

    @pytest.fixture(params=sorted(load_books().keys() - {settings({})["RULEBOOK"]}))
    def settings_for_app(self, request: pytest.FixtureRequest) -> dict[str, str]:
        """The book."""
        return {"RULEBOOK": request.param}

    def test_every_state_is_there(self, app: Flask, run: Run) -> None:
        assert run("demo").exit_code == 0
        with app.app_context():
            assert {order.state for order in db.session.scalars(select(Order))} == set(State)


def test_the_story_is_told_in_the_order_of_time_and_ends_now(demo_app: Flask) -> None:
    with demo_app.app_context():
        moments = list(db.session.scalars(select(Event.at).order_by(Event.id)))
        assert moments == sorted(moments)
        assert moments[-1] <= clock.now()


def test_a_database_with_data_is_left_alone(demo_app: Flask) -> None:
    runner = demo_app.test_cli_runner()
    again = runner.invoke(args=["demo"])
    assert again.exit_code == 2
    assert again.stdout == ""
    assert again.stderr.count("\n") == 1
    quiet = runner.invoke(args=["demo", "--if-empty"])
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_without_tables_it_says_what_to_do_first(app: Flask, run: Run) -> None:
    with app.app_context():
        db.drop_all()
    result = run("demo")
    assert result.exit_code == 2
    assert "flask db upgrade" in result.stderr


def test_no_personal_data_lie_in_clear(demo_app: Flask) -> None:
    with demo_app.app_context(), db.engine.connect() as connection:
        tables = [table.name for table in db.metadata.sorted_tables]
        stored = " ".join(
            str(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))
        )
    for company in COMPANIES:
        leader = person(2 * company.n)
        for secret in (leader.mobile, leader.certificate_number, leader.name, leader.email):
            assert secret not in stored
