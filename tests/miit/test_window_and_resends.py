"""Deadlines, expiry for good, resends by hand and by midnight, voided codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from miit_kit import (
    ANY_BOOKS,
    BOOKS,
    LEADER,
    LEADER_SIX,
    OWNER,
    OWNER_SIX,
    START,
    first_filing,
)

from console.clock import CHINA
from console.miit.gateway import AlreadyDone, EventKind
from console.miit.mock.answers import Answer

every_book = pytest.mark.parametrize("book", BOOKS)
HOURS = {"aliyun-2018": 24, "jdcloud-2019": 48, "jdcloud-2020": 24, "aliyun-current": 24}


@every_book
def test_the_window_opens_with_the_first_code_and_is_one_for_all(book_world, book):
    world = book_world
    world.submit(first_filing())
    assert world.order().deadline is None
    world.clock.pass_(minutes=3)
    world.tick()
    due = START + timedelta(minutes=3, hours=HOURS[book])
    assert world.order().deadline == due
    sent = world.events("A/1", EventKind.CODE_SENT)
    assert [event.verifier for event in sent] == ["entity-leader", "website-leader-1"]
    assert {event.data["deadline"] for event in sent} == {due.isoformat()}
    assert [event.data["mobile_tail"] for event in sent] == ["0001", "0002"]


@every_book
def test_a_code_is_good_until_the_last_second_and_not_after(book_world, book):
    world = book_world
    world.handed_over()
    world.clock.set(hours=HOURS[book], seconds=-1)
    assert world.verify(OWNER.mobile, OWNER_SIX) == Answer.VERIFIED_OTHERS_WAITING
    world.clock.set(hours=HOURS[book], seconds=1)
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.FAILED


@pytest.mark.parametrize("touch", ["wrong entry", "resend", "withdrawal", "tick"])
def test_a_clock_set_back_revives_nothing_that_was_touched(world, touch):
    world.handed_over()
    world.clock.set(hours=24, seconds=1)
    if touch == "wrong entry":
        world.verify(LEADER.mobile, LEADER_SIX, world.wrong(LEADER.mobile))
    elif touch == "resend":
        assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.NOTHING_PENDING
    elif touch == "withdrawal":
        with pytest.raises(AlreadyDone):
            world.gateway.withdraw("A/1")
    else:
        world.tick()
    world.clock.pass_(hours=-1)
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.FAILED
    assert world.state() == "expired"


def test_expiry_is_told_once_and_stamped_with_the_moment_it_fell_due(world):
    world.handed_over()
    world.clock.set(hours=30)
    world.tick()
    world.tick()
    told = world.events("A/1", EventKind.EXPIRED)
    assert [event.at for event in told] == [START + timedelta(hours=24)]
    assert told[0].data == {"fell_due": (START + timedelta(hours=24)).isoformat()}


def test_a_guesser_has_no_more_tries_after_the_deadline_than_before(world):
    world.handed_over()
    world.clock.set(hours=25)
    for _ in range(5):
        world.verify(LEADER.mobile, LEADER_SIX, world.wrong(LEADER.mobile))
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.NO_RECORD


@every_book
def test_a_resend_voids_the_earlier_code_and_moves_no_deadline_and_no_tries(book_world, book):
    world = book_world
    world.handed_over()
    world.verify(LEADER.mobile, "000000", world.wrong(LEADER.mobile))
    first, deadline = world.code(LEADER.mobile), world.order().deadline
    world.clock.pass_(hours=2)
    world.resend(LEADER.mobile, LEADER_SIX)
    assert world.code(LEADER.mobile) != first
    assert world.order().deadline == deadline
    assert world.people()["entity-leader"].tries_used == 1
    assert world.verify(LEADER.mobile, LEADER_SIX, first) == Answer.NO_RECORD
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING
    told = world.events("A/1", EventKind.CODE_RESENT)[0]
    assert (told.data["resends_used"], told.data["automatic"]) == (1, False)


def test_resends_are_counted_for_each_person(world):
    world.handed_over()
    for mobile, six in ((LEADER.mobile, LEADER_SIX), (OWNER.mobile, OWNER_SIX)):
        answers = [world.resend(mobile, six) for _ in range(3)]
        assert answers == [Answer.RESENT, Answer.RESENT, Answer.RESEND_LIMIT]


def test_before_the_first_code_nothing_is_pending_for_a_resend(world):
    world.submit(first_filing())
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.NOTHING_PENDING
    assert world.people()["entity-leader"].resends_used == 0


@pytest.mark.parametrize("book", ["jdcloud-2019"])
def test_the_code_comes_again_at_midnight_in_china(book_world):
    world = book_world
    world.handed_over()
    first = world.code(LEADER.mobile)
    midnight = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert midnight.astimezone(CHINA).hour == 0
    world.clock.moment = midnight - timedelta(seconds=1)
    world.tick()
    assert len(world.texts(LEADER.mobile)) == 1
    world.clock.moment = midnight
    world.tick()
    world.tick()
    assert len(world.texts(LEADER.mobile)) == 2
    assert world.verify(LEADER.mobile, LEADER_SIX, first) == Answer.NO_RECORD
    told = world.events("A/1", EventKind.CODE_RESENT)[0]
    assert (told.data["automatic"], told.data["resends_used"]) == (True, 0)
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING


@pytest.mark.parametrize("book", ["jdcloud-2019"])
def test_midnight_sends_nothing_to_those_who_verified_or_whose_time_is_up(book_world):
    world = book_world
    world.handed_over()
    world.verify(LEADER.mobile, LEADER_SIX)
    world.clock.set(hours=15)
    world.tick()
    assert len(world.texts(LEADER.mobile)) == 1
    assert len(world.texts(OWNER.mobile)) == 2
    for _ in range(4):
        world.clock.pass_(hours=24)
        world.tick()
    assert len(world.texts(OWNER.mobile)) == 3


@pytest.mark.parametrize("book", ["aliyun-2018", "jdcloud-2020", "aliyun-current"])
def test_other_books_send_nothing_at_midnight(book_world):
    world = book_world
    world.handed_over()
    world.clock.set(hours=15)
    world.tick()
    assert len(world.texts(LEADER.mobile)) == 1


@pytest.mark.parametrize("book", ANY_BOOKS)
def test_two_orders_of_one_mobile_have_codes_of_their_own(book_world):
    world = book_world
    world.handed_over(first_filing(owner=LEADER), "A/1")
    code_a = world.code(LEADER.mobile)
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=LEADER), "B/1")
    code_b = world.code(LEADER.mobile)
    assert code_a != code_b
    assert world.verify(LEADER.mobile, LEADER_SIX, code_a) == Answer.VERIFIED
    assert (world.state("A/1"), world.state("B/1")) == ("administration", "verifying")
    assert world.verify(LEADER.mobile, LEADER_SIX, code_b) == Answer.VERIFIED


def test_a_resend_sends_a_code_for_every_pending_order(world):
    world.handed_over(first_filing(owner=LEADER), "A/1")
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=LEADER), "B/1")
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
    assert len(world.texts(LEADER.mobile)) == 4
    newest = world.texts(LEADER.mobile)[2:]
    assert {world.verify(LEADER.mobile, LEADER_SIX, code) for code in newest} == {Answer.VERIFIED}


def test_a_withdrawn_order_takes_its_code_with_it(world):
    world.handed_over()
    world.gateway.withdraw("A/1")
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.NO_RECORD
    assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.NOTHING_PENDING


def test_the_sender_goes_by_the_first_carrier_of_the_number(make_world):
    world = make_world(RULEBOOK="aliyun-2018")
    world.handed_over()
    sent = world.events("A/1", EventKind.CODE_SENT)
    assert [event.data["sender"] for event in sent] == ["106575000130", "10655113"]


@every_book
def test_at_the_real_pace_the_books_delays_hold(make_world, book):
    world = make_world(RULEBOOK=book, MIIT_PACE="real")
    world.submit(first_filing())
    world.clock.pass_(minutes=3)
    world.tick()
    assert world.texts(LEADER.mobile) == []
    world.clock.set(minutes=75)
    world.tick()
    assert len(world.texts(LEADER.mobile)) == 1


def test_at_the_real_pace_answers_lag_under_the_book_that_says_so(make_world):
    world = make_world(MIIT_PACE="real")
    world.submit(first_filing(owner=LEADER))
    world.clock.set(minutes=75)
    world.tick()
    world.clock.set(hours=5)
    world.verify(LEADER.mobile, LEADER_SIX)
    assert "verified" not in world.kinds()
    world.clock.set(hours=7)
    assert world.kinds()[-2:] == ["verified", "all-verified"]
