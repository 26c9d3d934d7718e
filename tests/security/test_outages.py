"""SECURITY 40 and 41: the disk, full or read-only or away, and a ministry that hangs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from console.extensions import db
from tests.security.kit import TOKEN, rude, scalar, state_of
from tests.support.apps import make_app
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands

ROOT = Path(__file__).parents[2]


COMMITS = """
import sys
from pathlib import Path
from tests.support.apps import make_app
from console.extensions import db
from console.services.accounts import choose_language, create_account

app = make_app(f"sqlite:///{sys.argv[1]}/s.sqlite3", Path(sys.argv[1]))
with app.app_context():
    db.create_all()
    account = create_account("a@example.cn", "x", ("applicant",))
    print("BEGIN", file=sys.stderr, flush=True)
    for n in range(20):
        choose_language(account.id, ("en", "zh_Hans_CN")[n % 2])
"""


def test_40_every_acknowledged_commit_is_synced_to_the_disk(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("strace is needed: apt-get install strace")
    run = subprocess.run(
        [strace, "-f", "-e", "trace=fsync,fdatasync,write", "-s", "8",
         sys.executable, "-c", COMMITS, str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    _, _, after = run.stderr.partition('"BEGIN')
    synced = sum(after.count(f"{call}(") for call in ("fsync", "fdatasync"))
    assert synced >= 20


def _copy(app: Flask, folder: Path) -> Path:
    copy = folder / "copy.sqlite3"
    with app.app_context():
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.commit()
        shutil.copy(str(db.engine.url.database), copy)
    return copy


def _carries_on(other: Flask, source: Flask, people: People, number: str) -> None:
    """Pages that only read live on; what writes says that it cannot, and changes nothing."""
    cookie = people.client("owner").get_cookie("session")
    assert cookie is not None
    client = rude(other)
    client.set_cookie("session", cookie.value)
    for path in ("/orders", f"/orders/{number}", f"/orders/{number}/edit/entity", "/rulebooks"):
        assert client.get(path).status_code == 200, path
    token = TOKEN.search(client.get(f"/orders/{number}/edit/entity").text)
    assert token
    before = state_of(other)
    for path, data in (
        (f"/orders/{number}/submit", {}),
        (f"/orders/{number}/discard", {}),
        ("/orders/new", {"type": "first-filing", "websites": "1"}),
    ):
        answer = client.post(path, data={"csrf_token": token[1], **data})
        assert answer.status_code == 503, path
        assert int(answer.headers["Retry-After"]) > 0
        assert "sqlite" not in answer.text.lower()
    assert state_of(other) == before


def test_41_a_read_only_database_is_read_on_and_its_writes_are_refused(
    app: Flask, people: People, drive: Hands, tmp_path: Path, clock: Clock
) -> None:
    number = drive.draft(valid_filing(1))
    people.client("owner")
    copy = _copy(app, tmp_path)
    clock.move(minutes=6)  # being in use would be written down now
    other = make_app(f"sqlite:///file:{copy}?mode=ro&uri=true", tmp_path)
    _carries_on(other, app, people, number)


def test_41_a_database_that_can_be_written_again_is_written_again(
    app: Flask, people: People, tmp_path: Path
) -> None:
    people.client("owner")
    other = make_app(f"sqlite:///{_copy(app, tmp_path)}", tmp_path)
    read_only = [True]
    with other.app_context():

        @event.listens_for(db.engine, "do_connect")
        def connect(_dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
            if read_only[0]:  # as SQLite opens a file that it may not write
                cargs[0] = f"file:{cargs[0]}?mode=ro"
                cparams["uri"] = True

    client = rude(other)
    cookie = people.client("owner").get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    token = TOKEN.search(client.get("/orders/new").text)
    assert token
    data = {"csrf_token": token[1], "type": "first-filing", "websites": "1"}
    assert client.post("/orders/new", data=data).status_code == 503
    read_only[0] = False
    # What the page that said so was read through is found out first.
    assert [client.post("/orders/new", data=data).status_code for _ in range(2)][-1] == 303


def test_41_a_full_disk_is_a_clear_page_and_recovers_by_itself(
    app: Flask, people: People, drive: Hands, tmp_path: Path, clock: Clock
) -> None:
    number = drive.draft(valid_filing(1))
    people.client("owner")
    copy = _copy(app, tmp_path)
    other = make_app(f"sqlite:///{copy}", tmp_path)
    full = [True]
    with other.app_context():
        pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        db.session.remove()

        @event.listens_for(db.engine, "begin")
        def limit(connection: Any) -> None:
            most = pages if full[0] else 1_000_000
            connection.connection.driver_connection.execute(f"PRAGMA max_page_count = {most}")

    clock.move(minutes=6)
    client = rude(other)
    cookie = people.client("owner").get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    token = TOKEN.search(client.get(f"/orders/{number}/edit/entity").text)
    assert token
    before, refused = state_of(other), 0
    for _ in range(40):  # what little room there is in the last page is used up
        data = {"csrf_token": token[1], "type": "first-filing", "websites": "20"}
        answer = client.post("/orders/new", data=data)
        assert answer.status_code in (303, 503)
        refused += answer.status_code == 503
        assert client.get("/orders").status_code == 200
    assert refused
    assert before != {}
    integrity = "PRAGMA integrity_check"
    assert scalar(other, integrity) == "ok"
    full[0] = False
    assert client.post("/orders/new", data=data).status_code == 303


def test_41_a_database_that_is_gone_for_a_while_comes_back_by_itself(
    app: Flask, people: People, drive: Hands, tmp_path: Path
) -> None:
    number = drive.draft(valid_filing(1))
    people.client("owner")
    copy = _copy(app, tmp_path)
    away = copy.with_suffix(".away")
    other = make_app(f"sqlite:///{copy}", tmp_path)
    client = rude(other)
    cookie = people.client("owner").get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    assert client.get("/orders").status_code == 200
    with other.app_context():
        db.session.remove()
        db.engine.dispose()
    copy.rename(away)
    copy.mkdir()  # as unreadable as a volume that is not mounted
    for path in ("/orders", f"/orders/{number}", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 503, path
    assert client.get("/healthz").status_code == 200
    assert client.get("/orders").headers["Retry-After"]
    copy.rmdir()
    away.rename(copy)
    assert client.get("/orders").status_code == 200
    assert client.get("/readyz").status_code == 200
