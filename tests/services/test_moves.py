"""Moves: guarded, one event each, stamped, and all or nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from console import clock
from console.errors import Changed, NotAllowed
from console.extensions import db
from console.models import Order
from console.rules.filing import ServiceKind
from console.rules.lifecycle import Action, State
from console.services import drafts, review, submission
from console.services.actors import WORKER
from console.services.moves import move
from console.transactions import run_writing, verb
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases


@verb
def _move(order: Order, action: Action, actor: object, **more: object) -> None:
    move([db.session.merge(order, load=False)], action, actor, clock.now(), **more)  # type: ignore[arg-type]


def test_a_move_writes_one_event_with_where_it_came_from_and_went(world: World) -> None:
    number = world.in_review()
    assert world.actions(number) == ["start", "submit"]
    event = world.events(number)[-1]
    assert (event.from_state, event.to_state) == ("draft", "in-review")
    assert (event.actor, event.actor_id) == ("applicant", world.owner.id)


def test_of_two_writers_who_saw_the_same_order_one_wins_and_the_other_leaves_no_event(
    world: World,
) -> None:
    number = world.in_review()
    review.claim(world.reviewer, number)
    seen = world.order(number)
    with Session(db.engine) as session:
        stale = session.get_one(Order, seen.id)
        session.expunge(stale)
    review.approve(world.reviewer, number)
    with pytest.raises(Changed):
        _move(stale, Action.RETURN, world.reviewer)
    assert world.actions(number) == ["start", "submit", "claim", "approve"]
    assert world.state(number) == "approved"


def test_a_move_of_many_moves_all_or_none(world: World) -> None:
    numbers = [world.draft(), world.draft()]
    orders = []
    for number in numbers:
        orders.append(world.order(number))
        db.session.expunge(orders[-1])
    orders[1].revision -= 1  # as if it had changed since it was read

    def work() -> None:
        move(orders, Action.LAPSE, WORKER, clock.now())

    with pytest.raises(Changed):
        run_writing(db.session(), work)
    assert [world.state(number) for number in numbers] == ["draft", "draft"]
    assert [world.actions(number) for number in numbers] == [["start"], ["start"]]


def test_each_move_raises_the_revision(world: World) -> None:
    number = world.draft()
    before = world.order(number).revision
    submission.submit(world.owner, number)
    assert world.order(number).revision == before + 1


def test_a_role_that_the_step_is_not_for_is_refused(world: World) -> None:
    number = world.in_review()
    order = world.order(number)
    with pytest.raises(NotAllowed):
        _move(order, Action.APPROVE, world.owner)
    assert world.state(number) == "in-review"


def test_a_step_that_is_not_open_in_the_state_is_refused(world: World) -> None:
    order = world.order(world.draft())
    with pytest.raises(Changed):
        _move(order, Action.APPROVE, world.reviewer)


def test_a_draft_and_a_returned_order_carry_when_they_lapse_and_others_do_not(
    world: World, clock: Clock
) -> None:
    number = world.returned()
    order = world.order(number)
    assert order.due_at == order.state_since + timedelta(days=45)
    submission.submit(world.owner, number)
    assert world.order(number).due_at is None


def test_touching_a_draft_puts_its_lapse_off(world: World, clock: Clock) -> None:
    number = world.draft()
    before = world.order(number).due_at
    clock.move(days=3)
    drafts.add_service(world.owner, number, world.order(number).revision, ServiceKind.WEBSITE)
    after = world.order(number).due_at
    assert before is not None
    assert after is not None
    assert after - before >= timedelta(days=3)


def test_an_order_that_ended_takes_no_further_step(world: World) -> None:
    number = world.draft()
    drafts.discard(world.owner, number)
    assert State(world.state(number)) is State.CANCELLED
    with pytest.raises(Changed):
        submission.submit(world.owner, number)
