"""What falls due by itself, at its moment and stamped with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.errors import Invalid, Refusal
from console.extensions import db
from console.miit.gateway import EventKind
from console.models import Account
from console.queries import due
from console.rules.lifecycle import State
from console.services import handover, news, submission, upkeep
from console.services.account_letters import RECOVER, queue_letter
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_what_lies_untouched_lapses_after_45_days_and_not_before(
    world: World, clock: Clock, state: State
) -> None:
    number = getattr(world, state.value)()
    moment = world.order(number).due_at
    assert moment is not None
    clock.set(moment - timedelta(seconds=2))
    upkeep.lapse_due(state)
    assert world.state(number) == state.value
    clock.set(moment + timedelta(days=3))
    upkeep.lapse_due(state)
    order, event = world.order(number), world.events(number)[-1]
    assert (order.state, order.state_since, event.at) == ("lapsed", moment, moment)
    assert event.actor == "worker"


def test_what_a_clock_set_back_has_moved_far_off_is_due_at_once(world: World, clock: Clock) -> None:
    clock.move(days=3)
    sent, told = world.approved(), world.verifying()
    assert handover.lease() is not None  # and the worker dies here
    world.ministry.tell(world.order(told), EventKind.ALL_VERIFIED)
    news.collect(world.ministry)
    queue_letter(RECOVER, db.session.get(Account, world.owner.id))
    db.session.commit()
    clock.move(days=-3)
    assert handover.send(world.ministry) is None
    assert "set right" in due.due(clock.now)
    assert upkeep.set_right() is False
    assert "set right" not in due.due(clock.now)
    assert "write" in due.due(clock.now)
    assert handover.send(world.ministry) == handover.DONE
    news.apply_due()
    assert (world.state(sent), world.state(told)) == ("verifying", "administration-review")


def test_a_pause_of_a_quarter_of_an_hour_is_no_clock_set_back(world: World, clock: Clock) -> None:
    number = world.approved()
    world.deliveries(number)[0].due_at = later = clock.now + handover.LONGEST_PAUSE
    db.session.commit()
    upkeep.set_right()
    assert world.deliveries(number)[0].due_at == later


def test_poison_stays_put_off(world: World, clock: Clock) -> None:
    number = world.verifying()
    world.hear(number, EventKind.CODE_SENT, "nobody", sender="1", deadline="now")
    assert "set right" not in due.due(clock.now)
    upkeep.set_right()
    assert world.kept_news()[0].due_at > clock.now + timedelta(minutes=59)


def test_many_lapse_in_batches_until_none_is_left(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    numbers = [world.draft() for _ in range(5)]
    clock.move(days=46)
    rounds = 1
    while upkeep.lapse_due(State.DRAFT):
        rounds += 1
    assert rounds == 3
    assert {world.state(number) for number in numbers} == {"lapsed"}


def test_the_book_cancels_a_day_after_the_tries_were_used_up(world: World, clock: Clock) -> None:
    number = world.coded()
    told = world.hear(number, EventKind.TRIES_USED_UP, "entity-leader")
    clock.set(told.at + timedelta(hours=23, minutes=59))
    upkeep.cancel_due()
    assert world.state(number) == "returned"
    clock.move(hours=5)
    upkeep.cancel_due()
    event = world.events(number)[-1]
    assert (event.action, event.at) == ("cancel", told.at + timedelta(hours=24))
    assert world.state(number) == "cancelled"


def test_an_order_that_was_handed_in_again_is_not_cancelled(world: World, clock: Clock) -> None:
    number = world.coded()
    world.hear(number, EventKind.TRIES_USED_UP, "entity-leader")
    submission.submit(world.owner, number)
    clock.move(days=2)
    upkeep.cancel_due()
    assert world.state(number) == "in-review"


class TestResubmittingUnchanged:
    """Straight back to verification, where the book has it so (aliyun-2018)."""

    @pytest.fixture
    def settings_for_app(self) -> dict[str, str]:
        """The book that allows it."""
        return {"RULEBOOK": "aliyun-2018"}

    @pytest.fixture
    def number(self, world: World) -> str:
        """An order that expired under that book."""
        world.ministry.book = "aliyun-2018"
        return world.expired()

    def test_an_expired_order_goes_back_without_first_review(
        self, world: World, number: str
    ) -> None:
        submission.resubmit_unmodified(world.owner, number)
        assert world.state(number) == "approved"
        assert handover.send(world.ministry) == handover.DONE
        order = world.order(number)
        assert (order.state, order.round, order.approved_round) == ("verifying", 2, 2)
        assert (order.deadline, order.reasons, order.returned_by) == (None, [], None)

    def test_it_may_be_done_again_when_it_expires_again(self, world: World, number: str) -> None:
        submission.resubmit_unmodified(world.owner, number)
        handover.send(world.ministry)
        world.hear(number, EventKind.EXPIRED, fell_due=world.events(number)[-1].at.isoformat())
        submission.resubmit_unmodified(world.owner, number)
        assert world.order(number).round == 3

    def test_a_changed_order_has_to_be_reviewed_again(self, world: World, number: str) -> None:
        from dataclasses import replace

        from console.services import drafts
        from console.services.contents import filing_of

        order = world.order(number)
        filing = filing_of(order)
        changed = replace(filing.entity, remarks="改动")
        drafts.save_entity(world.owner, number, order.revision, changed, filing.entity_leader)
        with pytest.raises(Refusal):
            submission.resubmit_unmodified(world.owner, number)
        assert world.state(number) == "returned"

    def test_the_checks_must_still_hold(self, world: World, number: str, clock: Clock) -> None:
        clock.move(days=20 * 365)  # the leader's certificate has run out meanwhile
        with pytest.raises(Invalid):
            submission.resubmit_unmodified(world.owner, number)

    def test_what_the_reviewer_returned_has_to_be_reviewed_again(self, world: World) -> None:
        number = world.returned()
        with pytest.raises(Refusal):
            submission.resubmit_unmodified(world.owner, number)


def test_under_a_book_without_that_rule_it_is_refused(world: World) -> None:
    number = world.expired()
    with pytest.raises(Refusal):
        submission.resubmit_unmodified(world.owner, number)
    assert world.state(number) == "returned"
