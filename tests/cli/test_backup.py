"""Backups taken while others write, and what a restore checks before it touches anything."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from config import new_key
from console.cli.backup import places
from console.extensions import db
from console.keyring import Keyring
from console.models import Material
from console.outside import backup, uploads
from console.services import drafts, material_upkeep, sealing
from console.services.auditing import verify_trail
from tests.support.apps import make_app
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands, drive

__all__ = ["drive"]
Run = Callable[..., Result]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Flask]:
    """Another machine, with nothing on it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    app = make_app(f"sqlite:///{folder / 'there.sqlite3'}", folder)
    yield app
    with app.app_context():
        db.engine.dispose()


def _run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def _rows(app: Flask, table: str) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0)


def _paper(app: Flask, drive: Hands, number: str) -> str:
    """A paper of an order; its name in the store."""
    from console.types import keyring

    with app.app_context():
        name = uploads.write(b"a licence")
        order = drive.order(number)
        db.session.add(
            Material(order_id=order.id, kind="other", name="x.pdf", content_type="application/pdf",
                     size=9, digest="d", path=name, key_id=keyring().newest, round_first=1,
                     uploaded_at=order.created_at)
        )  # fmt: skip
        db.session.commit()
    return name


def test_42_a_backup_taken_while_others_write_restores_to_a_whole_state(
    app: Flask, drive: Hands, elsewhere: Flask, tmp_path: Path
) -> None:
    number = drive.draft(valid_filing(1))
    paper = _paper(app, drive, number)
    drive.submit(number)
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with app.app_context():
                order = drive.draft(valid_filing(2))
                drafts.discard(drive.applicant, order)
                sealing.seal_next(at_once=True)
                db.session.remove()
            written.append(order)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    while not written:
        stop.wait(0.01)
    made = [_run(app, "backup", str(tmp_path / f"b{n}")) for n in range(3)]
    before_stop = len(written)
    stop.set()
    for writer in writers:
        writer.join()
    assert before_stop > 0
    for n, result in enumerate(made):
        assert result.exit_code == 0, result.output
        assert _run(elsewhere, "restore", str(tmp_path / f"b{n}"), "--replace").exit_code == 0
        with elsewhere.app_context():
            assert verify_trail() == []
            assert uploads.read(paper) == b"a licence"
            db.session.remove()
            db.engine.dispose()
        # No order without its event, and none with an event too many.
        starts = "events WHERE action = 'start'"
        assert _rows(elsewhere, "orders") == _rows(elsewhere, starts) > 1
        assert _rows(elsewhere, "orders WHERE state = 'cancelled'") == _rows(
            elsewhere, "events WHERE action = 'discard'"
        )


