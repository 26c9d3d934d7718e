"""`keys rotate`: killed in the middle, run beside others, with a key lost or a value damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from config import new_key
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing, Keyring
from console.models import Account, Material, Order
from console.outside import uploads
from console.services import rotation

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]

# A rotation that kills its own process, without a word, in the middle of its third batch.
KILLED = """
import os, signal, sys
from pathlib import Path
from console.keyring import Keyring
from console.services import rotation
from tests.support.apps import make_app

database, keys, digest_key = sys.argv[1], sys.argv[2].split(","), sys.argv[3]
app = make_app(database, Path(sys.argv[4]))
ring = app.extensions["keyring"] = Keyring(keys, digest_key)
rotation.BATCH, left, encrypt = 2, [5], ring.encrypt

def until_killed(text):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return encrypt(text)

ring.encrypt = until_killed
app.test_cli_runner().invoke(args=["keys", "rotate"])
"""


@pytest.fixture
def app(demo_app: Flask) -> Flask:
    """The demo's data, and three papers."""
    with demo_app.app_context():
        order = db.session.scalars(select(Order).limit(1)).one()
        for n in range(3):
            db.session.add(
                Material(order_id=order.id, kind="other", name=f"{n}.pdf", digest=str(n), size=9,
                         content_type="application/pdf", path=uploads.write(b"a paper"),
                         key_id=demo_app.extensions["keyring"].newest, round_first=1,
                         uploaded_at=order.created_at)
            )  # fmt: skip
        db.session.commit()
        db.session.remove()
    return demo_app


def _with_keys(app: Flask, *keys: str) -> None:
    app.extensions["keyring"] = Keyring(keys, app.config["DIGEST_KEY"])


def _read_all(app: Flask) -> list[str]:
    """Everything that is encrypted, as a page would read it. Raises KeyMissing, DataDamaged."""
    with app.app_context():
        db.session.remove()
        return [
            *(str(order.content) for order in db.session.scalars(select(Order).order_by(Order.id))),
            *(account.email for account in db.session.scalars(select(Account))),
            *(str(uploads.read(paper.path)) for paper in db.session.scalars(select(Material))),
        ]


def _sql(app: Flask, statement: str, **values: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(statement), values)


def test_a_rotation_that_was_killed_is_run_again_and_loses_nothing(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    (old,), newest = app.config["ENCRYPTION_KEYS"], new_key()
    before = _read_all(app)
    with app.app_context():
        database = db.engine.url.render_as_string(hide_password=False)
    process = subprocess.run(
        [sys.executable, "-c", KILLED, database, f"{newest},{old}", app.config["DIGEST_KEY"],
         str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert process.returncode == -signal.SIGKILL, process.stderr[-2000:]
    for some in (old, newest):
        _with_keys(app, some)  # some is under the one by now, and some under the other
        with pytest.raises(KeyMissing):
            _read_all(app)
    _with_keys(app, newest, old)
    assert _read_all(app) == before
    result = run("keys", "rotate")
    assert result.exit_code == 0, result.output
    _with_keys(app, newest)
    assert _read_all(app) == before
    assert run("keys", "rotate").stdout == "0 values were encrypted anew.\n"


def test_what_is_damaged_is_named_and_keeps_nobody_from_the_rest(
    app: Flask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    (old,), newest = app.config["ENCRYPTION_KEYS"], new_key()
    _sql(app, "UPDATE orders SET content = substr(content, 1, 60) || 'é' WHERE id <= 2")
    _sql(app, "UPDATE orders SET content = 'x' || content WHERE id = 3")
    with app.app_context():
        paper = db.session.scalars(select(Material).limit(1)).one()
        (Path(app.config["MATERIALS_URL"].removeprefix("file://")) / paper.path).write_bytes(
            app.extensions["keyring"].newest.encode() + b".damaged"
        )
    _with_keys(app, newest, old)
    for again in (False, True):
        result = run("keys", "rotate")
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "4 values could not be read" in result.stderr
        assert "orders.content 1:" in result.stderr
        assert "no encryption key" not in result.stderr
        assert (result.stdout == "0 values were encrypted anew.\n") is again
    _sql(app, "DELETE FROM materials WHERE path = :path", path=paper.path)
    _with_keys(app, newest)
    with app.app_context():
        assert all(account.email for account in db.session.scalars(select(Account)))
        last = db.session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
        assert last.content["type"]
    _with_keys(app, newest, old)
    with app.app_context(), pytest.raises(DataDamaged):
        db.session.get_one(Order, 1, populate_existing=True)


def test_a_lost_key_is_told_from_damage_and_nothing_is_touched(app: Flask, run: Run) -> None:
    (old,) = app.config["ENCRYPTION_KEYS"]
    before = _read_all(app)
    _with_keys(app, new_key())
    result = run("keys", "rotate")
    assert (result.exit_code, result.stdout) == (2, "0 values were encrypted anew.\n")
    assert "no encryption key" in result.stderr
    assert f"'{Keyring([old], app.config['DIGEST_KEY']).newest}'" in result.stderr
    assert "does not match" not in result.stderr
    _with_keys(app, old)
    assert _read_all(app) == before
