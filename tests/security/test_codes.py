"""SECURITY 1-6: counting, resending, the window and the order of a code, from outside."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from console.miit.mock import portal as entries
from console.miit.mock.store import reading
from console.miit.mock.tables import MinistryOrder
from console.services import drafts, submission
from tests.security.kit import Portal, answer_of, scalar, tail, together
from tests.support.apps import make_app
from tests.support.clocks import Clock
from tests.support.filings import mobile, valid_filing


def test_01_of_forty_wrong_codes_at_once_five_are_looked_at(
    verifying: Any, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, looked_at = verifying.leader, []
    matching = entries._matching

    def counting(session: Any, entry: Any, people: Any) -> Any:
        looked_at.extend(people)
        return matching(session, entry, people)

    monkeypatch.setattr(entries, "_matching", counting)
    wrong = portal.wrong(who.mobile)
    browsers = [portal.browser() for _ in range(40)]
    pages = together(40, lambda n: portal.enter(who.mobile, tail(who), wrong, browsers[n]))
    assert Counter(map(answer_of, pages)) == {"no-record": 39, "failed": 1}
    assert len(looked_at) <= 5
    right = portal.enter(who.mobile, tail(who), portal.codes(who.mobile)[-1])
    assert answer_of(right) == "no-record"
    verifying.drive.work()
    assert (verifying.order.state, verifying.order.reasons) == ("returned", ["tries-used-up"])


def test_02_the_count_goes_on_whoever_sends_and_whichever_process_answers(
    verifying: Any, portal: Portal, app: Flask, database_url: str, tmp_path: Path
) -> None:
    who, wrong = verifying.leader, portal.wrong(verifying.leader.mobile)
    started_again = Portal(make_app(database_url, tmp_path))
    kept = portal.browser()
    ways: list[dict[str, Any]] = [
        {"browser": kept},
        {"browser": kept, "headers": {"User-Agent": "another/1.0"}},
        {"browser": kept, "headers": {"X-Forwarded-For": "203.0.113.9"}},
        {"environ_overrides": {"REMOTE_ADDR": "198.51.100.4"}},
    ]
    for way in ways:
        assert answer_of(portal.enter(who.mobile, tail(who), wrong, **way)) == "no-record"
    assert answer_of(started_again.enter(who.mobile, tail(who), wrong)) == "failed"
    right = portal.codes(who.mobile)[-1]
    assert answer_of(portal.enter(who.mobile, tail(who), right)) == "no-record"
    assert answer_of(started_again.enter(who.mobile, tail(who), right)) == "no-record"


def test_03_of_twenty_resends_at_once_two_are_sent_and_the_older_code_is_dead(
    verifying: Any, portal: Portal
) -> None:
    who = verifying.leader
    portal.enter(who.mobile, tail(who), portal.wrong(who.mobile))  # one try is used
    browsers = [portal.browser() for _ in range(20)]
    pages = together(
        20, lambda n: portal.enter(who.mobile, tail(who), "", browsers[n], page="resend")
    )
    assert Counter(map(answer_of, pages)) == {"resent": 2, "resend-limit": 18}
    codes = portal.codes(who.mobile)
    assert len(codes) == 3
    for dead in codes[:-1]:
        assert answer_of(portal.enter(who.mobile, tail(who), dead)) == "no-record"
    # A resend gives no tries back: one before it and two after it leave two.
    verifying.drive.work()
    assert scalar(portal.app, "SELECT max(tries_used) FROM verifiers") == 3
    assert answer_of(portal.enter(who.mobile, tail(who), codes[-1])) == "verified-others-waiting"


def test_04_of_ten_right_codes_at_once_one_succeeds_and_a_replay_does_not(
    verifying: Any, portal: Portal, clock: Clock
) -> None:
    who = verifying.leader
    right = portal.codes(who.mobile)[-1]
    browsers = [portal.browser() for _ in range(10)]
    pages = together(10, lambda n: portal.enter(who.mobile, tail(who), right, browsers[n]))
    answers = Counter(map(answer_of, pages))
    assert answers["verified-others-waiting"] == 1
    assert set(answers) <= {"verified-others-waiting", "no-record"}
    clock.move(minutes=1)
    assert answer_of(portal.enter(who.mobile, tail(who), right)) == "no-record"
    verifying.drive.work()
    rows = scalar(portal.app, "SELECT count(*) FROM events WHERE action = 'verified'")
    assert rows == 1


def test_05_the_window_ends_by_the_servers_clock_and_stays_ended(
    verifying: Any, portal: Portal, clock: Clock
) -> None:
    leader, owner = verifying.leader, verifying.owner
    with portal.app.app_context(), reading() as session:
        deadline = session.scalars(select(MinistryOrder.deadline)).one()
    assert deadline is not None
    clock.set(deadline - timedelta(seconds=1))
    in_time = portal.enter(leader.mobile, tail(leader), portal.codes(leader.mobile)[-1])
    assert answer_of(in_time) == "verified-others-waiting"
    clock.set(deadline + timedelta(seconds=1))
    right = portal.codes(owner.mobile)[-1]
    assert answer_of(portal.enter(owner.mobile, tail(owner), right)) == "failed"
    clock.move(hours=-1)
    assert answer_of(portal.enter(owner.mobile, tail(owner), right)) != "verified"
    verifying.drive.work()
    assert verifying.order.state == "returned"


def test_06_a_code_moves_its_own_order_only_and_dies_with_its_mobile_number(
    verifying: Any, portal: Portal
) -> None:
    drive, who = verifying.drive, verifying.leader
    other = valid_filing(2, two_people=True)
    other = replace(other, entity_leader=replace(other.entity_leader, mobile=who.mobile))
    second = drive.approve(drive.draft(other))
    code_a, code_b = portal.codes(who.mobile)[0], portal.codes(who.mobile)[-1]
    assert code_a != code_b
    assert answer_of(portal.enter(who.mobile, tail(who), code_b)) == "no-record"
    assert answer_of(portal.enter(who.mobile, tail(who), code_a)) == "verified-others-waiting"
    drive.work()
    states = {
        row.order_id: row.verified_at is not None
        for row in drive.do(_leaders, second, verifying.number)
    }
    assert sorted(states.values()) == [False, True]


def test_06_a_code_is_dead_once_its_mobile_number_was_changed(
    verifying: Any, portal: Portal, app: Flask
) -> None:
    who, drive, number = verifying.leader, verifying.drive, verifying.number
    old = portal.codes(who.mobile)[-1]
    drive.do(submission.withdraw, drive.applicant, number, app.extensions["ministry"].gateway)
    changed = replace(who, mobile=mobile(77))
    revision = drive.revision(number)
    drive.do(
        drafts.save_entity, drive.applicant, number, revision, verifying.filing.entity, changed
    )
    drive.approve(number)
    assert verifying.order.state == "verifying"
    for number_tried in (who.mobile, changed.mobile):
        assert answer_of(portal.enter(number_tried, tail(who), old)) == "no-record"
    new = portal.codes(changed.mobile)[-1]
    assert answer_of(portal.enter(changed.mobile, tail(who), new)) == "verified-others-waiting"


def _leaders(*numbers: str) -> list[Any]:
    from console.extensions import db
    from console.models import Order, VerifierRow

    query = (
        select(VerifierRow)
        .join(Order, Order.id == VerifierRow.order_id)
        .where(Order.number.in_(numbers), VerifierRow.key == "entity-leader")
    )
    return list(db.session.scalars(query))
