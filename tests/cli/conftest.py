"""Commands as they are typed: their output, their complaint and their status."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from console.extensions import db
from tests.support.apps import make_app


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run `flask …` in this app."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo's data, made once."""
    folder = tmp_path_factory.mktemp("demo")
    app = make_app(f"sqlite:///{folder / 'demo.sqlite3'}", folder)
    with app.app_context():
        db.create_all()
        assert app.test_cli_runner().invoke(args=["demo"]).exit_code == 0
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "demo.sqlite3"


@pytest.fixture
def demo_app(demo_file: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app with a copy of it."""
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(demo_file, copy)
    app = make_app(f"sqlite:///{copy}", tmp_path)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
