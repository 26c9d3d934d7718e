"""SECURITY 41: connections used up, and a server that goes away and cuts off whoever is at work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, make_url, text

from console.extensions import db
from console.worker import drain
from tests.security.kit import TOKEN, rude, scalar, state_of
from tests.support.apps import make_app
from tests.support.people import People
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Stage as Case

FORM = {"type": "first-filing", "websites": "1"}


def _in(other: Flask, people: People) -> Any:
    """The owner's session, in a browser on another app."""
    client, cookie = rude(other), people.client("owner").get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    return client


def _form(client: Any) -> dict[str, str]:
    token = TOKEN.search(client.get("/orders/new").text)
    assert token
    return {"csrf_token": token[1], **FORM}


def _out_of_service(answer: Any) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Try again in a moment" in answer.text
    assert "psycopg" not in answer.text.lower()


@both_databases
def test_41_without_a_free_connection_it_is_said_when_to_come_again(
    app: Flask, people: People, database_url: str, tmp_path: Path
) -> None:
    people.client("owner")
    options = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1}
    other = make_app(database_url, tmp_path, SQLALCHEMY_ENGINE_OPTIONS=options)
    client = _in(other, people)
    form = _form(client)
    before = state_of(app)["orders"]
    with other.app_context():
        held = db.engine.connect()
    for answer in (client.get("/orders"), client.post("/orders/new", data=form)):
        _out_of_service(answer)
    assert state_of(app)["orders"] == before
    held.close()
    assert client.get("/orders").status_code == 200
    assert client.post("/orders/new", data=form).status_code == 303
    with other.app_context():
        db.engine.dispose()


class Server:
    """The server's own hand on one database of it."""

    def __init__(self, url: str) -> None:
        self._name = str(make_url(url).database)
        self._engine = create_engine(
            make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT"
        )

    def cut_off(self) -> None:
        """End every connection, whatever it is at."""
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        self._tell(ended, name=self._name)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Nobody is let in meanwhile, and who was in is out."""
        self._tell(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self.cut_off()
        yield
        self._tell(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    def _tell(self, statement: str, **values: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement), values)

    def end(self) -> None:
        """Let go of it."""
        self._engine.dispose()


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """The server of the test's database."""
    server = Server(database_url)
    yield server
    server.end()


on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@on_postgresql
@pytest.mark.own_app  # whoever else was connected would be cut off, too
def test_41_a_server_that_is_gone_for_a_while_is_a_clear_page_and_comes_back(
    app: Flask, people: People, handed_over: Case, server: Server
) -> None:
    client, path = people.client("owner"), f"/orders/{handed_over.number}"
    form = _form(client)
    before = state_of(app)
    with server.gone():
        for page in ("/orders", path):
            _out_of_service(client.get(page))
        for door in ("/orders/new", f"{path}/withdraw"):
            _out_of_service(client.post(door, data=form))
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        with app.app_context():
            drain(app.extensions["ministry"], threading.Event(), once=True)
    assert state_of(app) == before
    assert client.get("/readyz").status_code == 200
    assert client.post("/orders/new", data=form).status_code == 303
    handed_over.drive.work()  # the worker goes on where it was, and hands over once
    assert handed_over.order.state == "verifying"
    assert scalar(app, "SELECT count(*) FROM miit_orders") == 1


@on_postgresql
@pytest.mark.own_app
@pytest.mark.parametrize("last_words", ["INSERT INTO orders", "INSERT INTO events"])
def test_41_whoever_is_cut_off_in_the_middle_of_writing_has_written_nothing(
    app: Flask, people: People, server: Server, last_words: str
) -> None:
    client, cuts = people.client("owner"), []
    form = _form(client)
    before = state_of(app)

    def cut(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(last_words) and not cuts:
            cuts.append(statement)
            server.cut_off()

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", cut)
        _out_of_service(client.post("/orders/new", data=form))
        event.remove(db.engine, "after_cursor_execute", cut)
    assert cuts
    assert state_of(app) == before
    assert client.post("/orders/new", data=form).status_code == 303


@on_postgresql
@pytest.mark.own_app
def test_41_a_server_that_goes_away_in_the_middle_of_writing_is_a_clear_page(
    app: Flask, people: People, server: Server
) -> None:
    client, away = people.client("owner"), ExitStack()
    form = _form(client)

    def go(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO orders"):
            away.enter_context(server.gone())

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", go)
        with away:
            _out_of_service(client.post("/orders/new", data=form))
        event.remove(db.engine, "after_cursor_execute", go)
    assert client.post("/orders/new", data=form).status_code == 303
