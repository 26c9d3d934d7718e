"""Files are cleaned, encrypted, nobody else's to read, and gone when nobody needs them."""

from __future__ import annotations

import errno
import io
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event

from config import new_key
from console.extensions import db
from console.keyring import Keyring
from console.models import Material
from console.outside import uploads
from console.services import drafts, material_upkeep
from console.services.material_upkeep import SETTLED_SECONDS, Sweeper
from tests.materials import files
from tests.materials.conftest import Uploader, stored
from tests.support.clocks import Clock
from tests.support.people import People
from tests.web.filling.desk import words


def served(owner: Uploader, material_id: int) -> bytes:
    """The file as it is given out."""
    answer = owner.client.get(f"/orders/{owner.number}/materials/{material_id}")
    assert answer.status_code == 200
    return answer.data


@pytest.mark.parametrize("make", [files.with_camera_data, files.png_with_text])
def test_49_a_picture_is_written_anew_without_what_is_no_picture(
    owner: Uploader, make: Any
) -> None:
    owner.upload(("file-entity-certificate", make(), "a.jpg"))
    (material,) = owner.materials()
    kept = served(owner, material.id)
    assert files.SECRET.encode() not in kept
    image = Image.open(io.BytesIO(kept))
    assert not image.getexif()
    assert "comment" not in image.info
    assert material.size == len(kept)


def test_a_turned_picture_stands_upright(owner: Uploader) -> None:
    owner.upload(("file-entity-certificate", files.with_camera_data(), "a.jpg"))
    kept = Image.open(io.BytesIO(served(owner, owner.materials()[0].id)))
    assert kept.size == (420, 640)


def test_a_picture_keeps_its_pixels_up_to_3000_a_side(owner: Uploader) -> None:
    owner.upload(("file-other", files.picture(size=(640, 420)), "a.jpg"))
    owner.upload(("file-other", files.picture(size=(4000, 2000)), "b.jpg"))
    sizes = [Image.open(io.BytesIO(served(owner, m.id))).size for m in owner.materials()]
    assert sizes == [(640, 420), (3000, 1500)]


def test_a_pdf_is_kept_as_it_came(owner: Uploader) -> None:
    document = files.pdf(3)
    owner.upload(("file-authenticity-form", document, "form.pdf"))
    (material,) = owner.materials()
    assert (material.content_type, material.pages) == ("application/pdf", 3)
    assert served(owner, material.id) == document


@pytest.mark.own_app  # whose database lies in the folder that is looked through
def test_49_what_lies_on_the_disk_is_encrypted_and_for_nobody_else(
    owner: Uploader, folder: Path, tmp_path: Path
) -> None:
    document = files.pdf(1)
    owner.upload(("file-authenticity-form", document, "陈晓岚的核验单.pdf"))
    owner.one(name="陈晓岚-33010619850412.jpg")
    for path in stored(folder):
        raw = path.read_bytes()
        assert b"%PDF" not in raw
        assert b"\xff\xd8\xff" not in raw
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.name) == 32
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    database = b"".join(p.read_bytes() for p in tmp_path.glob("test.sqlite3*"))
    assert "陈晓岚".encode() not in database
    assert b"33010619850412" not in database


def test_removing_deletes_the_file(owner: Uploader, folder: Path) -> None:
    assert owner.remove(owner.one()).status_code == 303
    assert owner.materials() == []
    assert stored(folder) == []


def test_replacing_deletes_the_file_that_was_there(owner: Uploader, folder: Path) -> None:
    old = owner.one()
    before = stored(folder)
    assert owner.replace(old, files.picture(n=2), "second.jpg").status_code == 303
    (material,) = owner.materials()
    assert (material.name, material.kind) == ("second.jpg", "entity-certificate")
    assert len(stored(folder)) == 1
    assert stored(folder) != before


def test_a_bad_replacement_leaves_what_was_there(owner: Uploader, folder: Path) -> None:
    old, before = owner.one(), stored(folder)
    answer = owner.replace(old, files.HTML, "x.png")
    assert answer.status_code == 422
    assert "web page" in words(answer)
    assert [m.id for m in owner.materials()] == [old]
    assert stored(folder) == before


def test_the_same_file_sent_twice_is_kept_once(owner: Uploader, folder: Path) -> None:
    for _ in range(2):
        answer = owner.upload(("file-entity-certificate", files.picture(), "a.jpg"))
        assert answer.status_code == 303
    assert len(owner.materials()) == len(stored(folder)) == 1


def test_a_transaction_that_fails_leaves_no_file(app: Flask, owner: Uploader, folder: Path) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("planted")

    event.listen(Material, "before_insert", fail)
    try:
        answer = owner.upload(("file-entity-certificate", files.picture(), "a.jpg"))
    finally:
        event.remove(Material, "before_insert", fail)
    assert answer.status_code == 500
    assert stored(folder) == []
    assert owner.materials() == []


