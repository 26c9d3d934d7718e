"""The ministry's news: what is asked for, how much at once, and when it is tried again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from console.extensions import db
from console.miit.gateway import EventKind, MinistryEvent, TryLater
from console.rules.lifecycle import State
from console.services import handover, news, review, submission
from console.services.effects import takes
from tests.services.conftest import Still
from tests.services.world import World

K = EventKind


def test_decisions_mean_something_to_the_administration_s_orders_the_rest_while_verifying() -> None:
    for kind in EventKind:
        deciding = kind in (K.ACCEPTED, K.RETURNED)
        meant = State.ADMINISTRATION_REVIEW if deciding else State.VERIFYING
        assert [state for state in State if takes(kind, state)] == [meant], kind


def test_what_is_told_is_kept_as_it_was_told_and_is_due_at_once(world: World, still: Still) -> None:
    number = world.verifying()
    befell = still.moment - timedelta(minutes=7)
    world.ministry.tell(world.order(number), K.ENTRY_FAILED, "entity-leader", befell, tries_used=2)
    still.move(minutes=1)
    assert news.collect(world.ministry) is True
    (kept,) = world.kept_news()
    assert (kept.sequence, kept.key, kept.kind) == (1, f"{number}/1", "entry-failed")
    assert (kept.verifier, kept.at, kept.data) == ("entity-leader", befell, {"tries_used": 2})
    assert (kept.due_at, kept.applied_at, kept.result) == (still.moment, None, None)
    news.apply_due()
    (kept,) = world.kept_news()
    assert (kept.applied_at, kept.result) == (still.moment, "applied")
    assert world.events(number)[-1].at == befell


def test_the_ministry_is_asked_for_what_came_after_the_last_and_a_batch_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, asked = world.verifying(), []
    real = world.ministry.events

    def events(after: int, limit: int) -> Any:
        asked.append((after, limit))
        return real(after, limit)

    monkeypatch.setattr(world.ministry, "events", events)
    for _ in range(2):
        world.ministry.tell(world.order(number), K.VERIFIED, "entity-leader")
    assert [news.collect(world.ministry) for _ in range(2)] == [True, False]
    assert asked == [(0, 500), (2, 500)]


def test_a_part_of_what_is_told_that_is_known_is_left_out(world: World) -> None:
    number = world.verifying()
    first = world.hear(number, K.ENTRY_FAILED, "entity-leader", tries_used=1)
    second = world.ministry.tell(world.order(number), K.VERIFIED, "entity-leader")
    world.ministry.events = lambda after, limit=500: [first, second]  # type: ignore[method-assign,assignment]
    news.collect(world.ministry)
    assert [kept.sequence for kept in world.kept_news()] == [1, 2]
    assert world.kept_news()[0].result == "applied"


class TestLine:
    """What waits for the ministry goes at once when it answers again."""

    def test_at_first_nobody_knows(self) -> None:
        assert news.Line().answers is False

    def test_it_hurries_once_for_each_silence(
        self, world: World, still: Still, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hurries: list[int] = []
        monkeypatch.setattr(handover, "hurry", lambda: bool(hurries.append(1)) or True)
        line = news.Line()
        assert news.collect(world.ministry, line) is True
        assert news.collect(world.ministry, line) is False
        assert (line.answers, len(hurries)) == (True, 1)
        world.ministry.next_errors = [TryLater()]
        assert news.collect(world.ministry, line) is False
        assert line.answers is False
        assert news.collect(world.ministry, line) is True
        assert len(hurries) == 2

    def test_nothing_that_waits_is_nothing_to_do(self, world: World) -> None:
        assert news.collect(world.ministry, news.Line()) is False


def test_there_may_be_more_after_a_full_batch_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "BATCH", 2)
    number = world.verifying()
    for tries in (1, 2, 3):
        order = world.order(number)
        world.ministry.tell(order, K.ENTRY_FAILED, "entity-leader", tries_used=tries)
    news.collect(world.ministry)
    news.collect(world.ministry)
    assert [news.apply_due() for _ in range(3)] == [True, False, False]
    assert world.verifier(number, "entity-leader").tries_used == 3


def test_what_comes_before_our_receipt_is_tried_again_in_two_seconds(
    world: World, still: Still
) -> None:
    late, early = world.verifying(), world.approved()
    world.ministry.tell(world.order(early), K.VERIFIED, "entity-leader")
    world.ministry.tell(world.order(early), K.ALL_VERIFIED)
    world.ministry.tell(world.order(late), K.VERIFIED, "entity-leader")
    news.collect(world.ministry)
    news.apply_due()
    first, second, other = world.kept_news()
    again = still.moment + timedelta(seconds=2)
    assert [(kept.due_at, kept.applied_at) for kept in (first, second)] == [(again, None)] * 2
    assert other.result == "applied"


def test_poison_comes_back_after_an_hour_and_is_logged(
    world: World, still: Still, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = world.verifying(), world.verifying()
    world.ministry.tell(world.order(bad), K.VERIFIED, "nobody-we-know")
    world.ministry.tell(world.order(good), K.VERIFIED, "entity-leader")
    news.collect(world.ministry)
    with caplog.at_level(logging.ERROR):
        assert news.apply_due() is False
    poisoned, fine = world.kept_news()
    assert poisoned.due_at == still.moment + timedelta(hours=1)
    assert (poisoned.result, fine.result) == ("error", "applied")
    assert fine.applied_at == still.moment
    assert any("1" in str(record.args) for record in caplog.records), "which one it was"


def test_poison_holds_back_nothing_that_came_before_it(world: World, still: Still) -> None:
    number = world.verifying()
    for verifier in ("entity-leader", "nobody-we-know"):
        world.ministry.tell(world.order(number), K.VERIFIED, verifier)
    news.collect(world.ministry)
    world.kept_news()[1].due_at = still.moment + news.POISONED
    db.session.commit()
    news.apply_due()
    assert [kept.result for kept in world.kept_news()] == ["applied", None]


def test_what_poison_holds_back_waits_only_while_it_waits(world: World, still: Still) -> None:
    bad, good = world.verifying(), world.verifying()
    world.hear(bad, K.VERIFIED, "nobody-we-know")
    world.hear(good, K.VERIFIED, "entity-leader")
    world.hear(good, K.ALL_VERIFIED)
    world.hear(bad, K.ALL_VERIFIED)
    assert world.state(good) == "administration-review", "another order's poison"
    assert world.state(bad) == "verifying"
    poison = world.kept_news()[0]
    poison.applied_at = still.moment
    db.session.commit()
    news.apply_due()
    assert world.state(bad) == "administration-review"


@pytest.mark.parametrize(
    ("kind", "begin", "result"),
    [
        (K.ACCEPTED, "verifying", "not in verifying"),
        (K.VERIFIED, "deciding", "not in administration-review"),
        (K.EXPIRED, "deciding", "not in administration-review"),
        (K.ALL_VERIFIED, "returned", "not in returned"),
    ],
)
def test_what_comes_too_late_is_kept_with_why_and_changes_nothing(
    world: World, still: Still, kind: EventKind, begin: str, result: str
) -> None:
    number = getattr(world, begin)()
    before = world.actions(number)
    world.hear(number, kind, "entity-leader", fell_due=still.moment.isoformat())
    kept = world.kept_news()[-1]
    assert (kept.result, kept.applied_at) == (result, still.moment)
    assert world.actions(number) == before


def test_news_of_an_order_nobody_knows_is_done_with(world: World, still: Still) -> None:
    told = MinistryEvent(1, "20200101-222222/1", K.EXPIRED, still.moment, None, {"fell_due": "x"})
    world.ministry.told.append(told)
    news.collect(world.ministry)
    news.apply_due()
    (kept,) = world.kept_news()
    assert (kept.result, kept.applied_at) == ("no such round", still.moment)


def test_those_that_expire_together_are_done_with_at_once_and_the_rest_in_turn(
    world: World, still: Still, caplog: pytest.LogCaptureFixture
) -> None:
    alone, failed = world.coded(), world.coded()
    fell_due = (still.moment + timedelta(minutes=1)).isoformat()
    world.ministry.tell(world.order(failed), K.ENTRY_FAILED, "entity-leader", tries_used=1)
    for number in (alone, failed):
        world.ministry.tell(world.order(number), K.EXPIRED, fell_due=fell_due)
    still.move(minutes=2)
    news.collect(world.ministry)
    news.apply_due()
    assert {world.state(number) for number in (alone, failed)} == {"returned"}
    assert world.actions(failed)[-2:] == ["entry-failed", "expire"]
    fresh = [(kept.applied_at, kept.result) for kept in world.kept_news()[2:]]
    assert fresh == [(still.moment, "applied")] * 3
    assert not caplog.records, "no second try, one by one"


def test_news_of_a_later_round_is_of_its_own_verifiers(world: World) -> None:
    number = world.expired()
    submission.submit(world.owner, number, confirmed=True)
    review.claim(world.reviewer, number)
    review.approve(world.reviewer, number)
    handover.send(world.ministry)
    assert (world.order(number).round, world.state(number)) == (2, "verifying")
    world.hear(number, K.VERIFIED, "entity-leader")
    assert world.kept_news()[-1].result == "applied"
    assert world.verifier(number, "entity-leader").verified_at is not None


def test_a_book_that_cancels_nothing_leaves_an_order_returned_whose_tries_are_used_up(
    world: World,
) -> None:
    world.ministry.book = "jdcloud-2020"
    number = world.coded()
    world.hear(number, K.TRIES_USED_UP, "entity-leader")
    assert (world.state(number), world.order(number).cancel_at) == ("returned", None)
