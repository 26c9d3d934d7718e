"""What came to nothing is forgotten in time, and the trail stays whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from console.errors import Refusal
from console.extensions import db
from console.models import Delivery, LiveSession, Mark, MinistryNews, Round, VerifierRow
from console.rules.lifecycle import State
from console.rules.retention import ENDED_ORDER, TRAIL_AT_LEAST
from console.services import (
    drafts,
    handover,
    moves,
    retention,
    sealing,
    starting,
    submission,
    upkeep,
)
from console.services.accounts import open_session
from console.services.contents import filing_of, round_of
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases
IDLE, ABSOLUTE = timedelta(hours=2), timedelta(hours=12)


def _sweep() -> None:
    retention.Housekeeping().sweep(IDLE, ABSOLUTE, at_once=True)
    db.session.expire_all()


def _personal(world: World, number: str) -> str:
    """Everything about a person that is left of an order, as text."""
    order = world.order(number)
    rounds = db.session.scalars(select(Round.content).where(Round.order_id == order.id))
    told = db.session.scalars(select(Delivery.payload).where(Delivery.order_id == order.id))
    heard = db.session.scalars(
        select(MinistryNews.data).where(MinistryNews.key.like(f"{number}/%"))
    )
    return repr([order.content, order.label, order.return_note, *rounds, *told, *heard])


def _marks() -> int:
    return db.session.scalar(select(func.count()).select_from(Mark)) or 0


def test_a_lapsed_draft_keeps_its_answers_for_the_written_time_and_not_longer(
    world: World, clock: Clock
) -> None:
    number = world.draft()
    leader = filing_of(world.order(number)).entity_leader
    clock.move(days=45, seconds=1)
    upkeep.lapse_due(State.DRAFT)
    clock.move(days=29)
    _sweep()
    assert leader.mobile in _personal(world, number)
    clock.move(days=1, seconds=1)
    _sweep()
    order = world.order(number)
    assert order.state == "lapsed"
    for kept in (leader.mobile, leader.name, leader.certificate_number, leader.email):
        assert kept not in _personal(world, number)
    assert _marks() == 0
    assert world.actions(number)[-1] == "purge"
    assert [s.kind for s in filing_of(order).services] == ["website"]


def test_a_discarded_order_forgets_its_rounds_and_what_was_told_and_heard(
    world: World, clock: Clock
) -> None:
    number = world.coded()
    leader = filing_of(world.order(number)).entity_leader
    submission.withdraw(world.owner, number, world.ministry)
    drafts.discard(world.owner, number)
    before = _personal(world, number)
    assert leader.mobile in before
    clock.move(days=31)
    _sweep()
    assert leader.mobile not in _personal(world, number)
    first = round_of(world.order(number), 1)
    assert first is not None
    assert first.entity.name == ""
    assert {row.mobile for row in db.session.scalars(select(VerifierRow))} == {""}


def test_what_never_arrived_is_forgotten_with_its_order(world: World, clock: Clock) -> None:
    number = world.approved()
    submission.withdraw(world.owner, number, world.ministry)
    drafts.discard(world.owner, number)
    world.deliveries(number)[0].done_at = None  # stuck since, whyever
    db.session.commit()
    clock.move(days=31)
    _sweep()
    (told,) = world.deliveries(number)
    assert (told.payload, told.outcome) == ({}, "too-late")
    assert handover.send(world.ministry) is None


def test_what_runs_or_was_accepted_is_left_alone(world: World, clock: Clock) -> None:
    numbers = [world.in_review(), world.deciding(), world.returned()]
    before = [_personal(world, number) for number in numbers]
    clock.move(days=40)
    _sweep()
    assert [_personal(world, number) for number in numbers] == before
    assert _marks() > 0


def test_purging_again_does_nothing_more(world: World, clock: Clock) -> None:
    number = world.draft()
    drafts.discard(world.owner, number)
    clock.move(days=31)
    _sweep()
    revision, actions = world.order(number).revision, world.actions(number)
    _sweep()
    assert (world.order(number).revision, world.actions(number)) == (revision, actions)


def test_many_are_purged_in_batches(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    numbers = [world.draft() for _ in range(5)]
    for number in numbers:
        drafts.discard(world.owner, number)
    clock.move(days=31)
    _sweep()
    assert {world.actions(number)[-1] for number in numbers} == {"purge"}


def test_the_trail_is_whole_after_a_purge(world: World, clock: Clock) -> None:
    number = world.draft()
    drafts.discard(world.owner, number)
    sealing.seal_next(at_once=True)
    before = world.actions(number)
    clock.move(days=31)
    _sweep()
    sealing.seal_next(at_once=True)
    assert world.actions(number) == [*before, "purge"]
    assert sealing.verify() == []


def test_an_order_whose_answers_are_gone_is_not_started_again(world: World, clock: Clock) -> None:
    number = world.draft()
    drafts.discard(world.owner, number)
    assert starting.start_again(world.owner, number) != number
    clock.move(days=46)
    _sweep()
    with pytest.raises(Refusal, match="deleted"):
        starting.start_again(world.owner, number)


def test_sessions_past_a_limit_are_deleted_and_others_are_not(
    world: World, clock: Clock, ctx: Flask
) -> None:
    account = world.people.owner.id
    open_session(account, ABSOLUTE)
    clock.move(hours=1)
    open_session(account, ABSOLUTE)
    clock.move(minutes=61)
    _sweep()
    assert db.session.scalar(select(func.count()).select_from(LiveSession)) == 1


def test_the_periods_are_those_that_are_written_down(ctx: Flask) -> None:
    words = (Path(__file__).parents[2] / "docs" / "retention.md").read_text(encoding="utf-8")
    assert f"{ENDED_ORDER.days} days" in words
    assert f"{moves.LAPSE_AFTER.days} days" in words
    assert "six months at least" in words
    assert TRAIL_AT_LEAST.days == 183
