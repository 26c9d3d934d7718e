"""Each happening is told once, to the right people, by the right channel, in their language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from console.extensions import db
from console.models import Event, Notice, NoticeCursor
from console.rules.notices import OFFERS, TOLD, Kind
from console.services import drafts, review, submission, telling
from tests.notices.telling import deliveries, kinds, letters, notices, run_worker, worded
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases

WAY = [
    "submitted",
    "review-begun",
    "approved",
    "forwarded",
    "code-sent",
    "code-sent",
    "verified",
    "verified",
    "all-verified",
    "accepted",
]


@pytest.fixture
def filed(drive: Drive) -> str:
    """An order that went the whole way; two people verified."""
    number = drive.draft(valid_filing(1, two_people=True))
    drive.accept(number)
    return number


@both_databases
def test_the_applicant_is_told_of_every_step_once(drive: Drive, people: People) -> None:
    number = drive.draft(valid_filing(1, two_people=True))
    drive.accept(number)
    assert notices(people.owner.id, number) == WAY
    for _ in range(3):
        run_worker(drive)
    assert notices(people.owner.id, number) == WAY
    assert notices(people.other.id) == []


def test_by_mail_goes_what_matters_unless_chosen_otherwise(filed: str, people: People) -> None:
    assert kinds(people.owner.email) == [
        "approved",
        "code-sent",
        "code-sent",
        "all-verified",
        "accepted",
    ]


def test_each_leader_gets_one_mail_with_a_link_of_their_own(filed: str, people: People) -> None:
    mails = [row for row in deliveries() if "leader-" in row.payload["to"]]
    assert [(row.payload["to"], row.payload["kind"]) for row in mails] == [
        ("leader-1@example.cn", "leader-code"),
        ("leader-2@example.cn", "leader-code"),
    ]
    links = {worded(row).text.split("/status/")[1].split()[0] for row in mails}
    assert len(links) == 2
    client = people.client("nobody")
    for link in links:
        assert client.get(f"/status/{link}").status_code == 200


def test_reviewers_are_told_that_an_order_waits_and_applicants_are_not(
    drive: Drive, people: People
) -> None:
    both = [people.reviewer, people.second_reviewer]
    drive.submit(drive.draft(valid_filing(1)))
    run_worker(drive)
    assert [notices(person.id) for person in both] == [["to-review"], ["to-review"]]
    assert notices(people.owner.id) == ["submitted"]
    assert letters(people.reviewer.email) == []


def test_a_claim_that_is_taken_again_does_not_begin_the_review_twice(
    drive: Drive, people: People
) -> None:
    number = drive.submit(drive.draft(valid_filing(1)))
    review.claim(people.reviewer.actor, number)
    review.release(people.reviewer.actor, number)
    run_worker(drive)
    review.claim(people.second_reviewer.actor, number)
    run_worker(drive)
    assert notices(people.owner.id).count("review-begun") == 1
    review.return_(people.second_reviewer.actor, number, ["phone"], "")
    drive.submit(number)
    review.claim(people.reviewer.actor, number)
    run_worker(drive)
    assert notices(people.owner.id).count("review-begun") == 2


def test_a_return_says_by_whom_and_why(drive: Drive, people: People) -> None:
    number = drive.submit(drive.draft(valid_filing(1)))
    review.claim(drive.reviewer, number)
    review.return_(drive.reviewer, number, ["site-name", "phone"], "")
    run_worker(drive)
    assert notices(people.owner.id)[-1] == "returned"
    mail = worded(deliveries()[-1])
    assert "Returned by the provider" in mail.text
    assert "- The name of the website or app is not allowed" in mail.text
    page = people.client("owner").get("/notices").text
    assert "The name of the website or app is not allowed" in page


def test_the_administrations_return_and_a_refusal_are_returns(drive: Drive, people: People) -> None:
    number = drive.draft(valid_filing(1))
    drive.approve(number)
    drive.verify_all(number)
    drive.decide(number, ["portrait"])
    assert notices(people.owner.id)[-1] == "returned"
    assert "Returned by the administration" in worded(deliveries()[-1]).text


def test_running_out_of_time_and_of_tries_is_told(drive: Drive, people: People) -> None:
    number = drive.draft(valid_filing(1))
    drive.approve(number)
    drive.clock.move(hours=25)
    drive.work()
    assert notices(people.owner.id, number)[-1] == "expired"
    other = valid_filing(2)
    second = drive.draft(other)
    drive.approve(second)
    for _ in range(5):
        if drive.order(second).state == "verifying":
            drive.verify(other.entity_leader, right=False)
    assert notices(people.owner.id, second)[-1] == "tries-used-up"
    drive.clock.move(hours=25)
    drive.work()
    assert notices(people.owner.id, second)[-1] == "cancelled"
    assert kinds(people.owner.email)[-3:] == ["code-sent", "tries-used-up", "cancelled"]


def test_lapsing_is_told_seven_days_before_and_when_it_happens(
    drive: Drive, people: People
) -> None:
    number = drive.draft(valid_filing(1))
    drive.clock.move(days=37, hours=23)
    run_worker(drive)
    assert notices(people.owner.id) == []
    drive.clock.move(hours=2)
    for _ in range(3):
        run_worker(drive)
        drive.clock.move(hours=1)
    assert notices(people.owner.id) == ["lapse-soon"]
    assert kinds(people.owner.email) == ["lapse-soon"]
    drive.clock.move(days=8)
    run_worker(drive)
    assert notices(people.owner.id, number) == ["lapse-soon", "lapsed"]


def test_a_draft_that_was_touched_is_told_of_again_when_it_lies_about_again(
    drive: Drive, people: People
) -> None:
    filing = valid_filing(1)
    number = drive.draft(filing)
    drive.clock.move(days=40)
    run_worker(drive)
    changed = replace(filing.entity, remarks="改动")
    drafts.save_entity(
        drive.applicant, number, drive.revision(number), changed, filing.entity_leader
    )
    run_worker(drive)
    assert notices(people.owner.id) == ["lapse-soon"]
    drive.clock.move(days=40)
    run_worker(drive)
    assert notices(people.owner.id) == ["lapse-soon", "lapse-soon"]


def test_what_was_discarded_reads_as_ones_own_deed(drive: Drive, people: People) -> None:
    number = drive.draft(valid_filing(1))
    drafts.discard(drive.applicant, number)
    run_worker(drive)
    assert notices(people.owner.id) == ["cancelled"]
    assert "You discarded it" in people.client("owner").get("/notices").text


def test_nothing_is_told_of_what_was_not_committed(
    drive: Drive, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = drive.draft(valid_filing(1))

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(review, "hand_in", fail)
    drive.submit(number)
    review.claim(drive.reviewer, number)
    with pytest.raises(RuntimeError):
        review.approve(drive.reviewer, number)
    run_worker(drive)
    assert notices(people.owner.id) == ["submitted", "review-begun"]


def test_a_large_backlog_is_told_in_batches(
    drive: Drive, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    for n in range(1, 4):
        drive.submit(drive.draft(valid_filing(n)))
    rounds = 1
    while telling.tell_due():
        rounds += 1
    assert rounds > 3
    assert notices(people.owner.id) == ["submitted"] * 3
    last = db.session.scalar(select(func.max(Event.id)))
    assert db.session.scalar(select(NoticeCursor.event_id)) == last


def test_a_failure_in_the_middle_tells_all_of_it_or_nothing(
    drive: Drive, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive.submit(drive.draft(valid_filing(1)))
    with monkeypatch.context() as broken:
        broken.setattr(telling, "queue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            telling.tell_due()
        assert notices(people.owner.id) == []
    telling.tell_due()
    assert notices(people.owner.id) == ["submitted"]


def test_every_kind_can_happen_and_every_happening_has_an_offer() -> None:
    offered = [offer.kind for offer in OFFERS]
    assert sorted(offered) == sorted(Kind)
    told = {kind for kinds_ in TOLD.values() for kind in kinds_}
    assert set(Kind) - told == {Kind.DEADLINE_NEAR, Kind.LAPSE_SOON}


def test_notices_hold_no_personal_data(filed: str, people: People) -> None:
    filing = valid_filing(1, two_people=True)
    leaders = [filing.entity_leader, filing.services[0].leader]
    rows = db.session.scalars(select(Notice)).all()
    texts = [str((row.data, row.key)) for row in rows]
    texts += [worded(row).text + worded(row).subject for row in deliveries()]
    texts.append(people.client("owner").get("/notices").text)
    secret = [
        value
        for leader in leaders
        for value in (leader.name, leader.mobile, leader.certificate_number, leader.email)
    ]
    assert [value for value in secret if any(value in text for text in texts)] == []


def test_what_a_mail_is_about_is_encrypted_at_rest(filed: str, people: People) -> None:
    raw = db.session.connection().exec_driver_sql("SELECT payload, key FROM deliveries").all()
    assert not any("@" in str(row) or "leader-code" in str(row) for row in raw)


def test_withdrawn_orders_stop_being_told_of(drive: Drive, people: People) -> None:
    number = drive.draft(valid_filing(1))
    drive.approve(number)
    submission.withdraw(drive.applicant, number, drive.ministry.gateway)
    before = notices(people.owner.id)
    drive.clock.move(hours=26)
    drive.work()
    assert notices(people.owner.id) == before


def test_reviewing_is_told_only_to_whoever_reviews(drive: Drive, people: People) -> None:
    administrator = people.administrator
    drive.submit(drive.draft(valid_filing(1)))
    run_worker(drive)
    assert notices(administrator.id) == []
