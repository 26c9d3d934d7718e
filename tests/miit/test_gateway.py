"""The gateway: idempotency, withdrawal, corrected mobiles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from miit_kit import LEADER, LEADER_SIX, OWNER, START, count, first_filing

from console.miit.gateway import AlreadyDone, EventKind, GiveUp, Submission
from console.miit.mock.answers import Answer
from console.miit.mock.tables import MinistryCode, MinistryOrder
from console.rules.filing import Filing, FilingType


def test_the_same_key_gets_the_first_answer_and_has_one_effect(world):
    first = world.submit(first_filing())
    world.clock.pass_(hours=1)
    assert world.submit(first_filing(domain="other.cn")) == first
    assert first.received_at == START
    assert (count(MinistryOrder), count(MinistryCode)) == (1, 2)


def test_the_day_of_receipt_in_china_fixes_the_book(make_world):
    world = make_world(RULEBOOK="aliyun")
    world.clock.moment = world.clock.moment.replace(year=2020, month=8, day=16, hour=15, minute=59)
    before = world.submit(first_filing(), "A/1")
    world.clock.pass_(minutes=1)
    after = world.submit(first_filing("91330100MA27XF0002", "b.cn"), "B/1")
    assert (before.book, after.book) == ("aliyun-2018", "aliyun-current")
    assert world.submit(first_filing(), "A/1").book == "aliyun-2018"


def test_before_a_familys_first_day_nothing_is_verified(make_world):
    world = make_world(RULEBOOK="aliyun")
    world.clock.moment = world.clock.moment.replace(year=2017, month=1)
    receipt = world.handed_over()
    assert receipt.book is None
    assert world.state() == "administration"
    world.ministry.decide("A", True, [], "")
    assert world.state() == "accepted"


def test_many_hand_overs_of_one_key_together_make_one_order(world):
    app, gateway = world.app, world.gateway
    submission = Submission("A/1", "A", first_filing())

    def one(_: int):
        with app.app_context():
            return gateway.submit(submission)

    with ThreadPoolExecutor(10) as pool:
        receipts = set(pool.map(one, range(10)))
    assert len(receipts) == 1
    assert (count(MinistryOrder), count(MinistryCode)) == (1, 2)


def test_withdrawing_twice_is_the_same_as_once(world):
    world.handed_over()
    world.gateway.withdraw("A/1")
    world.gateway.withdraw("A/1")
    assert world.state() == "withdrawn"


def test_a_key_withdrawn_before_it_came_is_never_taken(world):
    world.gateway.withdraw("A/1")
    world.gateway.withdraw("A/1")
    with pytest.raises(GiveUp):
        world.submit(first_filing())
    assert count(MinistryCode) == 0


@pytest.mark.parametrize("past", ["verified", "expired", "failed", "accepted"])
def test_past_verification_nothing_can_be_withdrawn(world, past):
    world.handed_over(first_filing(owner=LEADER))
    if past == "expired":
        world.clock.pass_(hours=24)
    elif past == "failed":
        for n in range(5):
            world.verify(LEADER.mobile, f"00000{n}")
    else:
        world.verify(LEADER.mobile, LEADER_SIX)
        if past == "accepted":
            world.ministry.decide("A", True, [], "")
    with pytest.raises(AlreadyDone):
        world.gateway.withdraw("A/1")


@pytest.fixture
def cancelling(world):
    """A pending cancellation of a filed entity, whose leader's mobile may be corrected."""
    number, _ = world.ministry.file_elsewhere(first_filing())
    filed = world.gateway.look_up(number)
    filing = Filing(FilingType.CANCEL_ENTITY, filed.entity, LEADER)
    world.handed_over(filing)
    return world


NEW = "13612340007"


def test_a_corrected_mobile_gets_the_code_and_the_old_code_is_void(cancelling):
    world = cancelling
    old = world.code(LEADER.mobile)
    for n in range(3):
        world.verify(LEADER.mobile, f"00000{n}", old)
    world.clock.pass_(hours=2)
    deadline = world.order().deadline
    world.gateway.change_mobile("A/1", "entity-leader", NEW)
    world.tick()
    assert world.verify(LEADER.mobile, LEADER_SIX, old) == Answer.NO_RECORD
    assert world.verify(NEW, LEADER_SIX, old) == Answer.NO_RECORD
    assert world.people()["entity-leader"].tries_used == 4
    assert world.order().deadline == deadline
    sent = world.events("A/1", EventKind.CODE_SENT)[-1]
    assert sent.data["mobile_tail"] == "0007"
    assert world.verify(NEW, LEADER_SIX) == Answer.VERIFIED


def test_the_same_correction_twice_sends_one_code(cancelling):
    for _ in range(2):
        cancelling.gateway.change_mobile("A/1", "entity-leader", NEW)
        cancelling.tick()
    assert len(cancelling.texts(NEW)) == 1


def test_a_correction_before_the_first_code_sends_it_to_the_new_number(world):
    number, _ = world.ministry.file_elsewhere(first_filing())
    filed = world.gateway.look_up(number)
    world.submit(Filing(FilingType.CANCEL_ENTITY, filed.entity, LEADER))
    world.gateway.change_mobile("A/1", "entity-leader", NEW)
    world.tick()
    assert (len(world.texts(LEADER.mobile)), len(world.texts(NEW))) == (0, 1)


def test_a_correction_is_refused_where_the_book_has_none_or_nothing_is_pending(cancelling):
    world = cancelling
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn"), "B/1")
    with pytest.raises(GiveUp):
        world.gateway.change_mobile("B/1", "entity-leader", NEW)
    with pytest.raises(GiveUp):
        world.gateway.change_mobile("A/1", "website-leader-9", NEW)
    with pytest.raises(GiveUp):
        world.gateway.change_mobile("unknown", "entity-leader", NEW)
    world.verify(LEADER.mobile, LEADER_SIX, world.texts(LEADER.mobile)[0])
    with pytest.raises(AlreadyDone):
        world.gateway.change_mobile("A/1", "entity-leader", NEW)


def test_two_people_of_one_order_cannot_be_moved_to_one_mobile(world):
    number, _ = world.ministry.file_elsewhere(first_filing())
    filed = world.gateway.look_up(number)
    other = replace(OWNER, mobile="13312340003", certificate_number="E7654321B")
    service = replace(filed.services[0], position=1)
    second = world.ministry.file_elsewhere(
        replace(
            first_filing(domain="b.cn", owner=other),
            entity=replace(first_filing().entity, icp_number=number),
        )
    )[1]["1"]
    again = replace(world.gateway.look_up(second).services[0], position=2)
    world.handed_over(
        Filing(FilingType.CANCEL_SERVICE, filed.entity, LEADER, (service, again)), "C/1"
    )
    with pytest.raises(GiveUp):
        world.gateway.change_mobile("C/1", "website-leader-2", OWNER.mobile)
