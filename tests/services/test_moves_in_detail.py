"""The columns and the events of a move, and in which order what falls due moves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from console.errors import Changed
from console.extensions import db
from console.models import Order
from console.rules.lifecycle import Action, State
from console.services import review, submission, upkeep
from console.services.actors import MINISTRY, WORKER
from console.services.moves import move, record, touch
from console.transactions import run_writing
from tests.services.conftest import Still
from tests.services.world import World


class TestMoves:
    """The columns and the events of a move."""

    def test_several_move_each_at_its_own_moment(self, world: World, still: Still) -> None:
        orders = [world.order(world.draft()) for _ in range(2)]
        at = {order.id: still.move(minutes=1) for order in orders}
        numbers = [order.number for order in orders]
        ids = {order.number: order.id for order in orders}
        run_writing(
            db.session(), lambda: move(orders, Action.LAPSE, WORKER, at, None, {"why": "old"})
        )
        for number in numbers:
            order, event = world.order(number), world.events(number)[-1]
            moment = at[ids[number]]
            assert (order.state_since, order.touched_at, event.at) == (moment,) * 3
            assert order.due_at == moment + timedelta(days=30)
            assert event.data == {"why": "old"}

    def test_none_to_move_is_nothing(self, ctx: Flask) -> None:
        move([], Action.LAPSE, WORKER, {})

    def test_what_was_edited_before_belongs_to_the_move(self, world: World, still: Still) -> None:
        number = world.draft()

        def work() -> None:
            order = world.order(number)
            order.label = "edited"
            move([order], Action.LAPSE, WORKER, still.moment, {"province": "BJ"})
            assert order.state == "lapsed", "read anew"

        run_writing(db.session(), work)
        order = world.order(number)
        assert (order.label, order.province, order.state) == ("edited", "BJ", "lapsed")

    def test_a_move_that_finds_another_state_is_refused(self, world: World) -> None:
        number = world.in_review()
        order = world.order(number)
        db.session.expunge(order)
        order.state = State.VERIFYING.value  # as if it had been read so
        with pytest.raises(Changed):
            run_writing(
                db.session(), lambda: move([order], Action.EXPIRE, MINISTRY, order.created_at)
            )
        assert world.state(number) == "in-review"
        assert world.actions(number) == ["start", "submit"]

    def test_only_a_return_says_who_returned(self, world: World) -> None:
        number = world.returned()
        submission.submit(world.owner, number)
        assert world.order(number).returned_by is None
        review.claim(world.reviewer, number)
        review.approve(world.reviewer, number)
        assert world.order(number).returned_by is None

    def test_an_event_about_several_is_one_for_each(self, world: World, still: Still) -> None:
        orders = [world.order(world.draft()) for _ in range(2)]
        at = {order.id: still.move(minutes=1) for order in orders}
        numbers, by = {order.number: order.id for order in orders}, world.reviewer
        run_writing(db.session(), lambda: record(list(at), "noted", by, at, data={"n": 1}))
        for number, order_id in numbers.items():
            event = world.events(number)[-1]
            assert (event.action, event.at, event.data) == ("noted", at[order_id], {"n": 1})
            assert (event.actor, event.actor_id) == ("reviewer", by.id)
            assert (event.from_state, event.to_state) == (None, None)

    @pytest.mark.parametrize(("state", "lies"), [("draft", True), ("in_review", False)])
    def test_a_touch_raises_the_revision_and_puts_a_lapse_off(
        self, world: World, still: Still, state: str, lies: bool
    ) -> None:
        order = world.order(getattr(world, state)())
        before, at = order.revision, still.move(days=3)
        touch(order, at)
        assert (order.revision, order.touched_at) == (before + 1, at)
        assert order.due_at == (at + timedelta(days=45) if lies else None)


def falls_due(number: str, column: str, at: datetime) -> None:
    """Set one of the moments by which an order falls due."""
    db.session.execute(update(Order).where(Order.number == number).values({column: at}))
    db.session.commit()


class TestUpkeep:
    """What falls due by itself goes in its order."""

    def test_the_longest_untouched_lapse_first(
        self, world: World, still: Still, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "BATCH", 1)
        late, early = world.draft(), world.draft()
        for number, days in ((late, 2), (early, 1)):
            falls_due(number, "due_at", still.moment + timedelta(days=days))
        still.move(days=3)
        for gone, left in (((early,), (late,)), ((early, late), ())):
            assert upkeep.lapse_due(State.DRAFT) is True, "there may be more"
            assert {world.state(number) for number in gone} == {"lapsed"}
            assert {world.state(number) for number in left} <= {"draft"}
        assert upkeep.lapse_due(State.DRAFT) is False

    def test_orders_are_cancelled_in_their_order_each_at_its_moment(
        self, world: World, still: Still, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upkeep, "BATCH", 1)
        late, early = world.returned(), world.returned()
        for number, days in ((late, 2), (early, 1)):
            falls_due(number, "cancel_at", still.moment + timedelta(days=days))
        first = still.moment + timedelta(days=1)
        still.move(days=3)
        assert upkeep.cancel_due() is True
        event = world.events(early)[-1]
        assert (event.action, event.at, event.actor) == ("cancel", first, "worker")
        assert (event.from_state, event.to_state) == ("returned", "cancelled")
        assert (world.order(early).state_since, world.state(late)) == (first, "returned")
        assert [upkeep.cancel_due(), upkeep.cancel_due()] == [True, False]
