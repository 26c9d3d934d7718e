from __future__ import annotations

import base64
import shutil
from pathlib import Path
from unittest import mock

import pytest
from miit_kit import Clock, Site, World

from config import settings
from console import clock as console_clock
from console import create_app
from console.extensions import db
from tests.support.lint import LintingClient

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


def _app(path: Path, **more):
    chosen = settings(
        {
            "DATABASE_URL": f"sqlite:///{path}",
            "SECRET_KEY": "s" * 40,
            "ENCRYPTION_KEYS": KEY,
            "DIGEST_KEY": KEY,
        }
    )
    chosen |= {"TESTING": True, "RATELIMIT_ENABLED": False, **more}
    # The ministry is another party: of the console's pages it needs the choice of language.
    with mock.patch("console.web.BLUEPRINTS", ("language",)), mock.patch("console.cli.MODULES", ()):
        app = create_app(chosen)
    app.test_client_class = LintingClient
    return app


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    path = tmp_path_factory.mktemp("miit") / "empty.sqlite3"
    app = _app(path)
    with app.app_context():
        db.create_all()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path


@pytest.fixture
def clock(monkeypatch):
    chosen = Clock()
    monkeypatch.setattr(console_clock, "now", chosen.now)
    return chosen


@pytest.fixture
def make_app(empty_database, tmp_path, clock):
    def make(**more):
        path = tmp_path / "console.sqlite3"
        if not path.exists():
            shutil.copy(empty_database, path)
        return _app(path, **more)

    return make


@pytest.fixture
def make_world(make_app, clock):
    pushed = []

    def make(**more):
        app = make_app(**more)
        context = app.app_context()
        context.push()
        pushed.append(context)
        world = World(app.extensions["ministry"], clock)
        world.app = app
        return world

    yield make
    while pushed:
        pushed.pop().pop()


@pytest.fixture
def world(make_world):
    return make_world()


@pytest.fixture
def book_world(make_world, book):
    return make_world(RULEBOOK=book)


@pytest.fixture
def quick_answers(monkeypatch):
    monkeypatch.setattr("console.miit.mock.pages.STEP", 0.001)


@pytest.fixture
def site(world, quick_answers):
    return Site(world)
