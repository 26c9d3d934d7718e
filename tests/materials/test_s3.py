"""Papers in a store that speaks S3, on loopback: kept, read, swept, and away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from fsspec.core import url_to_fs
from moto.server import ThreadedMotoServer

from console import clock
from console.outside import uploads
from tests.materials import files
from tests.materials.conftest import Uploader
from tests.support.s3 import s3_server
from tests.web.filling.desk import words

BUCKET = "papers"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    """The store, with nothing in it; the environment says where it is, as in production."""
    with s3_server() as (made, env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def store(
    app: Flask, server: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch
) -> ThreadedMotoServer:
    """The app keeps its papers there."""
    monkeypatch.setitem(app.config, "MATERIALS_URL", f"s3://{BUCKET}/materials")
    fs, _root = url_to_fs(f"s3://{BUCKET}", **uploads.PATIENCE["s3"])
    fs.mkdir(BUCKET)
    return server


def test_papers_are_kept_in_an_s3_store_and_a_store_that_is_away_is_said(
    app: Flask, owner: Uploader, store: ThreadedMotoServer
) -> None:
    """One test for all of it, since the store takes a second to start."""
    first = owner.one()
    path = f"/orders/{owner.number}/materials/{first}"
    assert owner.client.get(path).data.startswith(b"\xff\xd8")
    with app.app_context():
        (name,) = uploads.names()
        assert 0 <= uploads.age(name, clock.machine_seconds()) < 600
    assert owner.replace(first, files.picture(n=2)).status_code == 303
    (second,) = [material.id for material in owner.materials()]
    with app.app_context():
        (replaced,) = uploads.names()
    assert replaced != name
    store.stop()
    answer = owner.replace(second, files.picture(n=3))
    assert answer.status_code == 422
    assert "does not answer" in words(answer)
    assert owner.client.get(f"/orders/{owner.number}/materials/{second}").status_code == 503
    assert [material.id for material in owner.materials()] == [second]
