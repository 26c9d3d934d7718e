"""Polls that have nothing new: answered in front of Flask, and only where nothing is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request_started
from sqlalchemy import update

from console import clock as console_clock
from console.extensions import db
from console.models import Account, Order
from console.queries.polled import Polled
from console.services import sharing
from console.services.accounts import close_session
from console.web import front
from console.web.tokens import APPLICANT, Viewer, make_token
from tests.security.kit import rude
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands, drive

__all__ = ["drive"]


class Page:
    """An open page of an order's leader, or of its applicant."""

    def __init__(self, app: Flask, drive: Hands, people: People) -> None:
        self.app, self.drive, self.people = app, drive, people
        self.number = drive.draft(valid_filing(1))
        self.order = drive.order(self.number)
        self.viewer = Viewer(self.order.id, "entity-leader", "en", self.order.share_epoch)
        self.tag = f"{self.order.revision}-0"
        self.flask: list[str] = []  # what came through to Flask
        self.read = 0

    def of_applicant(self) -> Viewer:
        """The applicant's own page."""
        with self.app.app_context():
            epoch = db.session.get_one(Account, self.people.owner.id).epoch
        return replace(self.viewer, kind=APPLICANT, account_id=self.people.owner.id, epoch=epoch)

    def address(self, viewer: Viewer | None = None) -> str:
        """What it polls."""
        with self.app.app_context():
            return f"/status/{make_token(viewer or self.viewer, console_clock.now())}/checklist"

    def poll(self, address: str = "", method: str = "GET", **more: Any) -> Any:
        """Ask whether something is new."""
        headers = {"HX-Request": "true", "HX-PTag": self.tag}
        path = address or self.address()
        self.flask.clear()
        return rude(self.app).open(path, method=method, headers=headers, **more)

    def change(self, **values: Any) -> None:
        """Write to the order's row."""
        with self.app.app_context():
            where = update(Order).where(Order.number == self.number)
            db.session.execute(where.values(**values))
            db.session.commit()


@pytest.fixture
def page(
    app: Flask, drive: Hands, people: People, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """An open page, and a note of what Flask and the look-up are asked."""
    opened, read = Page(app, drive, people), Polled.__call__

    def noted(self: Polled, *viewer: Any) -> Any:
        opened.read += 1
        return read(self, *viewer)

    monkeypatch.setattr(Polled, "__call__", noted)

    def came(_app: Flask, **_extra: Any) -> None:
        opened.flask.append("request")

    with request_started.connected_to(came, app):
        yield opened


@both_databases
@pytest.mark.parametrize("who", ["leader", "applicant"])
def test_an_unchanged_page_is_answered_after_one_read_and_without_flask(
    page: Page, who: str
) -> None:
    address = page.address(page.of_applicant() if who == "applicant" else None)
    answer = page.poll(address)
    assert (answer.status_code, answer.data, page.flask, page.read) == (304, b"", [], 1)
    assert answer.headers["HX-PTag"] == page.tag


@both_databases
def test_a_changed_page_and_one_whose_deadline_passed_are_drawn_by_flask(
    page: Page, clock: Clock
) -> None:
    page.change(deadline=clock.now + timedelta(hours=1))
    assert page.poll().status_code == 304
    clock.move(hours=2)
    assert (page.poll().headers["HX-PTag"], page.flask) == (f"{page.order.revision}-1", ["request"])
    page.tag = f"{page.order.revision}-1"
    assert page.poll().status_code == 304
    page.change(revision=page.order.revision + 1)
    page.read = 0
    assert (page.poll().status_code, page.flask) == (200, ["request"])
    assert page.read == 1  # what was read in front is not read again


def test_the_answer_carries_the_headers_that_flask_would_set(page: Page, app: Flask) -> None:
    ours, flasks = page.poll(), page.poll(method="HEAD")
    assert page.flask == ["request"]
    for answer in (ours, flasks):
        assert len(answer.headers.pop("X-Request-ID")) == 16
    flasks.headers.pop("Vary", None)  # of the session, which is not looked at here
    assert dict(ours.headers) == dict(flasks.headers)


def test_the_answer_is_counted(page: Page, app: Flask) -> None:
    page.poll()
    lines = list(app.extensions["requests"].lines())
    assert 'console_requests_total{method="GET",status="3xx"} 1' in lines


def test_a_link_that_was_revoked_or_has_ended_is_refused_as_ever(page: Page, clock: Clock) -> None:
    leader, applicant = page.address(), page.address(page.of_applicant())
    with page.app.app_context():
        sharing.revoke_links(page.people.owner.actor, page.number)
        page.tag = f"{page.drive.order(page.number).revision}-0"
    assert (page.poll(leader).status_code, page.flask) == (404, ["request"])
    assert page.poll(applicant).status_code == 304
    page.drive.do(close_session, page.people.owner.id, "any")  # signed out
    assert (page.poll(applicant).status_code, page.flask) == (404, ["request"])
    renewed = page.address(replace(page.viewer, epoch=page.viewer.epoch + 1))
    assert page.poll(renewed).status_code == 304
    clock.move(days=31)
    assert (page.poll(renewed).status_code, page.flask) == (404, ["request"])
    assert page.poll(leader.replace("/checklist", "x/checklist")).status_code == 404


@pytest.mark.parametrize(
    ("method", "more", "status"),
    [
        ("HEAD", {}, 304),
        ("POST", {}, 405),
        ("GET", {"base_url": "http://evil.example"}, 400),
    ],
)
def test_all_else_is_for_flask_to_answer(
    page: Page, method: str, more: dict[str, Any], status: int
) -> None:
    assert page.poll(method=method, **more).status_code == status
    assert page.flask == ["request"]


@both_databases
def test_a_database_that_was_gone_is_asked_again(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.poll().status_code == 304
    direct = page.app.wsgi_app._read._standing._rows.__self__  # type: ignore[attr-defined]
    for cursor in direct._free:
        cursor.connection.close()  # as a server that went away leaves them
    assert (page.poll().status_code, page.flask) == (304, ["request"])
    assert (page.poll().status_code, page.flask) == (304, ["request"])  # resting
    monkeypatch.setattr(front, "REST", 0.0)
    page.app.wsgi_app._next_try = 0.0  # type: ignore[attr-defined]
    assert (page.poll().status_code, page.flask) == (304, [])
    assert len(direct._free) == 1
