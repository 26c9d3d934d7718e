"""Reminders before the deadline, by themselves and at one click."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from console import errors
from console.extensions import db
from console.models import Reminder, VerifierRow
from console.queries.orders import verifiers_of
from console.rules.filing import Filing
from console.services import reminding, telling
from console.services.reminding import remind
from tests.notices.telling import deliveries, kinds, notices, run_worker, worded
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases

FIRST, SECOND = "leader-1@example.cn", "leader-2@example.cn"


@pytest.fixture
def filing() -> Filing:
    """Two people must verify it."""
    return valid_filing(1, two_people=True)


@pytest.fixture
def number(drive: Drive, filing: Filing) -> str:
    """Verifying, both codes sent."""
    return drive.approve(drive.draft(filing))


def left(drive: Drive, number: str, **time: float) -> None:
    """Let there be so much time left, and the worker run."""
    deadline = drive.order(number).deadline
    assert deadline is not None
    drive.clock.set(deadline - timedelta(**time))
    run_worker(drive)


@both_databases
def test_leaders_are_reminded_at_12_4_and_1_hours_and_once_each(drive: Drive, number: str) -> None:
    seen = []
    for hours in (13, 12, 11, 5, 4, 3.5, 2, 1, 0.5):
        left(drive, number, hours=hours)
        run_worker(drive)
        seen.append(kinds(FIRST).count("leader-reminder"))
    assert seen == [0, 1, 1, 1, 2, 2, 2, 3, 3]
    assert kinds(SECOND).count("leader-reminder") == 3


def test_the_applicant_is_told_at_four_hours_once_for_the_order(
    drive: Drive, number: str, people: People
) -> None:
    left(drive, number, hours=4, seconds=2)
    assert "deadline-near" not in notices(people.owner.id)
    left(drive, number, hours=4)
    left(drive, number, hours=1)
    assert notices(people.owner.id).count("deadline-near") == 1
    assert kinds(people.owner.email).count("deadline-near") == 1


def test_after_an_outage_only_the_most_urgent_reminder_is_given(
    drive: Drive, number: str, people: People
) -> None:
    left(drive, number, minutes=30)
    assert kinds(FIRST).count("leader-reminder") == 1
    assert notices(people.owner.id).count("deadline-near") == 1


def test_whoever_has_verified_is_left_in_peace(drive: Drive, number: str, filing: Filing) -> None:
    drive.verify(filing.entity_leader)
    left(drive, number, hours=4)
    assert kinds(FIRST).count("leader-reminder") == 0
    assert kinds(SECOND).count("leader-reminder") == 1


def test_past_the_deadline_nobody_is_reminded(drive: Drive, number: str) -> None:
    left(drive, number, seconds=-1)
    assert kinds(FIRST).count("leader-reminder") == 0


def test_a_new_round_is_reminded_anew(drive: Drive, number: str, filing: Filing) -> None:
    left(drive, number, hours=1)
    drive.clock.move(hours=2)
    drive.work()
    assert drive.order(number).state == "returned"
    drive.approve(number)
    left(drive, number, hours=1)
    assert kinds(FIRST).count("leader-reminder") == 2


def test_a_code_that_came_late_is_no_reason_for_two_mails_at_once(
    drive: Drive, number: str
) -> None:
    order = drive.order(number)
    assert order.deadline is not None
    first = verifiers_of(order)[0]
    late = update(VerifierRow).where(VerifierRow.id == first.id)
    db.session.execute(late.values(code_sent_at=order.deadline - timedelta(hours=3)))
    db.session.commit()
    left(drive, number, hours=2.9)
    assert kinds(FIRST).count("leader-reminder") == 0
    assert kinds(SECOND).count("leader-reminder") == 1


def test_a_reminder_that_waited_too_long_is_not_sent(
    drive: Drive, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as held:
        held.setattr("console.services.mailing.send_next", lambda *_: False)
        left(drive, number, hours=1)
    drive.clock.move(hours=2)
    run_worker(drive)
    reminders = [row for row in deliveries() if row.payload["kind"] == "leader-reminder"]
    assert {row.outcome for row in reminders} == {"too-late"}


def test_a_reminder_to_someone_who_verified_meanwhile_is_not_sent(
    drive: Drive, number: str, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as held:
        held.setattr("console.services.mailing.send_next", lambda *_: False)
        left(drive, number, hours=4)
        drive.verify(filing.entity_leader)
    run_worker(drive)
    reminders = [row for row in deliveries() if row.payload["kind"] == "leader-reminder"]
    assert {row.payload["to"]: row.outcome for row in reminders} == {
        FIRST: "too-late",
        SECOND: "kept",
    }


def test_the_mail_says_by_when_where_and_not_who(drive: Drive, number: str, filing: Filing) -> None:
    left(drive, number, hours=4)
    row = next(r for r in deliveries() if r.payload["kind"] == "leader-reminder")
    text = worded(row).text
    assert "138****0001" in text
    assert "before 20" in text
    assert f"{drive.app.config['BASE_URL']}/status/" in text
    hidden = (filing.entity_leader.name, filing.entity_leader.mobile, filing.entity.name)
    assert not any(value in text for value in hidden)


@both_databases
def test_two_workers_remind_and_tell_once(drive: Drive, number: str, people: People) -> None:
    app: Flask = drive.app
    deadline = drive.order(number).deadline
    assert deadline is not None
    drive.clock.set(deadline - timedelta(hours=3))
    drive.order(number)
    db.session.remove()
    gate = threading.Barrier(4)
    failed: list[BaseException] = []

    def worker() -> None:
        with app.app_context():
            try:
                gate.wait(10)
                for _ in range(3):
                    reminding.remind_due()
                    telling.tell_due()
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert kinds(FIRST).count("leader-reminder") == 1
    told = notices(people.owner.id)
    assert told.count("deadline-near") == 1
    assert [kind for kind in told if kind == "code-sent"] == ["code-sent"] * 2


@both_databases
def test_two_workers_tell_of_a_backlog_once(drive: Drive, people: People) -> None:
    for n in range(1, 7):
        drive.submit(drive.draft(valid_filing(n)))
    db.session.remove()
    gate = threading.Barrier(4)
    failed: list[BaseException] = []

    def worker() -> None:
        with drive.app.app_context():
            try:
                gate.wait(10)
                while telling.tell_due():
                    pass
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert notices(people.owner.id) == ["submitted"] * 6


class TestAtOneClick:
    """A button beside each person who is waited for."""

    def test_it_mails_the_leader_at_most_once_an_hour(self, drive: Drive, number: str) -> None:
        remind(drive.applicant, number, "entity-leader")
        with pytest.raises(errors.Throttled) as refusal:
            remind(drive.reviewer, number, "entity-leader")
        assert 3500 < refusal.value.retry_after <= 3601
        remind(drive.reviewer, number, "website-leader-1")
        drive.clock.move(hours=1, seconds=1)
        remind(drive.applicant, number, "entity-leader")
        run_worker(drive)
        assert kinds(FIRST).count("leader-by-hand") == 2
        assert kinds(SECOND).count("leader-by-hand") == 1

    def test_it_is_refused_once_the_person_has_verified(
        self, drive: Drive, number: str, filing: Filing
    ) -> None:
        drive.verify(filing.entity_leader)
        with pytest.raises(errors.Changed):
            remind(drive.applicant, number, "entity-leader")

    def test_it_is_refused_past_the_deadline_and_for_nobody(
        self, drive: Drive, number: str
    ) -> None:
        with pytest.raises(errors.Changed):
            remind(drive.applicant, number, "website-leader-7")
        deadline = drive.order(number).deadline
        assert deadline is not None
        drive.clock.set(deadline)
        with pytest.raises(errors.Changed):
            remind(drive.applicant, number, "entity-leader")

    def test_the_page_has_the_button_then_says_when(
        self, drive: Drive, number: str, people: People
    ) -> None:
        client = people.client("owner")
        path = f"/orders/{number}/verifiers/entity-leader/remind"
        page = client.get(f"/orders/{number}").text
        assert page.count("data-remind=") == 2
        answer = client.post(path, data={"csrf_token": client.token()})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/orders/{number}")
        page = client.get(f"/orders/{number}").text
        assert page.count("data-remind=") == 1
        assert "Reminded by e-mail" in page
        again = client.post(path, data={"csrf_token": client.token()})
        assert again.status_code == 429
        assert int(again.headers["Retry-After"]) > 3500

    def test_who_may(self, drive: Drive, number: str, people: People) -> None:
        path = f"/orders/{number}/verifiers/entity-leader/remind"
        answers = {}
        for name in ("other", "administrator", "nobody", "reviewer"):
            client = people.client(name)
            answers[name] = client.post(path, data={"csrf_token": client.token()}).status_code
        assert answers == {"other": 404, "administrator": 403, "nobody": 303, "reviewer": 303}
        assert len(db.session.scalars(select(Reminder)).all()) == 1

    def test_without_the_forms_token_nothing_is_sent(self, number: str, people: People) -> None:
        path = f"/orders/{number}/verifiers/entity-leader/remind"
        assert people.client("owner").post(path).status_code == 400
        assert db.session.scalars(select(Reminder)).all() == []
