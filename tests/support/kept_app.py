"""One app for many tests, as new for each: making an app takes longer than many a test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from console import clock
from console.extensions import db, limiter
from console.miit.mock.ministry import MockMinistry
from console.outside.mail import Nowhere
from console.web.metrics import Requests

# What is read when it is needed, so that an app may be told after it was made.
CHANGEABLE = {"RULEBOOK", "MATERIALS_REQUIRED"}


RESTART = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


class File:
    """A database of SQLite, emptied by its own means, so that connections which are still open see
    the new tables."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'test.sqlite3'}"
        self._file = folder / "test.sqlite3"
        self._empty = sqlite3.connect(":memory:", check_same_thread=False)

    def keep(self) -> None:
        """Take the tables as they are now for empty ones."""
        with closing(sqlite3.connect(self._file)) as made:
            made.backup(self._empty)

    def empty(self) -> None:
        """Make the tables as they were."""
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            self._empty.backup(connection)


class Tables:
    """A database of PostgreSQL, of which the tables that hold something are emptied."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def keep(self) -> None:
        """New tables are empty."""

    def empty(self) -> None:
        """Raises OperationalError where a test has left a transaction open."""
        looks = [f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in db.metadata.tables]
        with self._engine.connect() as connection:
            connection.execute(text("SET lock_timeout = '10s'"))
            filled = connection.scalars(text(" UNION ALL ".join(looks))).all()
            # As a replica does: without triggers, and in any order. TRUNCATE takes five times as
            # long for a few rows.
            connection.execute(text("SET session_replication_role = replica"))
            for table in filled:
                connection.execute(text(f"LOCK {table}; DELETE FROM {table}"))
            connection.execute(text(RESTART))
            connection.execute(text("RESET session_replication_role"))


class KeptApp:
    """An app that forgets everything between two tests."""

    def __init__(
        self, database: File | Tables, folder: Path, make: Callable[[str, Path], Flask]
    ) -> None:
        self.url, self._database = database.url, database
        self._app = make(self.url, folder)
        with self._app.app_context():
            without_sync(db.engine)
            db.create_all()
            db.session.remove()
        database.keep()
        self._wsgi = self._app.wsgi_app
        self._config = dict(self._app.config)
        self._extensions = dict(self._app.extensions)
        self._limits = dict(vars(limiter))

    def as_new(self, folder: Path, more: dict[str, Any]) -> Flask:
        """The app as it was made, on an empty database; `more` are settings from CHANGEABLE."""
        assert more.keys() <= CHANGEABLE
        with self._app.app_context():
            db.session.remove()
        self._database.empty()
        self._app.wsgi_app = self._wsgi  # type: ignore[method-assign]
        self._app.config.clear()
        self._app.config.update(self._config, **more)
        self._app.config["MATERIALS_URL"] = (folder / "materials").as_uri()
        self._app.extensions.clear()
        self._app.extensions.update(self._extensions)
        self._app.extensions.update(mail=Nowhere(), ministry=MockMinistry(), requests=Requests())
        # Both belong to the process; the app made last had them.
        vars(limiter).update(self._limits)
        if limiter.enabled:
            limiter.reset()
        clock.set_offset_file(self._app.config["CLOCK_OFFSET_FILE"])
        return self._app

    def close(self) -> None:
        """Let the database go."""
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()


def without_sync(engine: Engine) -> None:
    """Let SQLite not wait for the disk: no test in this process outlives a power cut, and those
    about one start processes of their own."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _unsynced)


def _unsynced(connection: DBAPIConnection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]
