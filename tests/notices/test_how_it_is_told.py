"""Each in their language, by the channels they chose."""

from __future__ import annotations

import pytest

from console.extensions import db
from console.models import NoticeChoice
from console.rules.notices import Kind
from console.services import drafts, review
from console.services.accounts import choose_language, set_active
from console.services.notices import choose
from tests.notices.telling import deliveries, kinds, letters, notices, run_worker, worded
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People


@pytest.mark.parametrize(
    ("language", "says", "says_not"),
    [
        ("en", "First filing", "首次备案"),
        ("zh_Hans_CN", "首次备案", "First filing"),
    ],
)
def test_a_mail_is_in_the_language_of_its_receiver(
    drive: Drive, people: People, language: str, says: str, says_not: str
) -> None:
    choose_language(people.owner.id, language)
    drive.approve(drive.draft(valid_filing(1)))
    approved = next(row for row in deliveries() if row.payload["kind"] == "approved")
    text = worded(approved).text
    assert says in text
    assert says_not not in text


def test_where_no_language_is_known_a_mail_is_in_both(drive: Drive, people: People) -> None:
    drive.approve(drive.draft(valid_filing(1)))
    mail = worded(next(row for row in deliveries() if row.payload["kind"] == "approved"))
    assert mail.language == "zh-Hans, en"
    assert " / " in mail.subject
    assert mail.text.count(f"{drive.app.config['BASE_URL']}/orders/") == 2


def test_a_person_is_told_by_the_channels_they_chose(drive: Drive, people: People) -> None:
    chosen = {Kind.SUBMITTED: (False, True), Kind.RETURNED: (False, False)}
    choose(people.owner.id, {"applicant"}, chosen)
    number = drive.submit(drive.draft(valid_filing(1)))
    review.claim(drive.reviewer, number)
    review.return_(drive.reviewer, number, ["phone"], "")
    run_worker(drive)
    # What was returned is told in the console whatever someone chose; nothing else is.
    assert notices(people.owner.id) == ["returned"]
    assert kinds(people.owner.email) == ["submitted"]


def test_a_choice_from_before_a_kind_had_to_be_told_is_overruled(
    drive: Drive, people: People
) -> None:
    old = NoticeChoice(account_id=people.owner.id, kind="cancelled", console=False, mail=False)
    db.session.add(old)
    db.session.commit()
    drafts.discard(drive.applicant, drive.draft(valid_filing(1)))
    run_worker(drive)
    assert notices(people.owner.id) == ["cancelled"]
    assert kinds(people.owner.email) == []


def test_nobody_is_mailed_whose_account_is_closed(drive: Drive, people: People) -> None:
    number = drive.submit(drive.draft(valid_filing(1)))
    set_active(people.owner.id, False)
    review.claim(drive.reviewer, number)
    review.return_(drive.reviewer, number, ["phone"], "")
    run_worker(drive)
    assert letters(people.owner.email) == []
