"""SECURITY 36, 37: whoever is killed has done a thing whole or not at all, and the next goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from console.extensions import db
from console.miit.mock.gateway import MockGateway
from console.services import handover, review
from console.worker import drain
from tests.security.kit import scalar, state_of, together
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands
from tests.web.pages.conftest import Stage as Case

WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """No handler of errors sees it: as little as a kill -9."""


@contextmanager
def _killed_after(app: Flask, writes: int) -> Iterator[None]:
    """Ends whoever has written so often, before anything is committed."""
    left = [writes]

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        left[0] -= statement.startswith(WRITES)
        if statement.startswith(WRITES) and left[0] == 0:
            raise Killed

    with app.app_context():
        event.listen(db.engine, "after_cursor_execute", count)
        try:
            yield
        finally:
            event.remove(db.engine, "after_cursor_execute", count)
            db.session.remove()


@both_databases
def test_36_cut_off_after_any_write_an_approval_is_not_there_at_all(
    app: Flask, in_review: Case
) -> None:
    drive, number = in_review.drive, in_review.number
    drive.do(review.claim, drive.reviewer, number)
    before, cuts = state_of(app), 0
    for writes in range(1, 20):
        with _killed_after(app, writes):
            try:
                review.approve(drive.reviewer, number)
                break
            except Killed:
                cuts += 1
        assert state_of(app) == before, writes
    assert cuts >= 3  # the move, its event, and what must be told of it
    assert in_review.order.state == "approved"
    told = "SELECT count(*) FROM deliveries WHERE kind = 'submit' AND done_at IS NULL"
    assert scalar(app, told) == 1


def test_37_of_two_workers_one_is_killed_and_each_order_is_handed_over_once(
    app: Flask, drive: Hands, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [drive.submit(drive.draft(valid_filing(n))) for n in range(1, 5)]
    for number in numbers:
        drive.do(review.claim, drive.reviewer, number)
        drive.do(review.approve, drive.reviewer, number)
    submit, asked = MockGateway.submit, []

    def once_killed(gateway: Any, submission: Any) -> Any:
        receipt = submit(gateway, submission)
        asked.append(submission.number)
        if len(asked) == 1:
            raise Killed  # the ministry has it, and nobody wrote the receipt down
        return receipt

    monkeypatch.setattr(MockGateway, "submit", once_killed)

    def work(_n: int) -> bool:
        with app.app_context():
            try:
                drain(app.extensions["ministry"], threading.Event())
            except Killed:
                return False
        return True

    assert sorted(together(2, work)) == [False, True]
    assert scalar(app, "SELECT count(*) FROM orders WHERE state = 'verifying'") == 3
    clock.move(seconds=handover.LEASE.total_seconds() + 1)
    assert work(0)
    assert scalar(app, "SELECT count(*) FROM orders WHERE state = 'verifying'") == 4
    assert sorted(asked) == sorted([*numbers, asked[0]])
    assert scalar(app, "SELECT count(*) FROM miit_orders") == 4
    assert scalar(app, "SELECT count(*) FROM events WHERE action = 'hand-over'") == 4
