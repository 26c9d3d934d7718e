"""What cannot be read, damaged or under a lost key, holds up nothing that is about others."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from console.extensions import db
from console.models import Account
from console.services import drafts, handover, retention, review
from console.services.account_letters import RECOVER, queue_letter
from console.worker import drain
from tests.security.kit import rude
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands, drive

__all__ = ["drive"]
pytestmark = both_databases


@pytest.fixture
def spoil(app: Flask) -> Callable[..., int]:
    """Cuts values off behind everyone's back; how many."""

    def spoil(column: str, where: str) -> int:
        table, name = column.split(".")
        cut = f"UPDATE {table} SET {name} = substr({name}, 1, 60) WHERE {where}"
        with app.app_context(), db.engine.begin() as connection:
            return connection.execute(text(cut)).rowcount

    return spoil


def _approved(drive: Hands, n: int) -> str:
    number: str = drive.submit(drive.draft(valid_filing(n)))
    drive.do(review.claim, drive.reviewer, number)
    drive.do(review.approve, drive.reviewer, number)
    drive.clock.move(seconds=1)
    return number


def _enter(drive: Hands, n: int) -> None:
    leader = valid_filing(n).entity_leader
    drive.do(drive.ministry.enter_code, leader.mobile, leader.certificate_number[-6:], True)


def test_the_next_delivery_is_handed_over_and_the_bad_one_is_seen_to_wait(
    drive: Hands, people: People, spoil: Callable[..., int]
) -> None:
    bad, good = _approved(drive, 1), _approved(drive, 2)
    assert spoil("deliveries.payload", f"key = 'submit:{bad}/1'") == 1
    drive.work()
    drive.work()
    assert drive.order(good).state == "verifying"
    assert drive.order(bad).state == "approved"
    drive.clock.move(minutes=61)
    reviewer = people.client("reviewer")
    assert bad in reviewer.get("/review/ledger?show=stuck&kind=submit").text
    withdrawn = people.client("owner").submit(f"/orders/{bad}/withdraw")
    assert withdrawn.status_code == 303
    drive.work()
    assert drive.order(bad).state == "draft"


def test_however_many_cannot_be_sent_one_run_hands_over_the_rest(
    drive: Hands, spoil: Callable[..., int]
) -> None:
    for n in range(1, 10):
        _approved(drive, n)
    assert spoil("deliveries.payload", "kind = 'submit'") == 9
    drive.work()
    good = _approved(drive, 10)
    drive.do(drain, drive.ministry, threading.Event(), True)
    assert drive.order(good).state == "verifying"


@pytest.mark.parametrize(
    "column", ["miit_people.mobile", "miit_orders.content", "miit_events.data"]
)
def test_what_the_ministry_cannot_read_holds_up_no_code_and_no_window_of_others(
    drive: Hands, spoil: Callable[..., int], column: str
) -> None:
    _approved(drive, 1)
    drive.do(handover.send, drive.ministry.gateway)
    if column == "miit_events.data":
        drive.do(drive.ministry.tick, drive.clock.now)
    assert spoil(column, "true") > 0
    good = _approved(drive, 2)
    drive.work()
    assert drive.order(good).deadline is not None
    drive.clock.move(hours=25)
    drive.work()
    assert drive.order(good).state == "returned"


def test_news_of_other_orders_is_applied(
    drive: Hands, people: People, spoil: Callable[..., int]
) -> None:
    from console.services import news

    bad, good = _approved(drive, 1), _approved(drive, 2)
    drive.work()
    _enter(drive, 1)
    drive.do(lambda: news.collect(drive.ministry.gateway))
    assert spoil("ministry_news.data", "applied_at IS NULL") > 0
    _enter(drive, 2)
    drive.work()
    assert drive.order(good).state == "administration-review"
    assert drive.order(bad).state == "verifying"
    administrator = people.client("administrator")
    assert 'data-health="backlog" data-good="bad"' in administrator.get("/admin/").text
    assert re.search(
        "^console_ministry_news_stuck [1-9]", rude(drive.app).get("/metrics").text, re.M
    )


def test_what_has_had_its_time_is_forgotten_whether_it_can_be_read_or_not(
    drive: Hands, clock: Clock, spoil: Callable[..., int]
) -> None:
    numbers = [drive.submit(drive.draft(valid_filing(n))) for n in (1, 2, 3)]
    for number in numbers:
        drive.do(lambda number=number: _give_up(drive, number))
    assert spoil("orders.content", f"number = '{numbers[0]}'") == 1
    assert spoil("rounds.content", "id = (SELECT max(id) FROM rounds)") == 1
    clock.move(days=31)
    housekeeping = retention.Housekeeping()
    drive.do(housekeeping.sweep, timedelta(hours=2), timedelta(hours=12), at_once=True)
    for number in numbers:
        order = drive.order(number)
        assert order.content["entity"]["name"] == ""
        assert order.due_at is None


def _give_up(drive: Hands, number: str) -> None:
    from console.services import submission

    submission.withdraw(drive.applicant, number, drive.ministry.gateway)
    drafts.discard(drive.applicant, number)


def test_letters_to_others_leave(
    app: Flask, drive: Hands, people: People, spoil: Callable[..., int]
) -> None:
    def queue(account_id: int) -> None:
        queue_letter(RECOVER, db.session.get(Account, account_id))
        db.session.commit()

    for account_id in (people.owner.id, people.other.id):
        drive.do(queue, account_id)
    assert spoil("account_letters.payload", f"account_id = {people.owner.id}") == 1
    drive.work()
    with app.app_context(), db.engine.connect() as connection:
        done = "SELECT account_id FROM account_letters WHERE done_at IS NOT NULL"
        assert list(connection.execute(text(done)).scalars()) == [people.other.id]


def test_notices_and_reminders_of_others_are_given(
    app: Flask, drive: Hands, people: People, clock: Clock, spoil: Callable[..., int]
) -> None:
    people.client("reviewer")
    bad, good = _approved(drive, 1), _approved(drive, 2)
    assert spoil("orders.content", f"number = '{bad}'") == 1
    assert spoil("accounts.email", f"id = {people.reviewer.id}") == 1
    for _ in range(3):
        drive.work()
    clock.move(hours=21)  # three are left
    drive.work()

    found = "SELECT number, notices.kind FROM notices JOIN orders ON orders.id = order_id"
    mails = "SELECT number FROM deliveries JOIN orders ON orders.id = order_id WHERE kind = 'mail'"
    with app.app_context(), db.engine.connect() as connection:
        told = {tuple(row) for row in connection.execute(text(found))}
        mailed = set(connection.execute(text(mails)).scalars())
    assert told >= {(good, kind) for kind in ("to-review", "code-sent", "deadline-near")}
    assert (bad, "to-review") in told
    assert good in mailed
