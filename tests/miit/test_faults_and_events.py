"""Faults, events, two workers, codes as they are drawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from miit_kit import LEADER, LEADER_SIX, count, first_filing

from console.miit.gateway import TryLater
from console.miit.mock import pictures, sending
from console.miit.mock.register_tables import MinistryPicture, MinistryThrottle
from console.miit.mock.tables import MinistryOrder, MinistryText

NEW = "13612340007"


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
    assert count(MinistryOrder) == 1


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
    assert count(MinistryText) == 20
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
    assert count(MinistryText) == 0
    assert world.order().deadline is None
    monkeypatch.setattr(sending, "_told", told)
    world.tick()
    world.tick()
    assert count(MinistryText) == 1
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
    check = pictures.new_check(world.clock.now())
    pictures.passed(check.token, "x", world.clock.now())
    world.verify(LEADER.mobile, LEADER_SIX, "123456")
    world.clock.pass_(minutes=59)
    world.tick()
    assert (count(MinistryThrottle), count(MinistryPicture)) == (1, 1)
    world.clock.pass_(hours=1)
    world.tick()
    assert (count(MinistryThrottle), count(MinistryPicture)) == (0, 0)


def test_a_fault_switched_twice_is_on_once(world):
    world.fault("down")
    world.fault("down")
    with pytest.raises(TryLater):
        world.gateway.events(0)
    world.fault("down", on=False)
    assert world.gateway.events(0) == []
