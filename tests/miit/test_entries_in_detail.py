"""Codes and entries of the mock ministry: what is drawn, kept, told and voided, and when."""

from __future__ import annotations

import pytest
from miit_kit import (
    ANY_BOOKS,
    LEADER,
    LEADER_SIX,
    OWNER,
    both_orders,
    first_filing,
    kept_codes,
)

from console.errors import Throttled
from console.miit.gateway import EventKind
from console.miit.mock import codes, throttle
from console.miit.mock.answers import Answer
from console.types import digest

SECOND_ENTITY = "91330100MA27XF0002"


class TestCodes:
    """As they are drawn and kept."""

    @pytest.mark.parametrize(
        ("written", "plain"),
        [
            ("+86 138-1234 0001", "13812340001"),
            ("008613812340001", "13812340001"),
            (" 138 1234 0001 ", "13812340001"),
            ("13881234000", "13881234000"),
            ("13800860001", "13800860001"),
            ("8613812340001", "8613812340001"),
        ],
    )
    def test_a_mobile_is_kept_without_country_code_and_blanks(self, written, plain) -> None:
        assert codes.plain_mobile(written) == plain

    def test_a_code_is_any_of_a_million_with_its_zeros(self, monkeypatch) -> None:
        asked = []
        monkeypatch.setattr(codes.secrets, "randbelow", lambda n: asked.append(n) or 7)
        assert (codes.new_code(), asked) == ("000007", [1_000_000])

    def test_what_was_kept_before_goes_on_matching(self, world) -> None:
        assert codes.code_digest("+86 13812340001", "123456") == digest(
            "miit-code", "13812340001 123456"
        )
        assert codes.mobile_digest("+86 13812340001") == digest("miit-mobile", "13812340001")
        assert codes.last_six_digest("31002X") == digest("miit-last-six", "31002X")
        assert throttle.pair_digest("1", "2") == digest("miit-pair", "1 2")

    def test_digests_are_the_same_or_not_and_nothing_is_no_digest(self) -> None:
        assert codes.same("a", "a")
        assert codes.same("张", "张")
        assert not codes.same("a", "b")
        assert not codes.same(None, "a")
        assert not codes.same("a", "")

    def test_nobody_gets_a_code_twice_nor_one_that_lives_for_their_mobile(
        self, world, monkeypatch
    ) -> None:
        lots = iter(["111111"] * 3 + ["222222"] * 2 + ["333333"] + ["111111"] * 9)
        monkeypatch.setattr(codes, "new_code", lambda: next(lots))
        world.handed_over(first_filing(owner=LEADER), "A/1")
        world.resend(LEADER.mobile, LEADER_SIX)  # 111111 is dead, but was theirs
        world.handed_over(first_filing(SECOND_ENTITY, "b.cn", owner=LEADER), "B/1")
        assert world.texts(LEADER.mobile) == ["111111", "222222", "333333"]
        other = first_filing("91330100MA27XF0003", "c.cn", leader=OWNER, owner=OWNER)
        world.handed_over(other, "C/1")
        assert world.texts(OWNER.mobile) == ["111111"], "another mobile may have the same"

    def test_what_is_voided_is_void_from_then_and_nobody_else_s(self, world) -> None:
        world.handed_over()
        first = world.clock.now()
        world.clock.pass_(minutes=5)
        again = world.clock.now()
        world.resend(LEADER.mobile, LEADER_SIX)
        world.clock.pass_(minutes=5)
        world.resend(LEADER.mobile, LEADER_SIX)
        last = world.clock.now()
        assert [(c.sent_at, c.void_at, c.occasion) for c in kept_codes(LEADER.mobile)] == [
            (first, again, "first"), (again, last, "resend"), (last, None, "resend"),
        ]  # fmt: skip
        assert [c.void_at for c in kept_codes(OWNER.mobile)] == [None]


