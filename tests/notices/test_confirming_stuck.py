"""A leader whose entries do not match five times is stuck, and those who can help hear of it."""

from __future__ import annotations

from console.services import review
from console.services.confirming import MOST_TRIES, confirm
from tests.notices.telling import deliveries, kinds, notices, run_worker, worded
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People

KINDS = ("confirming-stuck", "confirming-stuck-review")


def guess(drive: Drive, number: str, times: int) -> None:
    order = drive.order(number)
    for _ in range(times):
        confirm(order.id, order.share_epoch, "entity-leader", "13900000000", "00000X")


def test_the_fifth_wrong_entry_is_told_once_and_no_earlier_one(
    drive: Drive, people: People
) -> None:
    number = drive.submit(drive.draft(valid_filing(1, two_people=True)))
    review.claim(people.second_reviewer.actor, number)
    guess(drive, number, MOST_TRIES - 1)
    run_worker(drive)
    assert not set(KINDS) & {*notices(people.owner.id), *notices(people.second_reviewer.id)}
    guess(drive, number, 1)
    for _ in range(2):
        run_worker(drive)
    assert notices(people.owner.id).count("confirming-stuck") == 1
    assert notices(people.second_reviewer.id).count("confirming-stuck-review") == 1
    assert "confirming-stuck-review" not in notices(people.reviewer.id)
    assert kinds(people.owner.email)[-1] == "confirming-stuck"
    mail = worded(deliveries()[-1])
    assert "the link of the entity leader" in mail.text
    assert "13900000000" not in mail.text
    page = people.client("owner").get("/notices").text
    assert "revoke the links, which gives five more tries" in page
