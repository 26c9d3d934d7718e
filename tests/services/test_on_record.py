"""What each step leaves in the trail: who, what, when and with which data; and in the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from console.extensions import db
from console.miit.gateway import EventKind, GiveUp, TryLater
from console.models import Round
from console.rules.filing import to_json
from console.rules.lifecycle import State
from console.services import drafts, handover, review, submission, upkeep
from console.services.contents import filing_of
from tests.services.conftest import Still
from tests.services.world import World

Row = tuple[str, str | None, str | None, str, int | None, dict[str, Any]]


class Road:
    """An order on its way, a minute from step to step; each raises the order's revision by one."""

    def __init__(self, world: World, still: Still, number: str) -> None:
        self.world, self.still, self.number = world, still, number
        self.seen = len(world.events(number))
        self.moments: list[datetime] = []

    def step(self, verb: Callable[..., Any], *args: Any, **more: Any) -> None:
        before = self.world.order(self.number).revision
        self.moments.append(self.still.move(minutes=1))
        verb(*args, **more)
        assert self.world.order(self.number).revision == before + 1, verb

    def hear(self, kind: EventKind, verifier: str | None = None, **data: Any) -> None:
        self.step(self.world.hear, self.number, kind, verifier, **data)

    @property
    def rows(self) -> list[Row]:
        """The new events; each befell at the moment of its step."""
        events = self.world.events(self.number)[self.seen :]
        assert [event.at for event in events] == self.moments
        return [
            (e.action, e.from_state, e.to_state, e.actor, e.actor_id, e.data or {}) for e in events
        ]


@pytest.fixture
def road(world: World, still: Still) -> Road:
    """A draft at its start."""
    return Road(world, still, world.draft())


def test_a_whole_life_is_told_step_by_step(world: World, road: Road) -> None:
    owner, reviewer, number = world.owner, world.reviewer, road.number
    deadline = (road.still.moment + timedelta(hours=24)).isoformat()
    road.step(submission.submit, owner, number)
    road.step(review.claim, reviewer, number)
    road.step(review.release, reviewer, number)
    road.step(review.claim, reviewer, number)
    road.step(review.approve, reviewer, number)
    road.step(handover.send, world.ministry)
    road.hear(EventKind.CODE_SENT, "entity-leader", sender="1", deadline=deadline)
    sent = {"sender": "2", "resends_used": 1, "automatic": True}
    road.hear(EventKind.CODE_RESENT, "entity-leader", **sent)
    road.hear(EventKind.ENTRY_FAILED, "entity-leader", tries_used=3)
    road.hear(EventKind.VERIFIED, "entity-leader")
    road.hear(EventKind.ALL_VERIFIED)
    road.hear(EventKind.RETURNED, reasons=["portrait", "phone"], note="")
    by_owner, by_reviewer = ("applicant", owner.id), ("reviewer", reviewer.id)
    leader = {"verifier": "entity-leader"}
    assert road.rows == [
        ("submit", "draft", "in-review", *by_owner, {}),
        ("claim", None, None, *by_reviewer, {}),
        ("release", None, None, *by_reviewer, {}),
        ("claim", None, None, *by_reviewer, {}),
        ("approve", "in-review", "approved", *by_reviewer, {}),
        ("hand-over", "approved", "verifying", "worker", None, {"reference": "M-1"}),
        ("code-sent", None, None, "ministry", None, leader),
        ("code-resent", None, None, "ministry", None,
         {**leader, "resends_used": 1, "automatic": True}),
        ("entry-failed", None, None, "ministry", None, {**leader, "tries_used": 3}),
        ("verified", None, None, "ministry", None, leader),
        ("all-verified", "verifying", "administration-review", "ministry", None, {}),
        ("return-by-administration", "administration-review", "returned", "ministry", None,
         {"reasons": ["portrait", "phone"]}),
    ]  # fmt: skip
    order = world.order(number)
    assert (order.state_since, order.touched_at) == (road.still.moment,) * 2
    assert (order.reasons, order.return_note) == (["portrait", "phone"], None)


