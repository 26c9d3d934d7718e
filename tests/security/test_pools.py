"""SECURITY 41: connections used up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask

from console.extensions import db
from tests.security.kit import TOKEN, rude, state_of
from tests.support.apps import make_app
from tests.support.people import People


def _in(other: Flask, people: People) -> Any:
    """The owner's session, in a browser on another app."""
    client, cookie = rude(other), people.client("owner").get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    return client


def test_41_without_a_free_connection_it_is_said_when_to_come_again(
    app: Flask, people: People, database_url: str, tmp_path: Path
) -> None:
    people.client("owner")
    options = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1}
    other = make_app(database_url, tmp_path, SQLALCHEMY_ENGINE_OPTIONS=options)
    client = _in(other, people)
    token = TOKEN.search(client.get("/orders/new").text)
    assert token
    form = {"csrf_token": token[1], "type": "first-filing", "websites": "1"}
    before = state_of(app)["orders"]
    with other.app_context():
        held = db.engine.connect()
    for answer in (client.get("/orders"), client.post("/orders/new", data=form)):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Try again in a moment" in answer.text
    assert state_of(app)["orders"] == before
    held.close()
    assert client.get("/orders").status_code == 200
    assert client.post("/orders/new", data=form).status_code == 303
    with other.app_context():
        db.engine.dispose()
