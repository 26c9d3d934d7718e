from __future__ import annotations

import base64
from contextlib import ExitStack, closing
from unittest import mock

import pytest
from miit_kit import Clock, Site, World

from config import settings
from console import clock as console_clock
from console import create_app
from tests.support.kept_app import File, KeptApp
from tests.support.lint import LintingClient

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


def _app(url, **more):
    chosen = settings(
        {
            "DATABASE_URL": url,
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
def kept_with(tmp_path_factory):
    """The app of all tests that want the same settings."""
    made = {}
    with ExitStack() as open_until_the_end:

        def kept(**more):
            key = tuple(sorted(more.items()))
            if key not in made:
                folder = tmp_path_factory.mktemp("miit")
                app = KeptApp(File(folder), folder, lambda url, _folder: _app(url, **more))
                made[key] = open_until_the_end.enter_context(closing(app))
            return made[key]

        yield kept


@pytest.fixture
def clock(monkeypatch):
    chosen = Clock()
    monkeypatch.setattr(console_clock, "now", chosen.now)
    return chosen


@pytest.fixture
def make_app(kept_with, tmp_path, clock):
    return lambda **more: kept_with(**more).as_new(tmp_path, {})


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
