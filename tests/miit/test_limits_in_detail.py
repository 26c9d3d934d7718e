"""Resends, windows and limits of the mock ministry, to the moment and the last count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from miit_kit import (
    ANY_BOOKS,
    CERTIFICATE_BOOKS,
    LEADER,
    LEADER_SIX,
    OWNER,
    OWNER_SIX,
    START,
    both_orders,
    first_filing,
    kept_codes,
)
from sqlalchemy import select

from console.miit.gateway import EventKind
from console.miit.mock import expiry, throttle
from console.miit.mock.answers import Answer
from console.miit.mock.register_tables import MinistryThrottle
from console.miit.mock.store import reading, write
from console.miit.mock.tables import MinistryOrder

SECOND_ENTITY = "91330100MA27XF0002"
HOUR = timedelta(hours=1)


class TestResends:
    """Asking for a code again."""

    def test_one_order_at_its_limit_does_not_keep_the_other_from_its_code(self, world) -> None:
        world.handed_over(first_filing(owner=LEADER), "A/1")
        for _ in range(2):
            world.resend(LEADER.mobile, LEADER_SIX)
        world.handed_over(first_filing(SECOND_ENTITY, "b.cn", owner=LEADER), "B/1")
        answers = [world.resend(LEADER.mobile, LEADER_SIX) for _ in range(3)]
        assert answers == [Answer.RESENT, Answer.RESENT, Answer.RESEND_LIMIT]
        used = [world.people(key)["entity-leader"].resends_used for key in ("A/1", "B/1")]
        assert used == [2, 2]
        told = [e.data["resends_used"] for e in world.events("B/1", EventKind.CODE_RESENT)]
        assert told == [1, 2]

    def test_who_has_verified_gets_none_and_the_others_do(self, world) -> None:
        code = both_orders(world)
        world.verify(LEADER.mobile, LEADER_SIX, code)
        assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
        assert world.events("A/1", EventKind.CODE_RESENT) == []
        assert len(world.events("B/1", EventKind.CODE_RESENT)) == 1

    @pytest.mark.parametrize("book", CERTIFICATE_BOOKS)
    def test_they_hold_nobody_back_from_entering(self, book_world) -> None:
        world = book_world
        world.handed_over(first_filing(owner=LEADER))
        for _ in range(7):
            assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
        assert world.verify(LEADER.mobile, LEADER_SIX) == Answer.VERIFIED

    def test_at_the_real_pace_they_take_their_time(self, make_world) -> None:
        world = make_world(MIIT_PACE="real")
        world.submit(first_filing(owner=LEADER))
        world.clock.set(minutes=75)
        world.tick()
        assert world.resend(LEADER.mobile, LEADER_SIX) == Answer.RESENT
        first, again = kept_codes(LEADER.mobile)
        assert first.void_at == world.clock.now()
        assert (again.sent_at, again.due_at > world.clock.now()) == (None, True)
        assert len(world.texts(LEADER.mobile)) == 1
        world.clock.pass_(hours=1)
        world.tick()
        assert len(world.texts(LEADER.mobile)) == 2


class TestWindows:
    """The end of a verification."""

    def test_it_ends_at_its_moment_and_not_before(self, world) -> None:
        world.handed_over()
        deadline = world.order().deadline
        world.clock.moment = deadline - timedelta(microseconds=1)
        world.tick()
        assert world.state() == "verifying"
        world.clock.moment = deadline
        world.tick()
        assert world.state() == "expired"
        told = world.events()[-1]
        assert (told.kind, told.verifier, told.at) == (EventKind.EXPIRED, None, deadline)

    def test_those_whose_time_ended_first_are_told_first(self, world) -> None:
        deadlines = {"A/1": 3, "B/1": 1, "C/1": 2, "D/1": 9}
        for n, key in enumerate(deadlines):
            world.handed_over(first_filing(f"91330100MA27XF000{n}", f"{n}.cn"), key)

        def set_them(session) -> list[int]:
            rows = session.scalars(select(MinistryOrder).order_by(MinistryOrder.id)).all()
            for row in rows:
                row.deadline = START + timedelta(hours=deadlines[row.key])
            return [row.id for row in rows]

        a, b, c, _ = write(set_them)
        with reading() as session:
            assert session.scalars(expiry.due_orders(START + 3 * HOUR)).all() == [b, c, a]
            assert session.scalars(expiry.due_orders(START)).all() == []

    def test_an_entry_ends_what_is_over_of_its_own_mobile_alone(self, world) -> None:
        both_orders(world)
        other = first_filing("91330100MA27XF0003", "c.cn", leader=OWNER, owner=OWNER)
        world.handed_over(other, "C/1")
        world.clock.set(hours=30)
        world.verify(LEADER.mobile, "000000", "123456")
        assert [world.state(key) for key in ("A/1", "B/1", "C/1")] == [
            "expired", "expired", "verifying",
        ]  # fmt: skip
        world.clock.set(hours=1)
        assert world.verify(OWNER.mobile, OWNER_SIX) == Answer.VERIFIED


class TestGuesses:
    """The limit on guesses where certificates are counted."""

    PAIR = "pair"

    def count(self, times: int, now: datetime) -> int:
        """How many of so many entries pass."""
        return sum(
            write(lambda session: throttle.count_pair(session, self.PAIR, now))
            for _ in range(times)
        )

    def used(self) -> tuple[int, datetime]:
        with reading() as session:
            row = session.get(MinistryThrottle, self.PAIR)
            return row.used, row.since

    @pytest.mark.parametrize("book", CERTIFICATE_BOOKS)
    def test_five_pass_within_an_hour_and_five_in_the_next(self, book_world) -> None:
        assert self.count(7, START) == 5
        assert self.used() == (5, START)
        assert self.count(1, START + HOUR - timedelta(microseconds=1)) == 0
        assert self.count(7, START + HOUR) == 5
        assert self.used() == (5, START + HOUR)

    @pytest.mark.parametrize("book", CERTIFICATE_BOOKS)
    def test_a_clock_set_back_makes_nobody_wait(self, book_world) -> None:
        assert self.count(7, START) == 5
        assert self.count(7, START - HOUR) == 5
        assert self.used() == (5, START - HOUR)

    @pytest.mark.parametrize("book", ANY_BOOKS)
    def test_elsewhere_entries_are_counted_and_held_back_by_nothing(self, book_world) -> None:
        assert self.count(9, START) == 9
        assert self.used() == (9, START)

    def test_it_holds_as_long_as_an_order_of_the_old_book_may_be_pending(self, make_world) -> None:
        make_world(RULEBOOK="aliyun")
        change = datetime(2020, 8, 16, 16, 0, tzinfo=UTC)  # the new book's first moment in China
        for moment, passing in (
            (change - HOUR, 5),
            (change + timedelta(days=4, seconds=-1), 5),
            (change + timedelta(days=4), 9),
        ):
            assert self.count(9, moment) == passing

    def test_entries_that_were_no_guesses_are_taken_back(self, world) -> None:
        self.count(5, START)
        for entries, left in ((1, 4), (3, 1), (1, 0), (1, 0)):
            write(lambda session, n=entries: throttle.forget_pair(session, self.PAIR, n))
            assert self.used() == (left, START)
        self.count(3, START)
        write(lambda session: throttle.forget_pair(session, "another"))
        assert self.used()[0] == 3
        write(lambda session: throttle.forget_pair(session, self.PAIR))
        assert self.used()[0] == 0

    def test_counts_are_forgotten_when_they_hold_nobody_back(self, world) -> None:
        self.count(1, START)
        write(lambda session: throttle.count_pair(session, "later", START + HOUR))
        for moment, old in (
            (START + HOUR - timedelta(microseconds=1), False),
            (START + HOUR, True),
        ):
            with reading() as session:
                found = session.scalars(throttle.old_throttles(moment - throttle.WAIT)).all()
            assert bool(found) is old
            write(lambda session, now=moment: throttle.forget_old(session, now))
        with reading() as session:
            assert session.scalars(select(MinistryThrottle.digest)).all() == ["later"]

    @pytest.mark.parametrize("book", CERTIFICATE_BOOKS[:1])
    def test_they_are_counted_for_each_certificate_of_a_mobile(self, book_world) -> None:
        for tail in ("000000", "000001"):
            for _ in range(5):
                assert book_world.verify("13912340009", tail, "123456") == Answer.NO_RECORD

    @pytest.mark.parametrize("book", CERTIFICATE_BOOKS[:1])
    def test_a_wrong_certificate_is_taken_off_them_and_no_more(self, book_world) -> None:
        world, pair = book_world, throttle.pair_digest(LEADER.mobile, "000000")
        world.submit(first_filing())
        used = []
        for _ in range(2):  # before the first code nobody can tell it from a guess
            for _ in range(2):
                world.verify(LEADER.mobile, "000000", "123456")
                with reading() as session:
                    used.append(session.get(MinistryThrottle, pair).used)
            world.tick()
        assert used == [1, 2, 2, 2]
        assert world.people()["entity-leader"].tries_used == 2
