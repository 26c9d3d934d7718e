"""An app on a database of its own for each test, and a client that lints what it fetches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from jinja2.bccache import Bucket, BytecodeCache

from config import new_key, settings
from console import create_app
from console.extensions import db
from tests.support.kept_app import CHANGEABLE, File, KeptApp, Tables, without_sync
from tests.support.lint import LintingClient
from tests.support.postgres import a_database, database_of

KEYS = {
    "SECRET_KEY": new_key(),
    "ENCRYPTION_KEYS": new_key(),
    "DIGEST_KEY": new_key(),
}
QUICK = {
    "TESTING": True,
    # Hashing is meant to be slow; here it only has to work.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 64,
        "argon2__time_cost": 1,
        "argon2__parallelism": 1,
    },
}


class Compiled(BytecodeCache):
    """Templates compiled once for a whole run, although each test has an app of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket where its source was compiled before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def make_app(database_url: str, folder: Path, **overrides: Any) -> Flask:
    """An app as in development, without tables; `overrides` are settings by name."""
    chosen = settings(
        KEYS | {"DATABASE_URL": database_url, "MATERIALS_URL": (folder / "materials").as_uri()}
    )
    app = create_app(chosen | QUICK | overrides)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = COMPILED
    app.test_client_class = LintingClient
    return app


@pytest.fixture
def settings_for_app() -> dict[str, Any]:
    """Settings that a module's tests want otherwise: override this fixture."""
    return {}


@pytest.fixture(scope="session")
def kept_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptApp]:
    """The app of all tests on SQLite that want no settings of their own."""
    folder = tmp_path_factory.mktemp("kept")
    with closing(KeptApp(File(folder), folder, make_app)) as kept:
        yield kept


@pytest.fixture(scope="session")
def kept_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> Iterator[KeptApp]:
    """The same on PostgreSQL."""
    with a_database(postgres_server) as url:
        folder = tmp_path_factory.mktemp("kept")
        with closing(KeptApp(Tables(url), folder, make_app)) as kept:
            yield kept


@pytest.fixture
def kept(request: pytest.FixtureRequest, settings_for_app: dict[str, Any]) -> KeptApp | None:
    """The app that the test shares with others; None where it changes its app for good."""
    changed = request.node.get_closest_marker("own_app")
    if changed or "app" not in request.fixturenames or settings_for_app.keys() - CHANGEABLE:
        return None
    found: KeptApp = request.getfixturevalue(f"kept_on_{database_of(request)}")
    return found


@pytest.fixture
def app(
    kept: KeptApp | None, database_url: str, tmp_path: Path, settings_for_app: dict[str, Any]
) -> Iterator[Flask]:
    """An app with all tables, empty; the database goes with its folder or its fixture."""
    if kept:
        yield kept.as_new(tmp_path, settings_for_app)
        return
    app = make_app(database_url, tmp_path, **settings_for_app)
    with app.app_context():
        without_sync(db.engine)
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """The app with its context pushed: for tests of services and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> LintingClient:
    """Nobody's browser: not signed in."""
    client: Any = app.test_client()
    return client


@pytest.fixture
def new_client(app: Flask) -> Callable[[], LintingClient]:
    """Makes further browsers that are not signed in."""
    return app.test_client  # type: ignore[return-value]
