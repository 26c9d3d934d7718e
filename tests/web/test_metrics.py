"""Figures for whoever watches: who may see them, and what they say."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import text

from console.extensions import db
from console.services.beating import Heart
from tests.security.kit import rude
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.web.pages.conftest import Hands, drive

__all__ = ["drive"]
SHAPE = r'# TYPE \w+ (gauge|counter)|\w+(\{(\w+="[^"]*",?)+\})? [0-9.-]+'


def figure(text: str, name: str) -> float:
    """One figure of the page."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    assert found, name
    return float(found[1])


def test_the_figures_follow_orders_deliveries_worker_and_requests(app: Flask, drive: Hands) -> None:
    client = rude(app)
    assert figure(client.get("/metrics").text, "console_worker_last_beat_seconds") == -1
    drive.submit(drive.draft(valid_filing(1)))
    drive.draft(valid_filing(2))
    client.get("/nowhere")
    with app.app_context():
        Heart().beat()
    text = client.get("/metrics").text
    assert figure(text, 'console_orders{state="in-review"}') == 1
    assert figure(text, 'console_orders{state="draft"}') == 1
    assert figure(text, 'console_orders{state="accepted"}') == 0
    assert figure(text, "console_deliveries_stuck") == 0
    assert figure(text, "console_worker_last_beat_seconds") < 30
    assert figure(text, 'console_requests_total{method="GET",status="4xx"}') == 1
    for line in text.splitlines():
        assert re.fullmatch(
            r'(# TYPE \w+ (gauge|counter)|\w+(\{(\w+="[^"]*",?)+\})? [0-9.-]+)', line
        )


def test_a_worker_that_died_before_the_clock_was_set_back_is_not_taken_for_alive(
    app: Flask, clock: Clock
) -> None:
    client = rude(app)
    clock.move(days=3)
    with app.app_context():
        Heart().beat()
    assert "worker: fresh" in client.get("/readyz").text
    clock.move(days=-3)
    assert "worker: silent" in client.get("/readyz").text
    assert figure(client.get("/metrics").text, "console_worker_last_beat_seconds") == -1


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_without_a_token_loopback_alone_sees_them_and_no_proxy_lends_it(
    app: Flask, header: str
) -> None:
    client = rude(app)
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get("/metrics", environ_overrides=elsewhere).status_code == 404


class TestWithAToken:
    """METRICS_TOKEN is set."""

    @pytest.fixture
    def settings_for_app(self) -> dict[str, str]:
        """It is."""
        return {"METRICS_TOKEN": "a long random token"}

    def test_the_token_opens_them_from_anywhere_and_nothing_else_does(self, app: Flask) -> None:
        client, elsewhere = rude(app), {"REMOTE_ADDR": "198.51.100.7"}
        right = {"Authorization": "Bearer a long random token"}
        found = client.get("/metrics", headers=right, environ_overrides=elsewhere)
        assert found.status_code == 200
        for wrong in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer ééé"}):
            assert client.get("/metrics", headers=wrong).status_code == 404


def test_readiness_tells_of_the_database_and_of_a_worker_that_fell_silent(
    app: Flask, clock: Clock
) -> None:
    client = rude(app)
    assert client.get("/readyz").text == "ready\ndatabase: ok\nworker: silent\n"
    with app.app_context():
        Heart().beat()
    assert client.get("/readyz").text.endswith("worker: fresh\n")
    clock.move(minutes=1)
    assert client.get("/readyz").text.endswith("worker: silent\n")
    assert client.get("/readyz").status_code == 200


def test_readiness_waits_for_the_migrations_of_this_version_and_minds_no_later_one(
    app: Flask,
) -> None:
    client, said = rude(app), {}
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    try:
        for version in ("0001", "9999"):
            with app.app_context(), db.engine.begin() as connection:
                connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))
            said[version] = client.get("/readyz")
    finally:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
    assert (said["0001"].status_code, said["9999"].status_code) == (503, 200)
    assert "flask db upgrade" in said["0001"].text


def test_a_heart_beats_no_more_than_every_few_seconds(app: Flask) -> None:
    heart, written = Heart(), []
    from console.services import beating

    real = beating._beat
    beating._beat = lambda worker: written.append(worker)  # type: ignore[assignment]
    try:
        for _ in range(5):
            heart.beat()
    finally:
        beating._beat = real
    assert len(written) == 1
