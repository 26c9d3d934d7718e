"""What counts as a try, what it leads to, and what happens when many arrive together."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from miit_kit import (
    ANY_BOOKS,
    BOOKS,
    CERTIFICATE_BOOKS,
    LEADER,
    LEADER_SIX,
    OWNER,
    OWNER_SIX,
    first_filing,
)

from console.errors import Throttled
from console.miit.gateway import EventKind
from console.miit.mock import portal, resending
from console.miit.mock.answers import Answer

every_book = pytest.mark.parametrize("book", BOOKS)
any_entry = pytest.mark.parametrize("book", ANY_BOOKS)
certificates = pytest.mark.parametrize("book", CERTIFICATE_BOOKS)


def _wrong_certificate(world, times: int) -> list[Answer]:
    code = world.code(LEADER.mobile)
    return [world.verify(LEADER.mobile, f"00000{n}", code) for n in range(times)]


@every_book
def test_the_fifth_wrong_certificate_in_a_row_fails_the_order(book_world):
    world = book_world
    world.handed_over()
    assert _wrong_certificate(world, 5) == [Answer.NO_RECORD] * 4 + [Answer.FAILED]
    assert world.state() == "failed"
    tries = [event.data["tries_used"] for event in world.events("A/1", EventKind.ENTRY_FAILED)]
    assert tries == [1, 2, 3, 4, 5]
    assert world.events()[-1].kind is EventKind.TRIES_USED_UP
    assert world.events()[-1].verifier == "entity-leader"
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.NO_RECORD
    assert world.verify(OWNER.mobile, OWNER_SIX) == Answer.NO_RECORD


@any_entry
def test_the_fifth_wrong_code_fails_the_order_where_any_entry_counts(book_world):
    world = book_world
    world.handed_over()
    wrong = world.wrong(LEADER.mobile)
    answers = [world.verify(LEADER.mobile, LEADER_SIX, wrong) for _ in range(6)]
    assert answers == [Answer.NO_RECORD] * 4 + [Answer.FAILED, Answer.NO_RECORD]


@certificates
def test_wrong_codes_only_make_wait_where_certificates_count(book_world):
    world = book_world
    world.handed_over()
    wrong = world.wrong(LEADER.mobile)
    for _ in range(5):
        assert world.verify(LEADER.mobile, LEADER_SIX, wrong) == Answer.NO_RECORD
    with pytest.raises(Throttled) as told:
        world.verify(LEADER.mobile, LEADER_SIX)
    assert told.value.retry_after == 3600
    assert world.state() == "verifying"
    assert world.people()["entity-leader"].tries_used == 0
    assert world.events("A/1", EventKind.ENTRY_FAILED) == []
    world.clock.pass_(hours=1)
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING


@certificates
def test_an_unknown_mobile_is_told_to_wait_just_the_same(book_world):
    world = book_world
    for _ in range(5):
        assert world.verify("13912340009", "000000", "123456") == Answer.NO_RECORD
    with pytest.raises(Throttled):
        world.verify("13912340009", "000000", "123456")


@certificates
def test_guesses_of_the_code_use_up_none_of_the_certificates_tries(book_world):
    world = book_world
    world.handed_over()
    for _ in range(4):
        world.verify(LEADER.mobile, LEADER_SIX, world.wrong(LEADER.mobile))
    assert _wrong_certificate(world, 4) == [Answer.NO_RECORD] * 4
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING


@certificates
def test_the_same_wrong_certificate_again_and_again_still_fails_at_the_fifth(book_world):
    world = book_world
    world.handed_over()
    code = world.code(LEADER.mobile)
    answers = [world.verify(LEADER.mobile, "000000", code) for _ in range(6)]
    assert answers == [Answer.NO_RECORD] * 4 + [Answer.FAILED, Answer.NO_RECORD]


@every_book
def test_a_failed_entry_counts_on_every_pending_verification_of_the_mobile(book_world):
    world = book_world
    world.handed_over(first_filing(owner=LEADER), "A/1")
    world.clock.pass_(minutes=1)
    _wrong_certificate(world, 2)
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=LEADER), "B/1")
    _wrong_certificate(world, 2)
    used = [world.people(key)["entity-leader"].tries_used for key in ("A/1", "B/1")]
    assert used == [4, 2]
    assert _wrong_certificate(world, 1) == [Answer.FAILED]
    assert (world.state("A/1"), world.state("B/1")) == ("failed", "verifying")


@every_book
def test_a_success_ends_the_row_of_failures_on_the_others(book_world):
    world = book_world
    world.handed_over(first_filing(owner=LEADER), "A/1")
    code = world.code(LEADER.mobile)
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=LEADER), "B/1")
    _wrong_certificate(world, 4)
    assert world.verify(LEADER.mobile, LEADER_SIX, code) == Answer.VERIFIED
    assert world.people("B/1")["entity-leader"].tries_used == 0
    last = world.events("B/1", EventKind.ENTRY_FAILED)[-1]
    assert last.data == {"tries_used": 0, "reset": True}
    assert _wrong_certificate(world, 4) == [Answer.NO_RECORD] * 4
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED


@every_book
def test_a_success_takes_even_a_single_failure_back_on_the_others(book_world):
    world = book_world
    world.handed_over(first_filing(owner=LEADER), "A/1")
    code = world.code(LEADER.mobile)
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=LEADER), "B/1")
    _wrong_certificate(world, 1)
    world.verify(LEADER.mobile, LEADER_SIX, code)
    told = [event.data["tries_used"] for event in world.events("B/1", EventKind.ENTRY_FAILED)]
    assert told == [1, 0], "the console would go on showing a try as used"


@any_entry
def test_neither_a_resend_nor_a_new_code_gives_tries_back(book_world):
    world = book_world
    world.handed_over()
    _wrong_certificate(world, 4)
    world.resend(LEADER.mobile, LEADER_SIX)
    assert world.people()["entity-leader"].tries_used == 4
    assert world.verify(LEADER.mobile, LEADER_SIX, world.wrong(LEADER.mobile)) == Answer.FAILED


def test_before_the_first_code_nobody_can_use_up_tries(world):
    world.submit(first_filing())
    for _ in range(6):
        assert world.verify(LEADER.mobile, LEADER_SIX, "123456") == Answer.NO_RECORD
    world.tick()
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING


def test_tries_are_counted_for_each_person(world):
    world.handed_over()
    _wrong_certificate(world, 4)
    assert world.verify(OWNER.mobile, "000000", "000000") == Answer.NO_RECORD
    used = {name: person.tries_used for name, person in world.people().items()}
    assert used == {"entity-leader": 4, "website-leader-1": 1}


def test_a_try_that_was_counted_but_never_answered_is_settled_by_the_clockwork(world):
    world.handed_over()
    _wrong_certificate(world, 4)
    entry = portal.Entry(
        mobile=portal.mobile_digest(LEADER.mobile),
        last_six=portal.last_six_digest("000000"),
        code="",
        pair="pair",
        well_formed=True,
    )
    portal.write(lambda session: portal._count(session, entry, world.clock.now()))
    world.tick()
    assert world.state() == "verifying"
    world.clock.pass_(minutes=1)
    world.tick()
    assert world.state() == "failed"
    assert world.events()[-1].kind is EventKind.TRIES_USED_UP


def together(world, times: int, work) -> list[object]:
    """Release as many calls of `work` together, each in a thread with an app context of its own."""
    app = world.app

    def one(n: int) -> object:
        with app.app_context():
            try:
                return work(n)
            except Throttled:
                return "wait"

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@every_book
def test_of_forty_guesses_that_arrive_together_five_are_evaluated(book_world, monkeypatch):
    world = book_world
    world.handed_over()
    evaluated = []
    settle = portal._settle

    def counting(session, entry, counted, now):
        evaluated.extend(counted)
        return settle(session, entry, counted, now)

    monkeypatch.setattr(portal, "_settle", counting)
    wrong, now = world.wrong(LEADER.mobile), world.clock.now()
    answers = together(world, 40, lambda _: portal.verify(LEADER.mobile, LEADER_SIX, wrong, now))
    assert len(evaluated) == 5
    monkeypatch.undo()
    world.clock.moment = now
    if book_world.app.config["RULEBOOK"] in ANY_BOOKS:
        assert Counter(answers) == {Answer.NO_RECORD: 39, Answer.FAILED: 1}
        assert portal.verify(LEADER.mobile, LEADER_SIX, world.code(LEADER.mobile), now) == (
            Answer.NO_RECORD
        )
        assert world.state() == "failed"
    else:
        assert Counter(answers) == {Answer.NO_RECORD: 5, "wait": 35}
        assert world.state() == "verifying"


@every_book
def test_of_ten_right_entries_that_arrive_together_one_succeeds(book_world):
    world = book_world
    world.handed_over(first_filing(owner=LEADER))
    code, now = world.code(LEADER.mobile), world.clock.now()
    answers = together(world, 10, lambda _: portal.verify(LEADER.mobile, LEADER_SIX, code, now))
    assert answers.count(Answer.VERIFIED) == 1
    assert Answer.FAILED not in answers
    assert world.kinds().count("verified") == 1
    assert world.kinds().count("all-verified") == 1


@any_entry
def test_of_twenty_resends_that_arrive_together_two_are_accepted(book_world):
    world = book_world
    world.handed_over()
    now = world.clock.now()
    answers = together(world, 20, lambda _: resending.resend(LEADER.mobile, LEADER_SIX, now))
    assert Counter(answers) == {Answer.RESENT: 2, Answer.RESEND_LIMIT: 18}
    codes = world.texts(LEADER.mobile)
    assert len(codes) == 3
    for dead in codes[:2]:
        assert world.verify(LEADER.mobile, LEADER_SIX, dead) == Answer.NO_RECORD
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING


def test_two_leaders_verifying_together_complete_the_order_once(world):
    world.handed_over()
    entries = [
        (LEADER.mobile, LEADER_SIX, world.code(LEADER.mobile)),
        (OWNER.mobile, OWNER_SIX, world.code(OWNER.mobile)),
    ]
    now = world.clock.now()
    answers = together(world, 2, lambda n: portal.verify(*entries[n], now))
    assert sorted(answers) == [Answer.VERIFIED, Answer.VERIFIED_OTHERS_WAITING]
    assert world.kinds().count("all-verified") == 1


def test_one_leader_of_several_services_verifies_once_and_another_for_himself(world):
    other = replace(OWNER, mobile="13312340003", certificate_number="E7654321B")
    from miit_kit import website

    filing = replace(
        first_filing(),
        services=(website(1, "a.cn"), website(2, "b.cn"), website(3, "c.cn", other)),
    )
    world.handed_over(filing)
    assert list(world.people()) == ["entity-leader", "website-leader-1", "website-leader-3"]
    assert world.verify(OWNER.mobile, OWNER_SIX) == Answer.VERIFIED_OTHERS_WAITING
    assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING
    assert world.verify(other.mobile, "54321B") == Answer.VERIFIED
