"""Taking an order back: from every state, before and after the ministry may know of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from console.errors import Changed, Conflict, NotFound
from console.extensions import db
from console.miit.gateway import AlreadyDone, EventKind, GiveUp, TryLater
from console.services import handover, review, submission
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases


def _withdraw(world: World, number: str) -> None:
    submission.withdraw(world.owner, number, world.ministry)


def test_from_first_review_it_comes_back_at_once(world: World) -> None:
    number = world.in_review()
    review.claim(world.reviewer, number)
    _withdraw(world, number)
    assert world.state(number) == "draft"
    assert world.order(number).claimed_by_id is None
    assert world.ministry.withdrawn == []


def test_what_was_never_sent_comes_back_without_a_word_to_the_ministry(world: World) -> None:
    number = world.approved()
    _withdraw(world, number)
    assert world.state(number) == "draft"
    assert world.ministry.withdrawn == []
    assert handover.send(world.ministry) is None


def test_what_may_have_arrived_is_taken_back_at_the_ministry_first(
    world: World, clock: Clock
) -> None:
    number = world.approved()
    world.ministry.lost = [TryLater()]
    handover.send(world.ministry)
    assert world.state(number) == "approved"
    _withdraw(world, number)
    assert world.ministry.withdrawn == [f"{number}/1"]
    assert world.state(number) == "draft"
    clock.move(hours=1)
    assert handover.send(world.ministry) is None, "it is not handed over after all"


def test_what_a_worker_takes_in_the_same_moment_is_taken_back_at_the_ministry(
    app: Flask, world: World, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        return  # nobody writes in between there
    number = world.approved()
    taken: list[object] = []

    def lease() -> object:
        with app.app_context():
            return handover.lease()

    def before(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE deliveries") and not taken:
            taken.append(None)
            with ThreadPoolExecutor(1) as worker:
                taken.append(worker.submit(lease).result())

    event.listen(db.engine, "before_cursor_execute", before)
    _withdraw(world, number)
    event.remove(db.engine, "before_cursor_execute", before)
    assert taken[1] is not None
    assert world.state(number) == "draft"
    assert world.ministry.withdrawn == [f"{number}/1"], "else the worker hands over a draft"


def test_while_being_verified_it_is_taken_back_at_the_ministry(world: World) -> None:
    number = world.coded()
    _withdraw(world, number)
    order = world.order(number)
    assert world.ministry.withdrawn == [f"{number}/1"]
    assert (order.state, order.deadline, order.rulebook) == ("draft", None, None)
    assert world.events(number)[-1].actor == "applicant"


def test_when_the_ministry_does_not_answer_the_wish_is_kept_and_carried_out_later(
    world: World, clock: Clock
) -> None:
    number = world.verifying()
    shown = world.order(number).revision
    world.ministry.next_errors = [TryLater()]
    with pytest.raises(Conflict):
        _withdraw(world, number)
    assert world.state(number) == "verifying"
    assert world.order(number).revision == shown + 1, "pages show that it is on its way"
    clock.move(minutes=1)
    assert handover.send(world.ministry) == handover.DONE
    assert world.state(number) == "draft"


def test_what_is_refused_since_it_was_withdrawn_is_a_draft_again(world: World) -> None:
    number = world.approved()
    world.ministry.next_errors = [TryLater()]
    handover.send(world.ministry)
    world.ministry.lost = [TryLater()]
    with pytest.raises(Conflict):
        _withdraw(world, number)
    world.ministry.next_errors = [GiveUp("refused")]
    submitted, asked = world.deliveries(number)
    handover.send(world.ministry, submitted.id)
    order = world.order(number)
    assert (order.state, order.returned_by, order.reasons) == ("draft", None, [])
    assert world.deliveries(number)[1].outcome == "done"
    assert handover.send(world.ministry, asked.id) == handover.TRY_LATER, "nothing is left to send"


def test_asking_twice_tells_the_ministry_once(world: World, clock: Clock) -> None:
    number = world.verifying()
    for _ in range(2):
        world.ministry.lost = [TryLater()]
        with pytest.raises(Conflict):
            _withdraw(world, number)
    assert [row.kind for row in world.deliveries(number)].count("withdraw") == 1
    clock.move(minutes=1)
    handover.send(world.ministry)
    assert world.actions(number).count("withdraw") == 1


def test_once_the_administration_has_it_the_ministry_refuses(world: World) -> None:
    number = world.verifying()
    world.ministry.next_errors = [AlreadyDone()]
    with pytest.raises(Conflict):
        _withdraw(world, number)
    assert world.state(number) == "verifying"
    world.hear(number, EventKind.ALL_VERIFIED)
    assert world.state(number) == "administration-review"


def test_asking_again_before_the_ministrys_news_is_here_is_refused_again(world: World) -> None:
    number = world.verifying()
    world.ministry.next_errors = [AlreadyDone()]
    for _ in range(2):
        with pytest.raises(Conflict, match="already has this order"):
            _withdraw(world, number)
    assert world.actions(number).count("withdraw-asked") == 1


@pytest.mark.parametrize("state", ["draft", "returned", "deciding"])
def test_from_any_other_state_it_is_refused(world: World, state: str) -> None:
    number = getattr(world, state)()
    before = world.actions(number)
    with pytest.raises((Changed, Conflict)):
        _withdraw(world, number)
    assert world.actions(number) == before


def test_another_applicant_finds_no_such_order(world: World) -> None:
    number = world.in_review()
    with pytest.raises(NotFound):
        submission.withdraw(world.people.other.actor, number, world.ministry)


def test_news_of_a_round_that_was_taken_back_change_nothing(world: World) -> None:
    number = world.verifying()
    _withdraw(world, number)
    world.hear(number, EventKind.ALL_VERIFIED)
    assert world.state(number) == "draft"
    submission.submit(world.owner, number)
    world.hear(number, EventKind.EXPIRED, key=f"{number}/1", fell_due="2026-11-01T00:00:00+00:00")
    assert world.state(number) == "in-review"
    assert world.kept_news()[-1].result == "no such round"


def test_a_refusal_that_comes_after_the_order_was_taken_back_does_not_return_it(
    world: World,
) -> None:
    number = world.approved()

    def taken_back_while_the_answer_is_under_way() -> None:
        world.ministry.before_answer = lambda: None
        _withdraw(world, number)

    world.ministry.before_answer = taken_back_while_the_answer_is_under_way
    world.ministry.lost = [GiveUp("refused")]
    # The withdrawal's own answer must not be the one that is lost.
    world.ministry.withdraw = world.ministry.withdrawn.append  # type: ignore[method-assign]
    handover.send(world.ministry)
    assert world.state(number) == "draft"
    submitted, withdrawn = world.deliveries(number)
    assert (submitted.outcome, withdrawn.outcome) == ("withdrawn", "done")
