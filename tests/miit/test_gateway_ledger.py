"""The gateway: idempotency, withdrawal, corrected mobiles, faults, two workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from miit_kit import LEADER, LEADER_SIX, OWNER, START, first_filing
from sqlalchemy import func, select

from console.miit.gateway import AlreadyDone, EventKind, GiveUp, Submission, TryLater
from console.miit.mock import sending
from console.miit.mock.answers import Answer
from console.miit.mock.store import reading
from console.miit.mock.tables import MinistryCode, MinistryOrder, MinistryText
from console.rules.filing import Filing, FilingType


def _count(table) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_same_key_gets_the_first_answer_and_has_one_effect(world):
    first = world.submit(first_filing())
    world.clock.pass_(hours=1)
    assert world.submit(first_filing(domain="other.cn")) == first
    assert first.received_at == START
    assert (_count(MinistryOrder), _count(MinistryCode)) == (1, 2)


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
    assert (_count(MinistryOrder), _count(MinistryCode)) == (1, 2)


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
    assert _count(MinistryCode) == 0


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


def test_a_ministry_that_is_down_is_asked_again_later(world):
    world.fault("down")
    asked = [
        lambda: world.submit(first_filing()),
        lambda: world.gateway.withdraw("A/1"),
        lambda: world.gateway.change_mobile("A/1", "entity-leader", NEW),
        lambda: world.gateway.look_up("x"),
        lambda: world.gateway.events(0),
    ]
    for ask in asked:
        with pytest.raises(TryLater):
            ask()
    world.fault("down", on=False)
    assert world.submit(first_filing()).reference
    assert world.gateway.look_up("x") is None


def test_a_lost_answer_is_an_effect_all_the_same_and_comes_when_asked_again(world):
    world.fault("lost-answer")
    with pytest.raises(TryLater):
        world.submit(first_filing())
    assert world.submit(first_filing()).reference == world.order().reference
    with pytest.raises(TryLater):
        world.gateway.withdraw("A/1")
    world.gateway.withdraw("A/1")
    assert _count(MinistryOrder) == 1


def test_late_texts_arrive_late_and_the_window_runs_all_the_same(world):
    world.fault("late-texts")
    world.handed_over()
    client = world.app.test_client()
    code = world.code(LEADER.mobile)
    assert code not in client.get("/miit/phone").text
    assert world.order().deadline is not None
    world.clock.pass_(minutes=10)
    assert code in client.get("/miit/phone").text


def test_lost_texts_never_arrive_and_a_resend_does(world):
    world.fault("lost-texts")
    world.handed_over()
    world.clock.pass_(hours=5)
    client = world.app.test_client()
    assert "No text messages" in client.get("/miit/phone").text
    world.fault("lost-texts", on=False)
    world.resend(LEADER.mobile, LEADER_SIX)
    assert world.code(LEADER.mobile) in client.get("/miit/phone").text


def test_lagging_answers_come_later_or_when_the_fault_ends(world):
    world.handed_over(first_filing(owner=LEADER))
    seen = world.gateway.events(0)[-1].sequence
    world.clock.pass_(hours=1)
    world.fault("lagging-answers")
    world.verify(LEADER.mobile, LEADER_SIX)
    assert world.gateway.events(seen) == []
    world.clock.pass_(minutes=15)
    assert [event.kind for event in world.gateway.events(seen)] == ["verified", "all-verified"]


def test_repeated_events_come_again_in_front_and_behind(world):
    world.handed_over()
    seen = world.gateway.events(0)[-1].sequence
    world.fault("repeated-events")
    assert world.gateway.events(seen) == []
    world.verify(LEADER.mobile, LEADER_SIX)
    kinds = [event.kind.value for event in world.gateway.events(seen)]
    assert kinds == ["code-sent", "code-sent", "verified", "verified"]


def test_events_are_read_after_a_cursor_and_no_more_than_asked_for(world):
    for n in range(4):
        world.handed_over(first_filing(f"91330100MA27XF000{n}", f"a{n}.cn"), f"O{n}/1")
    read, cursor = [], 0
    while page := world.gateway.events(cursor, limit=3):
        assert len(page) <= 3
        read += [event.sequence for event in page]
        cursor = read[-1]
    assert read == list(range(1, 9))


def test_a_clock_set_back_hides_no_event_and_no_text(world):
    world.handed_over()
    code = world.code(LEADER.mobile)
    world.clock.pass_(days=-3)
    world.fault("lagging-answers")
    assert len(world.gateway.events(0)) == 2
    assert code in world.app.test_client().get("/miit/phone").text


def test_two_workers_at_once_send_each_code_once(world):
    for n in range(10):
        world.submit(first_filing(f"91330100MA27XF000{n}", f"a{n}.cn"), f"O{n}/1")
    app, ministry, now = world.app, world.ministry, world.clock.now()

    def one(_: int) -> None:
        with app.app_context():
            while ministry.tick(now):
                pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert _count(MinistryText) == 20
    sequences = [event.sequence for event in world.gateway.events(0)]
    assert sequences == list(range(1, 21))


def test_a_worker_killed_while_sending_has_sent_nothing(world, monkeypatch):
    world.submit(first_filing(owner=LEADER))
    told = sending._told

    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(sending, "_told", killed)
    with pytest.raises(SystemExit):
        world.tick()
    assert _count(MinistryText) == 0
    assert world.order().deadline is None
    monkeypatch.setattr(sending, "_told", told)
    world.tick()
    world.tick()
    assert _count(MinistryText) == 1
    assert world.people()["entity-leader"].resends_used == 0


def test_no_two_live_codes_of_a_mobile_are_equal_and_none_comes_twice(world, monkeypatch):
    drawn = iter(["000001", "000001", "000002", "000001", "000002", "000003"])
    monkeypatch.setattr("console.miit.mock.codes.new_code", lambda: next(drawn))
    world.handed_over(first_filing(owner=LEADER), "A/1")
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=LEADER), "B/1")
    assert world.texts(LEADER.mobile) == ["000001", "000002"]
    world.gateway.withdraw("B/1")
    world.resend(LEADER.mobile, LEADER_SIX)
    assert world.texts(LEADER.mobile)[2] == "000002"
    world.clock.pass_(minutes=1)
    world.resend(LEADER.mobile, LEADER_SIX)
    assert world.texts(LEADER.mobile)[3] == "000003"


def test_codes_are_six_digits_each_as_likely_as_the_others():
    from console.miit.mock.codes import new_code

    codes = [new_code() for _ in range(5000)]
    assert all(len(code) == 6 and code.isascii() and code.isdecimal() for code in codes)
    assert any(code.startswith("0") for code in codes)
    for position in range(6):
        counts = [sum(code[position] == digit for code in codes) for digit in "0123456789"]
        chi_square = sum((count - 500) ** 2 / 500 for count in counts)
        assert chi_square < 40  # p > 1e-5 with nine degrees of freedom: it never fails by chance


def test_the_throttles_and_pictures_of_the_past_are_tidied_away(world):
    from console.miit.mock.register_tables import MinistryThrottle

    world.verify(LEADER.mobile, LEADER_SIX, "123456")
    assert _count(MinistryThrottle) == 1
    world.clock.pass_(hours=2)
    world.ministry.tidy(world.clock.now())
    assert _count(MinistryThrottle) == 0


def test_a_fault_switched_twice_is_on_once(world):
    world.fault("down")
    world.fault("down")
    with pytest.raises(TryLater):
        world.gateway.events(0)
    world.fault("down", on=False)
    assert world.gateway.events(0) == []
