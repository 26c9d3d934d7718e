"""`orders show`, `audit verify`, `keys rotate`, `worker`: what they print and how they end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from config import new_key
from console.extensions import db
from console.keyring import Keyring
from console.models import Order
from console.rules.lifecycle import TRANSITIONS
from tests.support.apps import make_app

Run = Callable[..., Result]
ORDER_KEYS = [
    "number",
    "type",
    "state",
    "returned_by",
    "reasons",
    "rulebook",
    "deadline",
    "verifiers",
    "icp_numbers",
    "events",
]
UTC_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


@pytest.fixture
def app(demo_app: Flask) -> Flask:
    """The demo's data."""
    return demo_app


@pytest.fixture
def filled(app: Flask) -> Flask:
    """The same, by what matters about it."""
    return app


def _show(filled: Flask, run: Run, state: str) -> list[dict]:  # type: ignore[type-arg]
    with filled.app_context():
        numbers = db.session.scalars(select(Order.number).where(Order.state == state)).all()
    results = [run("orders", "show", number, "--json") for number in numbers]
    assert all(result.exit_code == 0 for result in results)
    return [json.loads(result.stdout) for result in results]


def test_an_order_being_verified_is_shown_with_who_must_and_by_when(
    filled: Flask, run: Run
) -> None:
    shown = _show(filled, run, "verifying")
    assert shown
    for order in shown:
        assert list(order) == ORDER_KEYS
        assert UTC_ISO.fullmatch(order["deadline"])
        assert order["rulebook"] == "aliyun-current"
        for row in order["verifiers"]:
            assert list(row) == ["roles", "state", "tries_left", "resends_left", "verified_at"]
            assert set(row["roles"]) <= {"entity-leader", "website-leader"}
    states = {row["state"] for order in shown for row in order["verifiers"]}
    assert states == {"waiting", "verified"}


def test_the_events_shown_are_moves_along_the_table(filled: Flask, run: Run) -> None:
    known = {(t.source and t.source.value, t.action.value, t.target.value) for t in TRANSITIONS}
    for state in ("accepted", "cancelled", "lapsed", "returned", "approved"):
        for order in _show(filled, run, state):
            steps = [(e["from"], e["action"], e["to"]) for e in order["events"]]
            assert set(steps) <= known
            assert steps[0] == (None, "start", "draft")
            assert steps[-1][2] == state
            assert all(UTC_ISO.fullmatch(event["at"]) for event in order["events"])
            assert {e["actor"] for e in order["events"]} <= {
                "applicant",
                "reviewer",
                "worker",
                "ministry",
            }


def test_an_accepted_order_shows_its_numbers_and_a_draft_shows_no_deadline(
    filled: Flask, run: Run
) -> None:
    (accepted,) = _show(filled, run, "accepted")
    entity, service = accepted["icp_numbers"]
    assert service == f"{entity}-1"
    assert all(draft["deadline"] is None for draft in _show(filled, run, "draft"))


def test_without_json_the_same_is_said_in_lines(filled: Flask, run: Run) -> None:
    with filled.app_context():
        number = db.session.scalars(
            select(Order.number).where(Order.state == "verifying").limit(1)
        ).one()
    result = run("orders", "show", number)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{number}  first-filing  verifying\n")


def test_an_unknown_number_is_one_line_on_stderr_and_status_2(run: Run) -> None:
    result = run("orders", "show", "20260101-AAAAAA", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    ["audit verify", "keys rotate", "backup b", "orders show X", "accounts disable a@example.cn"],
)
def test_a_database_without_tables_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new.sqlite3").touch()
    app = make_app(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path)
    result = app.test_cli_runner().invoke(args=words.split())
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "flask db upgrade" in result.stderr


def test_a_whole_trail_is_verified_with_status_0(filled: Flask, run: Run) -> None:
    assert run("audit", "verify").exit_code == 0


def test_a_changed_event_is_named_with_status_2(filled: Flask, run: Run) -> None:
    with filled.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE events SET actor = 'reviewer' WHERE id = 3"))
    result = run("audit", "verify")
    assert result.exit_code == 2
    assert "an event was changed" in result.stderr


def test_another_digest_key_is_told_from_a_changed_trail(filled: Flask, run: Run) -> None:
    keys = filled.config["ENCRYPTION_KEYS"]
    filled.extensions["keyring"] = Keyring(keys, new_key())
    result = run("audit", "verify")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("DIGEST_KEY is not the one")


def test_after_a_rotation_the_older_key_is_not_needed(filled: Flask, run: Run) -> None:
    old, digest, newest = filled.config["ENCRYPTION_KEYS"], filled.config["DIGEST_KEY"], new_key()
    filled.extensions["keyring"] = Keyring([newest, *old], digest)
    assert run("keys", "rotate").exit_code == 0
    filled.extensions["keyring"] = Keyring([newest], digest)
    with filled.app_context():
        for order in db.session.scalars(select(Order)):
            assert order.content["type"]
    assert run("keys", "rotate").stdout == "0 values were encrypted anew.\n"


def test_a_rotation_without_the_older_key_says_so_and_changes_nothing(
    filled: Flask, run: Run
) -> None:
    digest, ring = filled.config["DIGEST_KEY"], filled.extensions["keyring"]
    filled.extensions["keyring"] = Keyring([new_key()], digest)
    result = run("keys", "rotate")
    assert result.exit_code == 2
    assert "no encryption key" in result.stderr
    filled.extensions["keyring"] = ring
    assert run("keys", "rotate").stdout == "0 values were encrypted anew.\n"


def test_the_worker_does_what_is_due_and_ends(filled: Flask, run: Run) -> None:
    (before,) = _show(filled, run, "approved")
    assert run("worker", "--once").exit_code == 0
    after = json.loads(run("orders", "show", before["number"], "--json").stdout)
    assert after["state"] == "verifying"
    assert after["deadline"] is not None
