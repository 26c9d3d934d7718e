"""Whoever says that a link or number is wrong is heard by the applicant and by who reviews."""

from __future__ import annotations

from console.services import confirming, review
from tests.notices.telling import deliveries, kinds, notices, run_worker, worded
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases


def report(drive: Drive, number: str) -> None:
    order = drive.order(number)
    confirming.report_wrong_person(order.id, order.share_epoch, "entity-leader")


@both_databases
def test_a_report_is_told_once_to_the_applicant_and_to_who_has_the_order(
    drive: Drive, people: People
) -> None:
    number = drive.submit(drive.draft(valid_filing(1, two_people=True)))
    review.claim(people.second_reviewer.actor, number)
    for _ in range(2):
        report(drive, number)
        run_worker(drive)
    assert notices(people.owner.id).count("wrong-person") == 1
    assert notices(people.second_reviewer.id).count("wrong-person-review") == 1
    assert "wrong-person-review" not in notices(people.reviewer.id)
    assert kinds(people.owner.email)[-1] == "wrong-person"
    assert "the link of the entity leader" in worded(deliveries()[-1]).text
    page = people.client("second_reviewer").get("/notices").text
    assert "Weigh it before you decide" in page


def test_while_nobody_has_the_order_every_reviewer_is_told(drive: Drive, people: People) -> None:
    both = (people.reviewer, people.second_reviewer)
    number = drive.submit(drive.draft(valid_filing(1)))
    report(drive, number)
    run_worker(drive)
    for person in both:
        assert "wrong-person-review" in notices(person.id)


def test_while_people_verify_it_is_told_to_who_approved(drive: Drive, people: People) -> None:
    number = drive.draft(valid_filing(1))
    drive.approve(number)
    report(drive, number)
    run_worker(drive)
    assert notices(people.reviewer.id)[-1] == "wrong-person-review"
    assert "wrong-person-review" not in notices(people.second_reviewer.id)
    assert notices(people.owner.id)[-1] == "wrong-person"
