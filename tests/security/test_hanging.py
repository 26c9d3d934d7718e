"""SECURITY 41: a ministry that takes an order's word and never answers, and nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from console.miit.mock.gateway import MockGateway
from console.miit.patience import MOST_OVERDUE, Patient, _overdue
from console.services import review
from console.worker import drain
from tests.security.kit import scalar
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands
from tests.web.pages.conftest import Stage as Case

SOON = 0.2  # seconds, in place of those that people and the worker wait


class Hanging:
    """Calls that have effect at the ministry and get no answer until `go_on`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch, self._go_on, self.asked = monkeypatch, threading.Event(), 0
        self.wait(SOON)

    def wait(self, seconds: float) -> None:
        """Let people and the worker wait so long for an answer."""
        self._monkeypatch.setattr("console.web.ministry.WEB_SECONDS", seconds)
        self._monkeypatch.setattr("console.worker.WORKER_SECONDS", seconds)

    def after(self, real: Any) -> Any:
        """The method, hanging."""

        def call(gateway: Any, *words: Any, **more: Any) -> Any:
            if self._go_on.is_set():
                return real(gateway, *words, **more)
            self.asked += 1
            result = real(gateway, *words, **more)
            self._go_on.wait(120)
            return result

        return call

    def end(self) -> None:
        """The ministry answers again, those who hung first."""
        self._go_on.set()
        self.wait(60)
        for call in list(_overdue):
            call.join(30)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """A ministry of which every method hangs after it did what it was asked."""
    hanging = Hanging(monkeypatch)
    for name in ("submit", "withdraw", "change_mobile", "look_up", "events"):
        monkeypatch.setattr(MockGateway, name, hanging.after(getattr(MockGateway, name)))
    yield hanging
    hanging.end()


def _work(app: Flask) -> None:
    drain(app.extensions["ministry"], threading.Event(), once=True)


def test_41_the_worker_goes_on_and_hands_over_once_when_the_ministry_answers_again(
    app: Flask, drive: Hands, hanging: Hanging
) -> None:
    number = drive.submit(drive.draft(valid_filing(1)))
    drive.do(review.claim, drive.reviewer, number)
    drive.do(review.approve, drive.reviewer, number)
    with app.app_context():
        _work(app)  # ends: nobody answered, and all other jobs had their turn
    assert hanging.asked == MOST_OVERDUE
    assert drive.order(number).state == "approved"
    assert scalar(app, "SELECT count(*) FROM beats") == 1
    assert scalar(app, "SELECT outcome FROM deliveries WHERE kind = 'submit'") == "try-later"
    hanging.end()
    with app.app_context():
        _work(app)  # at once, without the pause that was chosen while it hung
    assert drive.order(number).state == "verifying"
    assert scalar(app, "SELECT count(*) FROM miit_orders") == 1


def test_41_a_withdrawal_is_kept_and_the_page_says_so(
    people: People, verifying: Case, app: Flask, hanging: Hanging, clock: Clock
) -> None:
    owner = people.client("owner")
    page = owner.submit(f"/orders/{verifying.number}/withdraw", {})
    assert page.status_code == 409
    assert "The withdrawal goes on by itself" in page.text
    assert verifying.number in owner.get("/orders").text
    hanging.end()
    clock.move(seconds=3)
    with app.app_context():
        _work(app)
    assert 'data-state="draft"' in owner.get(f"/orders/{verifying.number}").text


def test_41_starting_from_an_icp_number_says_to_try_again_in_a_moment(
    people: People, app: Flask, hanging: Hanging
) -> None:
    owner = people.client("owner")
    form = {
        "icp_number": "浙ICP备2026000001号",
        "certificate_number": "91330106MA2000001X",
        "mobile_changed": "no",
        "empty_shell": "no",
    }
    page = owner.submit("/orders/new/add-provider", form)
    assert page.status_code == 503
    assert "does not answer at the moment" in page.text
    assert "浙ICP备2026000001号" in page.text
    assert scalar(app, "SELECT count(*) FROM orders") == 0


def test_41_once_calls_hang_nobody_else_waits_for_the_ministry(
    ctx: Flask, hanging: Hanging
) -> None:
    from console.miit.gateway import TryLater

    patient = Patient(ctx.extensions["ministry"].gateway, SOON)
    for _ in range(20):
        with pytest.raises(TryLater):
            patient.look_up("浙ICP备2026000001号")
    assert hanging.asked == MOST_OVERDUE
    hanging.end()
    again = Patient(ctx.extensions["ministry"].gateway, 60)
    assert again.look_up("浙ICP备2026000001号") is None


def test_41_what_the_ministry_says_in_time_is_said_on(ctx: Flask, clock: Clock) -> None:
    from console.miit.gateway import GiveUp, Submission

    patient = Patient(ctx.extensions["ministry"].gateway, 60)
    receipt = patient.submit(Submission("x/1", "x", valid_filing(1)))
    assert receipt == patient.submit(Submission("x/1", "x", valid_filing(1)))
    patient.withdraw("x/1")
    with pytest.raises(GiveUp):
        patient.change_mobile("x/1", "entity-leader", "13800000000")