class TestEntries:
    """What an entry leaves behind."""

    def test_a_success_is_kept_told_and_ends_the_code(self, world) -> None:
        world.handed_over()
        world.verify(LEADER.mobile, "000000")
        at = world.clock.pass_(minutes=5)
        assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED_OTHERS_WAITING
        person, other = world.people().values()
        assert (person.verified_at, person.tries_used, person.last_entry_at) == (at, 0, at)
        assert (other.verified_at, other.last_entry_at) == (None, None)
        assert [c.void_at for c in kept_codes(LEADER.mobile)] == [at]
        assert [c.void_at for c in kept_codes(OWNER.mobile)] == [None]
        (told,) = world.events("A/1", EventKind.VERIFIED)
        assert (told.verifier, told.at) == ("entity-leader", at)
        assert told.data == {"verified_at": at.isoformat()}

    def test_the_last_success_is_told_of_the_order(self, world) -> None:
        world.handed_over(first_filing(owner=LEADER))
        at = world.clock.pass_(minutes=5)
        assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED
        last = world.events()[-1]
        assert (last.kind, last.verifier, last.at) == (EventKind.ALL_VERIFIED, None, at)
        assert last.data == {}
        assert world.state() == "administration"

    def test_used_up_tries_end_the_order_and_all_its_codes(self, world) -> None:
        world.handed_over()
        for _ in range(5):
            at = world.clock.pass_(minutes=1)
            world.verify(LEADER.mobile, "000000")
        person, other = world.people().values()
        assert (person.failed_at, person.last_entry_at) == (at, at)
        assert other.failed_at is None
        for mobile in (LEADER.mobile, OWNER.mobile):
            assert [c.void_at for c in kept_codes(mobile)] == [at]
        failed, used_up = world.events()[-2:]
        assert (failed.verifier, failed.at, failed.data) == ("entity-leader", at, {"tries_used": 5})
        assert (used_up.verifier, used_up.at, used_up.data) == ("entity-leader", at, {})

    @pytest.mark.parametrize("book", ANY_BOOKS)
    def test_a_success_tells_others_nothing_where_nothing_had_failed(self, book_world) -> None:
        world = book_world
        code = both_orders(world)
        world.verify(LEADER.mobile, LEADER_SIX, code)
        assert world.events("B/1", EventKind.ENTRY_FAILED) == []
        assert world.people("B/1")["entity-leader"].tries_used == 0

    def test_a_success_that_takes_failures_back_names_the_person_and_the_moment(
        self, world
    ) -> None:
        code = both_orders(world)
        world.verify(LEADER.mobile, "000000", code)
        at = world.clock.pass_(minutes=1)
        world.verify(LEADER.mobile, LEADER_SIX, code)
        last = world.events("B/1", EventKind.ENTRY_FAILED)[-1]
        assert (last.verifier, last.at) == ("entity-leader", at)

    def test_an_order_whose_time_is_over_is_told_nothing_by_another_s_entries(self, world) -> None:
        world.handed_over(first_filing(owner=LEADER), "A/1")
        world.clock.set(hours=12)
        world.handed_over(first_filing(SECOND_ENTITY, "b.cn", owner=LEADER), "B/1")
        world.clock.set(hours=25)
        world.verify(LEADER.mobile, "000000")
        before = world.kinds("A/1")
        assert before[-1] == "expired"
        used = world.people("A/1")["entity-leader"].tries_used
        world.verify(LEADER.mobile, LEADER_SIX)
        assert world.kinds("A/1") == before
        assert world.people("A/1")["entity-leader"].tries_used == used, "no failed entry"
        assert world.state("B/1") == "administration"

    def test_who_must_wait_is_told_an_hour_in_words(self, make_world) -> None:
        world = make_world(RULEBOOK="aliyun-2018")
        for _ in range(5):
            world.verify("13912340009", "000000", "123456")
        with pytest.raises(Throttled, match="Wait an hour") as told:
            world.verify("13912340009", "000000", "123456")
        assert told.value.retry_after == 3600
