"""The outbox of mails: sent once, tried again, and what comes of them."""

from __future__ import annotations

import logging

import pytest

from console.outside.mail import KEPT, SENT, Mail, Refused, Unreachable
from console.services import handover, mailing
from console.services.mailing import send_next
from console.web.ledger_view import OUTCOMES
from console.web.mail_view import draw
from tests.notices.telling import Postbox, deliveries, run_worker
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases


@pytest.fixture
def postbox(drive: Drive) -> Postbox:
    """In place of a mail server."""
    made = Postbox()
    drive.app.extensions["mail"] = made
    return made


@pytest.fixture
def waiting(drive: Drive, postbox: Postbox) -> Drive:
    """One mail is to be sent, and nothing else is due."""
    postbox.errors = [Unreachable("told")]
    number = drive.draft(valid_filing(1))
    drive.clock.move(days=40)
    run_worker(drive)
    assert [row.outcome for row in deliveries()] == ["try-later"]
    assert number
    return drive


@both_databases
def test_a_mail_is_sent_once(drive: Drive, postbox: Postbox) -> None:
    drive.accept(drive.draft(valid_filing(1)))
    run_worker(drive)
    assert len(postbox.got) == len(deliveries()) == len({sent.id for sent in postbox.got}) > 4
    assert {row.outcome for row in deliveries()} == {"sent"}
    assert all(row.done_at for row in deliveries())


def test_failures_are_tried_again_after_growing_pauses(
    waiting: Drive, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    pauses = []
    postbox.until = None
    for _ in range(6):
        [row] = deliveries()
        waiting.clock.set(max(row.due_at, postbox.until or row.due_at))
        postbox.errors = [Unreachable("told")]
        send_next(draw, postbox)
        [row] = deliveries()
        pauses.append(round((row.due_at - waiting.clock.now).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[-1] > 8 * pauses[0]
    assert row.attempts == 7
    waiting.clock.move(minutes=20)
    assert send_next(draw, postbox)
    [row] = deliveries()
    assert (row.outcome, len(postbox.got)) == ("sent", 1)


def test_a_server_that_does_not_answer_is_left_alone_and_holds_up_nothing(
    drive: Drive, postbox: Postbox
) -> None:
    tried: list[int] = []

    class Silent(Postbox):
        def send(self, mail: Mail) -> str:
            tried.append(1)
            raise Unreachable("timeout")

    drive.app.extensions["mail"] = Silent()
    drive.clock.move(hours=0)
    drive.approve(drive.draft(valid_filing(1)))
    assert drive.order(drive.draft(valid_filing(2))).state == "draft"
    run_worker(drive)
    assert 1 <= len(tried) <= 4
    assert {row.outcome for row in deliveries()} <= {"try-later", None}


def test_a_refused_mail_is_given_up_and_the_next_goes_out(drive: Drive, postbox: Postbox) -> None:
    postbox.errors = [Refused(550)]
    drive.approve(drive.draft(valid_filing(1)))
    assert deliveries()[0].outcome == "refused"
    assert {row.outcome for row in deliveries()[1:]} == {"sent"}


def test_after_very_many_attempts_a_mail_is_given_up(
    waiting: Drive, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "MOST_ATTEMPTS", 2)
    postbox.errors = [Unreachable("told")]
    waiting.clock.move(minutes=20)
    send_next(draw, postbox)
    [row] = deliveries()
    assert row.outcome == "gave-up"
    assert row.done_at is not None


@both_databases
def test_what_one_worker_sends_another_leaves_alone_until_the_lease_ends(
    waiting: Drive, postbox: Postbox
) -> None:
    waiting.clock.move(minutes=1)
    assert handover.lease(mail=True) is not None  # and the worker dies here
    assert not send_next(draw, postbox)
    waiting.clock.move(minutes=3)
    assert send_next(draw, postbox)
    assert len(postbox.got) == 1


def test_mails_and_the_ministry_do_not_wait_for_each_other(waiting: Drive) -> None:
    waiting.clock.move(minutes=20)
    assert handover.lease() is None
    assert handover.lease(mail=True) is not None


def test_the_log_holds_no_address(
    waiting: Drive, postbox: Postbox, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    waiting.clock.move(minutes=20)
    postbox.errors = [Unreachable("timeout")]
    send_next(draw, postbox)
    assert "put off" in caplog.text
    assert people.owner.email not in caplog.text


def test_the_ledger_has_words_for_every_end_of_a_mail() -> None:
    assert {SENT, KEPT, mailing.TOO_LATE, mailing.REFUSED} <= OUTCOMES.keys()