def test_what_the_ministry_texted_stands_in_the_person_s_row(world: World, road: Road) -> None:
    road = Road(world, road.still, world.verifying())
    deadline = road.still.moment + timedelta(hours=5)
    told = {"sender": "1", "deadline": deadline.isoformat()}
    road.hear(EventKind.CODE_SENT, "entity-leader", **told)
    row = world.verifier(road.number, "entity-leader")
    assert (row.code_sent_at, row.sender) == (road.still.moment, "1")
    assert world.order(road.number).deadline == deadline
    assert row.mobile != "13805719999"
    road.hear(EventKind.CODE_SENT, "entity-leader", **told, mobile="13805719999")
    road.hear(EventKind.CODE_RESENT, "entity-leader", sender="2", resends_used=2, automatic=False)
    row = world.verifier(road.number, "entity-leader")
    assert (row.code_sent_at, row.sender) == (road.still.moment, "2")
    assert (row.resends_used, row.mobile) == (2, "13805719999")


def test_failed_entries_stand_in_the_person_s_row_until_a_success(world: World, road: Road) -> None:
    road = Road(world, road.still, world.coded())
    used = lambda: world.verifier(road.number, "entity-leader").tries_used  # noqa: E731
    road.hear(EventKind.ENTRY_FAILED, "entity-leader", tries_used=4)
    assert used() == 4
    road.hear(EventKind.ENTRY_FAILED, "entity-leader", tries_used=0, reset=True)
    road.moments.pop()  # a success elsewhere: nothing failed here
    assert used() == 0
    road.hear(EventKind.ENTRY_FAILED, "entity-leader", tries_used=1)
    road.hear(EventKind.VERIFIED, "entity-leader")
    row = world.verifier(road.number, "entity-leader")
    assert (row.verified_at, row.tries_used) == (road.still.moment, 0)
    assert world.verifier(road.number, "website-leader-1").verified_at is None
    assert [row[0] for row in road.rows] == ["entry-failed", "entry-failed", "verified"]


def test_a_return_keeps_reasons_note_and_points_and_tells_the_trail_which_round(
    world: World, road: Road
) -> None:
    road.step(submission.submit, world.owner, road.number)
    road.step(review.claim, world.reviewer, road.number)
    points = [{"reason": "phone", "fields": ["entity_leader-mobile"], "materials": []}]
    reasons, note = ["phone", "other", "phone"], " 号码有误 " + "x" * 3000
    road.step(review.return_, world.reviewer, road.number, reasons, note, points=points)
    order = world.order(road.number)
    assert (order.reasons, order.return_details) == (["phone", "other"], points)
    assert order.return_note == ("号码有误 " + "x" * 3000)[:2000]
    assert (order.returned_by, order.reviewer_id) == ("provider", world.reviewer.id)
    assert (order.claimed_by_id, order.claimed_at) == (None, None)
    assert order.due_at == road.still.moment + timedelta(days=45)
    data = {"reasons": ["phone", "other"], "details": points, "round": 1}
    by = ("reviewer", world.reviewer.id)
    assert road.rows[-1] == ("return", "in-review", "returned", *by, data)


def test_a_return_without_a_note_keeps_none(world: World) -> None:
    assert world.order(world.returned()).return_note is None


def test_who_was_handed_an_order_is_on_record_and_has_it_from_then(
    world: World, road: Road
) -> None:
    colleague = world.people.second_reviewer.id
    road.step(submission.submit, world.owner, road.number)
    road.step(review.claim, world.reviewer, road.number)
    road.step(review.hand_on, world.reviewer, road.number, colleague)
    by = ("reviewer", world.reviewer.id)
    assert road.rows[-1] == ("hand-on", None, None, *by, {"to": colleague})
    order = world.order(road.number)
    assert (order.claimed_by_id, order.claimed_at) == (colleague, road.still.moment)


def test_an_approval_keeps_who_decided_and_which_round_and_posts_it(
    world: World, still: Still
) -> None:
    number = world.approved()
    order, (delivery,) = world.order(number), world.deliveries(number)
    assert (order.approved_round, order.reviewer_id) == (1, world.reviewer.id)
    assert (order.claimed_by_id, order.claimed_at) == (None, None)
    assert (delivery.created_at, delivery.due_at) == (still.moment, still.moment)
    assert delivery.payload == {"number": number, "filing": to_json(filing_of(order))}


