"""Every answer of the portal, under each book that gives it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from miit_kit import (
    ANY_BOOKS,
    BOOKS,
    LEADER,
    LEADER_SIX,
    OWNER,
    OWNER_SIX,
    first_filing,
)

from console.miit.gateway import EventKind
from console.miit.mock.answers import Answer

every_book = pytest.mark.parametrize("book", BOOKS)


@every_book
def test_the_last_of_two_to_verify_completes_the_order(book_world):
    world = book_world
    world.handed_over()
    assert world.verify(OWNER.mobile, OWNER_SIX) == Answer.VERIFIED_OTHERS_WAITING
    assert world.state() == "verifying"
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED
    assert world.state() == "administration"
    assert world.kinds()[-3:] == ["verified", "verified", "all-verified"]


@every_book
def test_one_person_in_both_roles_gets_one_code_and_verifies_once(book_world):
    world = book_world
    world.handed_over(first_filing(owner=LEADER))
    person = world.people()["entity-leader"]
    assert person.roles == "entity-leader website-leader"
    assert len(world.texts(LEADER.mobile)) == 1
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED


@every_book
@pytest.mark.parametrize("wrong", ["code", "mobile", "last six"])
def test_whatever_does_not_match_gets_the_one_answer(book_world, wrong):
    world = book_world
    world.handed_over()
    mobile = "13912340009" if wrong == "mobile" else LEADER.mobile
    code = world.wrong(LEADER.mobile) if wrong == "code" else world.code(LEADER.mobile)
    last_six = "000000" if wrong == "last six" else LEADER_SIX
    assert world.verify(mobile, last_six, code) == Answer.NO_RECORD


@every_book
def test_a_code_serves_once(book_world):
    world = book_world
    world.handed_over()
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING
    world.clock.pass_(minutes=1)
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.NO_RECORD
    assert len(world.events("A/1", EventKind.VERIFIED)) == 1


@every_book
def test_the_last_six_compare_without_regard_to_case(book_world):
    world = book_world
    world.handed_over()
    assert world.verify(LEADER.mobile, "31002x") == Answer.VERIFIED_OTHERS_WAITING
    assert world.verify(OWNER.mobile, "34567a") == Answer.VERIFIED


@pytest.mark.parametrize(
    "code",
    [
        "１２３４５６",
        "١٢٣٤٥٦",
        " 123456",
        "123456 ",
        "123456\n",
        "123\u200b456",
        "1_2345",
        "12345",
        "1234567",
        "+12345",
        "0x1234",
        "12345\x00",
        "123 456",
        "abcdef",
    ],
)
def test_what_is_not_six_ascii_digits_is_no_code_and_counts_nothing(world, code, monkeypatch):
    monkeypatch.setattr("console.miit.mock.codes.new_code", lambda: "123456")
    world.handed_over(first_filing(owner=LEADER))
    for _ in range(6):
        assert world.verify(LEADER.mobile, LEADER_SIX, code) == Answer.NO_RECORD
    assert world.people()["entity-leader"].tries_used == 0
    assert world.verify(LEADER.mobile, LEADER_SIX, "123456") == Answer.VERIFIED


def test_the_mobile_may_be_written_with_the_country_code_and_spaces(world):
    world.handed_over(first_filing(owner=LEADER))
    code = world.code(LEADER.mobile)
    assert world.verify("+86 138 1234 0001", LEADER_SIX, code) == Answer.VERIFIED


@every_book
def test_right_entries_after_the_deadline_fail_and_wrong_ones_find_no_record(book_world):
    world = book_world
    world.handed_over()
    hours = 48 if book_world.app.config["RULEBOOK"] == "jdcloud-2019" else 24
    world.clock.set(hours=hours, seconds=1)
    wrong = world.verify(LEADER.mobile, LEADER_SIX, world.wrong(LEADER.mobile))
    assert wrong == Answer.NO_RECORD
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.FAILED
    assert world.state() == "expired"


@every_book
def test_a_resend_answers_by_what_is_pending(book_world):
    world = book_world
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.NO_RECORD
    world.handed_over()
    assert world.resend(LEADER.mobile, "000000") == Answer.NO_RECORD
    assert world.resend(OWNER.mobile, LEADER_SIX) == Answer.NO_RECORD
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
    world.verify(LEADER.mobile, LEADER_SIX)
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.NOTHING_PENDING


@pytest.mark.parametrize("book", ANY_BOOKS)
def test_the_third_resend_sends_nothing(book_world):
    world = book_world
    world.handed_over()
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESEND_LIMIT
    assert len(world.texts(LEADER.mobile)) == 3
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING


@pytest.mark.parametrize("book", ["aliyun-2018", "jdcloud-2019"])
def test_where_no_limit_is_said_resends_go_on(book_world):
    world = book_world
    world.handed_over()
    answers = {world.resend(LEADER.mobile, LEADER_SIX) for _ in range(6)}
    assert answers == {Answer.RESENT}


def test_an_order_that_no_one_must_verify_is_with_the_administration_at_once(make_world):
    world = make_world(RULEBOOK="aliyun-2018")
    receipt = world.handed_over(first_filing(province="GD"))
    assert (world.state(), receipt.book) == ("administration", "aliyun-2018")
    assert world.kinds() == []


def test_an_order_of_an_app_under_a_book_without_apps_is_refused(make_world):
    from miit_kit import app_service

    from console.miit.gateway import GiveUp

    world = make_world(RULEBOOK="aliyun-2018")
    filing = replace(first_filing(), services=(app_service(1),))
    for _ in range(2):
        with pytest.raises(GiveUp) as refused:
            world.submit(filing)
        assert refused.value.reason == "refused"
