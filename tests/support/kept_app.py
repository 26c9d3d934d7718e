"""One app for many tests, as new for each: making an app takes longer than many a test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from console import clock
from console.extensions import db, limiter
from console.miit.mock.ministry import MockMinistry
from console.outside.mail import Nowhere
from console.web.metrics import Requests

# What is read when it is needed, so that an app may be told after it was made.
CHANGEABLE = {"RULEBOOK", "MATERIALS_REQUIRED"}


class KeptApp:
    """An app on SQLite that forgets everything between two tests."""

    def __init__(self, folder: Path, make: Callable[[str, Path], Flask]) -> None:
        self.url = f"sqlite:///{folder / 'test.sqlite3'}"
        self._file = folder / "test.sqlite3"
        self._empty = sqlite3.connect(":memory:", check_same_thread=False)
        self._app = make(self.url, folder)
        with self._app.app_context():
            event.listen(db.engine, "connect", _without_sync)
            db.create_all()
            db.session.remove()
        with closing(sqlite3.connect(self._file)) as made:
            made.backup(self._empty)
        self._wsgi = self._app.wsgi_app
        self._config = dict(self._app.config)
        self._extensions = dict(self._app.extensions)
        self._limits = dict(vars(limiter))

    def as_new(self, folder: Path, more: dict[str, Any]) -> Flask:
        """The app as it was made, on an empty database; `more` are settings from CHANGEABLE."""
        assert more.keys() <= CHANGEABLE
        with self._app.app_context():
            db.session.remove()
        # By SQLite's own means, so that connections which are still open see the new tables.
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            self._empty.backup(connection)
        self._app.wsgi_app = self._wsgi  # type: ignore[method-assign]
        self._app.config.clear()
        self._app.config.update(self._config, **more)
        self._app.config["MATERIALS_URL"] = (folder / "materials").as_uri()
        self._app.extensions.clear()
        self._app.extensions.update(self._extensions)
        self._app.extensions.update(mail=Nowhere(), ministry=MockMinistry(), requests=Requests())
        # Both belong to the process; the app made last had them.
        vars(limiter).update(self._limits)
        limiter.reset()
        clock.set_offset_file(self._app.config["CLOCK_OFFSET_FILE"])
        return self._app

    def close(self) -> None:
        """Let the database go."""
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._empty.close()


def _without_sync(connection: DBAPIConnection, _record: object) -> None:
    # No test in this process outlives a power cut; those about one start processes of their own.
    connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]