def test_a_new_round_is_kept_and_forgets_the_last_and_ends_its_links(
    world: World, still: Still
) -> None:
    number = world.returned("phone")
    epoch, handed_in = world.order(number).share_epoch, still.move(days=1)
    submission.submit(world.owner, number)
    order = world.order(number)
    assert (order.round, order.share_epoch) == (2, epoch + 1)
    assert (order.returned_by, order.reasons, order.return_note) == (None, [], None)
    rounds = db.session.query(Round).filter_by(order_id=order.id, round=2).all()
    assert [row.submitted_at for row in rounds] == [handed_in]
    assert rounds[0].content == to_json(filing_of(order))


def _expire(road: Road) -> dict[str, Any]:
    road.hear(EventKind.EXPIRED, fell_due=(road.still.moment + timedelta(minutes=1)).isoformat())
    return {"reasons": ["expired"]}


def _use_up(road: Road) -> dict[str, Any]:
    road.hear(EventKind.TRIES_USED_UP, "entity-leader")
    return {"reasons": ["tries-used-up"]}


@pytest.mark.parametrize(("action", "end"), [("expire", _expire), ("use-up-tries", _use_up)])
def test_why_a_verification_ended_is_in_the_trail(
    world: World, road: Road, action: str, end: Callable[[Road], dict[str, Any]]
) -> None:
    road = Road(world, road.still, world.coded())
    data = end(road)
    assert road.rows == [(action, "verifying", "returned", "ministry", None, data)]
    assert world.order(road.number).returned_by == "ministry"


def test_a_refusal_by_the_ministry_is_the_ministry_s_and_says_why(world: World, road: Road) -> None:
    road = Road(world, road.still, world.approved())
    world.ministry.next_errors = [GiveUp("refused")]
    road.step(handover.send, world.ministry)
    data = {"reasons": ["refused"]}
    assert road.rows == [("refuse", "approved", "returned", "ministry", None, data)]


def test_a_withdrawal_that_waits_for_the_ministry_is_the_applicant_s_when_it_comes(
    world: World, road: Road
) -> None:
    road = Road(world, road.still, world.verifying())
    world.ministry.next_errors = [TryLater()]
    with pytest.raises(Exception, match="does not answer"):
        road.step(submission.withdraw, world.owner, road.number, world.ministry)
    road.step(handover.send, world.ministry)
    by = ("applicant", world.owner.id)
    assert road.rows == [
        ("withdraw-asked", None, None, *by, {}),
        ("withdraw", "verifying", "draft", *by, {}),
    ]
    order = world.order(road.number)
    assert (order.rulebook, order.received_at) == (None, None)
    assert order.due_at == road.still.moment + timedelta(days=45)


def test_what_is_withdrawn_before_it_was_sent_is_not_sent(world: World, still: Still) -> None:
    number = world.approved()
    gone = still.move(minutes=1)
    submission.withdraw(world.owner, number, world.ministry)
    (delivery,) = world.deliveries(number)
    assert (delivery.done_at, delivery.outcome, delivery.attempts) == (gone, "withdrawn", 0)
    assert world.events(number)[-1].at == gone


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_a_lapse_is_the_worker_s(world: World, still: Still, state: State) -> None:
    number = getattr(world, state.value)()
    still.move(days=45)
    upkeep.lapse_due(state)
    event, order = world.events(number)[-1], world.order(number)
    assert (event.action, event.from_state, event.actor) == ("lapse", state.value, "worker")
    assert order.due_at == still.moment + timedelta(days=30), "then its answers are deleted"


def test_what_touches_a_draft_moves_its_moment(world: World, still: Still) -> None:
    number = world.draft()
    order, touched = world.order(number), still.move(days=2)
    filing, before = filing_of(order), order.revision
    entity = replace(filing.entity, remarks="改动")
    drafts.save_entity(world.owner, number, before, entity, filing.entity_leader)
    order = world.order(number)
    assert (order.revision, order.touched_at) == (before + 1, touched)
    assert order.due_at == touched + timedelta(days=45)