def test_a_full_disk_is_said_and_leaves_nothing(
    owner: Uploader, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    answer = owner.upload(("file-entity-certificate", files.picture(), "a.jpg"))
    monkeypatch.undo()
    assert answer.status_code == 422
    assert "store of materials does not answer" in words(answer)
    assert stored(folder) == []


class TestSweep:
    def test_the_worker_deletes_what_no_row_needs_once_it_is_old(
        self, app: Flask, owner: Uploader, folder: Path
    ) -> None:
        owner.one()
        kept = stored(folder)
        for name, age in (("0" * 32, SETTLED_SECONDS + 60), ("1" * 32, 0)):
            path = folder / name
            path.write_bytes(b"left behind")
            moment = path.stat().st_mtime - age
            os.utime(path, (moment, moment))
        with app.app_context():
            Sweeper().sweep()
        assert {p.name for p in stored(folder)} == {kept[0].name, "1" * 32}

    def test_it_looks_once_an_hour_unless_asked(
        self, app: Flask, owner: Uploader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks: list[int] = []
        monkeypatch.setattr(uploads, "names", lambda: looks.append(1) or iter(()))
        sweeper = Sweeper()
        with app.app_context():
            for at_once in (False, False, True):
                sweeper.sweep(at_once)
        assert len(looks) == 2

    def test_files_of_a_service_that_is_taken_out_go_and_those_behind_move_up(
        self, app: Flask, owner: Uploader, people: People
    ) -> None:
        actor = people.owner.actor
        with app.app_context():
            drafts.add_service(actor, owner.number, owner.order().revision, "website")
        owner.send("services/2", {"service-domain": "second.cn"})
        for position in (1, 2):
            owner.one(f"domain-certificate-{position}", n=position, name=f"{position}.jpg")
        with app.app_context():
            drafts.remove_service(actor, owner.number, owner.order().revision, 1)
        assert [(m.service, m.name) for m in owner.materials()] == [(1, "2.jpg")]

    def test_papers_of_an_order_given_up_are_deleted_after_30_days(
        self, app: Flask, owner: Uploader, folder: Path, clock: Clock
    ) -> None:
        owner.one()
        owner.act("discard")
        for days, left in ((29, 1), (2, 0)):
            clock.move(days=days)
            with app.app_context():
                material_upkeep.purge_ended()
            assert len(stored(folder)) == len(owner.materials()) == left


def test_keys_are_rotated_under_the_files(app: Flask, owner: Uploader, folder: Path) -> None:
    from config import new_key

    material_id = owner.one()
    before, old = served(owner, material_id), stored(folder)
    keys = [new_key(), *app.config["ENCRYPTION_KEYS"]]
    app.extensions["keyring"] = Keyring(keys, app.config["DIGEST_KEY"])
    run = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert run.exit_code == 0, run.output
    app.extensions["keyring"] = Keyring(keys[:1], app.config["DIGEST_KEY"])
    with app.app_context():
        db.session.remove()
    assert stored(folder) != old
    assert len(stored(folder)) == 1
    assert served(owner, material_id) == before


def test_a_file_that_gets_its_new_name_while_it_is_asked_for_is_given_out(
    app: Flask, owner: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.upload(("file-entity-certificate", files.picture(), "a.jpg"))
    (material,) = owner.materials()
    before, read = served(owner, material.id), uploads.read
    ring = app.extensions["keyring"]
    keys = [new_key(), *app.config["ENCRYPTION_KEYS"]]

    def after_rotation(name: str) -> bytes:
        monkeypatch.setattr(uploads, "read", read)
        app.extensions["keyring"] = Keyring(keys, app.config["DIGEST_KEY"])
        rotating = threading.Thread(
            target=app.test_cli_runner().invoke, args=(None, ["keys", "rotate"])
        )
        rotating.start()
        rotating.join()
        return read(name)

    monkeypatch.setattr(uploads, "read", after_rotation)
    assert served(owner, material.id) == before
    assert owner.materials()[0].path != material.path
    app.extensions["keyring"] = ring


def test_another_store_than_a_folder_is_named_by_its_address(app: Flask, owner: Uploader) -> None:
    app.config["MATERIALS_URL"] = "memory://papers"
    material_id = owner.one()
    assert served(owner, material_id)[:3] == b"\xff\xd8\xff"
    with app.app_context():
        (name,) = uploads.names()
        assert uploads.age(name, 0) < 0
        uploads.delete(name)
        assert list(uploads.names()) == []
    assert owner.client.get(f"/orders/{owner.number}/materials/{material_id}").status_code == 404