def test_nothing_of_a_backup_is_for_others_eyes(app: Flask, drive: Hands, tmp_path: Path) -> None:
    drive.draft(valid_filing(1))
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 0
    for path in [tmp_path / "b", *(tmp_path / "b").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    mobile = valid_filing(1).entity_leader.mobile.encode()
    assert not [p for p in (tmp_path / "b").rglob("*") if p.is_file() and mobile in p.read_bytes()]


def test_a_restore_onto_data_is_refused_unless_told(
    app: Flask, drive: Hands, tmp_path: Path
) -> None:
    drive.draft(valid_filing(1))
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 0
    drive.draft(valid_filing(2))
    refused = _run(app, "restore", str(tmp_path / "b"))
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert _rows(app, "orders") == 2
    assert _run(app, "restore", str(tmp_path / "b"), "--replace").exit_code == 0
    assert _rows(app, "orders") == 1
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 2


@pytest.mark.parametrize("missing", ["ENCRYPTION_KEYS", "DIGEST_KEY"])
def test_a_restore_under_other_keys_names_the_setting_and_touches_nothing(
    app: Flask, drive: Hands, elsewhere: Flask, tmp_path: Path, missing: str
) -> None:
    drive.submit(drive.draft(valid_filing(1)))
    drive.do(sealing.seal_next, True)
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 0
    keys = {name: app.config[name] for name in ("ENCRYPTION_KEYS", "DIGEST_KEY")}
    keys[missing] = [new_key()] if missing == "ENCRYPTION_KEYS" else new_key()
    elsewhere.extensions["keyring"] = Keyring(keys["ENCRYPTION_KEYS"], keys["DIGEST_KEY"])
    result = _run(elsewhere, "restore", str(tmp_path / "b"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert missing in result.stderr
    assert not list((tmp_path / "elsewhere").rglob("*.sqlite3"))


def test_a_restore_goes_on_without_a_key_that_only_some_is_under_and_names_it(
    app: Flask, drive: Hands, elsewhere: Flask, tmp_path: Path
) -> None:
    (old,), digest_key = app.config["ENCRYPTION_KEYS"], app.config["DIGEST_KEY"]
    drive.draft(valid_filing(1))
    newer = Keyring([new_key()], digest_key)
    with app.app_context(), db.engine.begin() as connection:
        value = {"value": newer.encrypt("{}")}
        connection.execute(text("UPDATE orders SET content = :value"), value)
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 0
    result = _run(elsewhere, "restore", str(tmp_path / "b"))
    assert result.exit_code == 0, result.output
    assert newer.newest in result.stderr
    assert Keyring([old], digest_key).newest not in result.stderr


def test_a_backup_taken_while_keys_are_rotated_is_whole(
    app: Flask, drive: Hands, elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = drive.draft(valid_filing(1))
    papers = [_paper(app, drive, number) for _ in range(25)]
    keys = [new_key(), *app.config["ENCRYPTION_KEYS"]]
    for each in (app, elsewhere):
        each.extensions["keyring"] = Keyring(keys, app.config["DIGEST_KEY"])
    monkeypatch.setattr(material_upkeep, "BATCH", 1)
    copied = backup._copied

    def and_rotated(source: Path, copy: Path) -> bool:
        with app.app_context():
            material_upkeep.rotate_files()
        return copied(source, copy)

    monkeypatch.setattr(backup, "_copied", and_rotated)
    result = _run(app, "backup", str(tmp_path / "b"))
    assert result.exit_code == 0, result.output
    assert _run(elsewhere, "restore", str(tmp_path / "b")).exit_code == 0
    with elsewhere.app_context():
        restored = db.session.scalars(select(Material.path)).all()
        assert [uploads.read(path) for path in restored] == [b"a licence"] * len(papers)


def test_a_backup_is_of_where_data_are_kept_however_the_settings_name_it(tmp_path: Path) -> None:
    folder = tmp_path / "张三 #1"
    folder.mkdir()
    odd = make_app(f"sqlite:///{folder / 'x.sqlite3'}", folder)
    with odd.app_context():
        db.create_all()
        name = uploads.write(b"x")
        db.session.remove()
    assert (folder / "materials" / name).exists()
    assert _run(odd, "backup", str(folder / "b")).exit_code == 0
    assert _run(odd, "restore", str(folder / "b"), "--replace").exit_code == 0
    relative = make_app("sqlite:///x.sqlite3", tmp_path)
    with relative.app_context():
        assert places()[0] == Path(relative.instance_path) / "x.sqlite3"


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


HARM: dict[str, Callable[[Path], object]] = {
    "a byte of the database": lambda b: _flip(b / "database.sqlite3"),
    "a byte of a paper": lambda b: _flip(next((b / "materials").iterdir())),
    "a paper less": lambda b: next((b / "materials").iterdir()).unlink(),
    "a file more": lambda b: (b / "materials" / "x").write_bytes(b"x"),
    "no manifest": lambda b: (b / "manifest.json").unlink(),
    "nothing at all": lambda b: shutil.rmtree(b),
}


@pytest.mark.parametrize("what", HARM)
def test_a_backup_that_was_harmed_is_refused_and_nothing_is_touched(
    app: Flask, drive: Hands, elsewhere: Flask, tmp_path: Path, what: str
) -> None:
    _paper(app, drive, drive.draft(valid_filing(1)))
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 0
    HARM[what](tmp_path / "b")
    result = _run(elsewhere, "restore", str(tmp_path / "b"))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert not list((tmp_path / "elsewhere").rglob("*.sqlite3"))


def test_a_backup_whose_trail_was_falsified_with_all_digests_is_refused(
    app: Flask, drive: Hands, elsewhere: Flask, tmp_path: Path
) -> None:
    import hashlib
    import sqlite3

    drive.submit(drive.draft(valid_filing(1)))
    drive.do(sealing.seal_next, True)
    assert _run(app, "backup", str(tmp_path / "b")).exit_code == 0
    copy = tmp_path / "b" / "database.sqlite3"
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE events SET actor_id = NULL WHERE action = 'submit'")
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text())
    manifest["files"]["database.sqlite3"] = hashlib.sha256(copy.read_bytes()).hexdigest()
    (tmp_path / "b" / "manifest.json").write_text(json.dumps(manifest))
    result = _run(elsewhere, "restore", str(tmp_path / "b"))
    assert result.exit_code == 2
    assert "trail" in result.stderr
    assert not list((tmp_path / "elsewhere").rglob("*.sqlite3"))


def test_a_paper_that_is_gone_for_good_is_said(
    app: Flask, drive: Hands, people: People, tmp_path: Path
) -> None:
    paper = _paper(app, drive, drive.draft(valid_filing(1)))
    with app.app_context():
        uploads.delete(paper)
    result = _run(app, "backup", str(tmp_path / "b"))
    assert result.exit_code == 2
    assert "missing" in result.stderr
    assert not [p for p in tmp_path.iterdir() if p.name == "b" or p.name.startswith(".b")]
