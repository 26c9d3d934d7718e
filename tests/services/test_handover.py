"""The outbox: written with the move, sent after it, at least once, taking effect exactly once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from console import clock as console_clock
from console.miit.gateway import AlreadyDone, GiveUp, TryLater
from console.services import handover, review, submission
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases


def test_an_approval_and_what_must_be_told_are_written_together(world: World) -> None:
    number = world.approved()
    (delivery,) = world.deliveries(number)
    assert (delivery.kind, delivery.key) == ("submit", f"submit:{number}/1")
    assert (delivery.attempts, delivery.done_at) == (0, None)


def test_a_receipt_moves_the_order_and_names_who_must_verify(world: World) -> None:
    number = world.verifying()
    order = world.order(number)
    assert order.state == "verifying"
    assert order.rulebook == "aliyun-current"
    assert order.deadline is None
    assert order.received_at is not None
    assert world.verifier(number, "entity-leader").roles == "entity-leader"
    assert world.verifier(number, "website-leader-1").roles == "website-leader"
    assert world.events(number)[-1].action == "hand-over"


def test_where_nobody_must_verify_the_order_goes_to_the_administration(world: World) -> None:
    world.ministry.book = None
    number = world.verifying()
    assert world.state(number) == "administration-review"
    assert world.actions(number)[-1] == "hand-over-unverified"


def test_no_answer_puts_the_delivery_off_with_growing_pauses(world: World, clock: Clock) -> None:
    number = world.approved()
    pauses = []
    for _ in range(4):
        world.ministry.next_errors = [TryLater()]
        assert handover.send(world.ministry) == handover.TRY_LATER
        (delivery,) = world.deliveries(number)
        pauses.append((delivery.due_at - clock.now).total_seconds())
        assert handover.send(world.ministry) is None, "not before its time"
        clock.move(seconds=pauses[-1] + 1)
    assert all(later > earlier for earlier, later in pairwise(pauses))
    assert world.state(number) == "approved"
    assert handover.send(world.ministry) == handover.DONE


def test_a_lost_answer_is_asked_for_again_and_takes_effect_once(world: World, clock: Clock) -> None:
    number = world.approved()
    world.ministry.lost = [TryLater(), TryLater()]
    for _ in range(2):
        assert handover.send(world.ministry) == handover.TRY_LATER
        clock.move(minutes=1)
    assert handover.send(world.ministry) == handover.DONE
    assert len(world.ministry.submitted) == 1
    assert world.actions(number).count("hand-over") == 1
    assert world.deliveries(number)[0].attempts == 3


def test_what_the_ministry_will_never_take_comes_back_as_refused(world: World) -> None:
    number = world.approved()
    world.ministry.next_errors = [GiveUp("refused")]
    assert handover.send(world.ministry) == handover.GAVE_UP
    order = world.order(number)
    assert (order.state, order.returned_by, order.reasons) == ("returned", "ministry", ["refused"])
    assert world.deliveries(number)[0].outcome == "gave-up"


def test_an_unforeseen_error_is_logged_and_the_delivery_is_tried_again(
    world: World, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    number = world.approved()
    world.ministry.next_errors = [ZeroDivisionError()]
    assert handover.send(world.ministry) == "error"
    assert "ZeroDivisionError" in caplog.text
    assert world.deliveries(number)[0].outcome == "error"
    clock.move(minutes=1)
    assert handover.send(world.ministry) == handover.DONE


def test_what_one_worker_sends_another_leaves_alone_until_the_lease_ends(
    world: World, clock: Clock
) -> None:
    number = world.approved()
    assert handover.lease() is not None  # and the worker dies here
    assert handover.send(world.ministry) is None
    clock.move(seconds=31)
    assert handover.send(world.ministry) == handover.DONE
    assert world.state(number) == "verifying"


def test_an_answer_that_comes_twice_moves_the_order_once(world: World, clock: Clock) -> None:
    number = world.approved()

    def another_worker_is_quicker() -> None:
        world.ministry.before_answer = lambda: None
        clock.move(minutes=3)
        assert handover.send(world.ministry) == handover.DONE

    world.ministry.before_answer = another_worker_is_quicker
    assert handover.send(world.ministry) == handover.DONE
    assert world.actions(number).count("hand-over") == 1


def test_an_answer_that_is_already_done_ends_the_delivery(world: World) -> None:
    number = world.approved()
    world.ministry.next_errors = [AlreadyDone()]
    assert handover.send(world.ministry) == handover.ALREADY_DONE
    assert world.deliveries(number)[0].done_at is not None


def test_the_oldest_that_is_due_is_sent_first(world: World, clock: Clock) -> None:
    first = world.approved()
    clock.move(seconds=5)
    second = world.approved()
    handover.send(world.ministry)
    assert (world.state(first), world.state(second)) == ("verifying", "approved")


def test_the_ministry_gets_the_round_that_was_approved(world: World) -> None:
    number = world.returned()
    submission.submit(world.owner, number)
    review.claim(world.reviewer, number)
    review.approve(world.reviewer, number)
    handover.send(world.ministry)
    (submitted,) = world.ministry.submitted
    assert submitted.key == f"{number}/2"
    assert submitted.number == number


def test_a_receipt_is_stamped_with_the_ministrys_time(world: World) -> None:
    number = world.verifying()
    received = world.order(number).received_at
    assert received is not None
    assert abs((console_clock.now() - received).total_seconds()) < 60
