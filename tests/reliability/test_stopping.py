"""Web and worker end as a supervisor ends them, and leave a whole database."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.running import Console


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """An empty console that runs."""
    console = Console(tmp_path, f"sqlite:///{tmp_path / 'console.sqlite3'}")
    console.flask("db", "upgrade")
    for part in ("web", "worker"):
        console.start(part)
    yield console
    console.stop_all()


def test_sigterm_ends_web_and_worker_within_seconds(console: Console, tmp_path: Path) -> None:
    console.wait()
    beats = "SELECT count(*) FROM beats"
    deadline = time.monotonic() + 20
    with sqlite3.connect(tmp_path / "console.sqlite3", timeout=10) as connection:
        while not connection.execute(beats).fetchone()[0] and time.monotonic() < deadline:
            connection.rollback()
        assert connection.execute(beats).fetchone()[0] == 1
    assert console.stop("worker", within=10) == 0
    assert console.stop("web", within=10) == 0
    with sqlite3.connect(tmp_path / "console.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert "Traceback" not in (tmp_path / "worker.log").read_text()
    # What the server says of itself is for the same collector as what the console says.
    said = [json.loads(line) for line in (tmp_path / "web.log").read_text().splitlines()]
    assert {"_granian", "console.access"} <= {line["logger"] for line in said}
