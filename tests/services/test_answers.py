"""What the ministry's answer to each delivery does, once, and only to the round it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.errors import Refusal
from console.extensions import db
from console.miit.gateway import AlreadyDone, GiveUp, TryLater
from console.models import DeliveryAttempt, VerifierRow
from console.services import answers, correcting, handover, submission
from console.services.contents import filing_of
from console.services.outbox import Leased
from tests.services.conftest import Still
from tests.services.world import World
from tests.support.filings import valid_filing

NEW = "13805719999"


@pytest.fixture
def correctable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the book let every mobile be corrected."""
    monkeypatch.setattr(correcting, "may_correct_mobile", lambda order: True)


def attempts(world: World, number: str) -> list[tuple[str, str]]:
    """What came of each attempt, with the ministry's answer."""
    ids = [delivery.id for delivery in world.deliveries(number)]
    rows = db.session.scalars(
        select(DeliveryAttempt)
        .where(DeliveryAttempt.delivery_id.in_(ids))
        .order_by(DeliveryAttempt.id)
    )
    return [(row.outcome, row.answer) for row in rows]


def test_a_receipt_is_kept_with_when_and_under_which_book(world: World, still: Still) -> None:
    number = world.approved()
    got = still.move(minutes=3)
    assert handover.send(world.ministry) == handover.DONE
    order, (delivery,) = world.order(number), world.deliveries(number)
    assert (order.received_at, order.rulebook) == (got, "aliyun-current")
    assert (delivery.done_at, delivery.leased_until, delivery.outcome) == (got, None, "done")
    assert attempts(world, number) == [("done", "M-1")]


def test_who_must_verify_is_kept_with_number_and_kind_of_certificate(world: World) -> None:
    number = world.verifying()
    order, filing = world.order(number), filing_of(world.order(number))
    rows = db.session.scalars(select(VerifierRow).order_by(VerifierRow.id)).all()
    people = (filing.entity_leader, filing.services[0].leader)
    assert [(r.order_id, r.round, r.mobile, r.certificate_type) for r in rows] == [
        (order.id, 1, person.mobile, person.certificate_type) for person in people
    ]


def test_both_roles_of_one_person_are_in_one_row(world: World) -> None:
    number = world.verifying(filing=valid_filing(7))
    assert world.verifier(number, "entity-leader").roles == "entity-leader website-leader"


@pytest.mark.parametrize(
    ("error", "action"),
    [(GiveUp("refused"), "withdraw-gave-up"), (AlreadyDone(), "withdraw-already-done")],
)
def test_what_the_ministry_will_not_do_is_on_record_and_moves_nothing(
    world: World, still: Still, error: Exception, action: str
) -> None:
    number = world.verifying()
    still.move(minutes=1)
    world.ministry.next_errors = [TryLater()]
    with pytest.raises(Refusal):
        submission.withdraw(world.owner, number, world.ministry)
    told = still.move(minutes=1)
    world.ministry.next_errors = [error]
    handover.send(world.ministry)
    event = world.events(number)[-1]
    assert (event.action, event.at, event.actor, event.data) == (action, told, "worker", {})
    assert (event.from_state, event.to_state) == (None, None)
    assert world.state(number) == "verifying"
    assert world.deliveries(number)[-1].done_at == told
    outcome = action.removeprefix("withdraw-")
    answer = error.reason if isinstance(error, GiveUp) else ""
    assert attempts(world, number)[-1] == (outcome, answer)


def test_a_withdrawal_that_is_refused_leaves_what_was_approved(world: World) -> None:
    number = world.approved()
    world.ministry.lost = [TryLater()]
    handover.send(world.ministry)
    world.ministry.next_errors = [GiveUp("refused")]
    submission.withdraw(world.owner, number, world.ministry)
    assert (world.state(number), world.actions(number)[-1]) == ("approved", "withdraw-gave-up")


def test_the_ministry_s_reason_is_kept_with_the_attempt(world: World) -> None:
    number = world.approved()
    world.ministry.next_errors = [GiveUp("refused")]
    handover.send(world.ministry)
    assert attempts(world, number) == [("gave-up", "refused")]


def test_an_answer_about_an_earlier_round_ends_the_delivery_and_nothing_else(world: World) -> None:
    number = world.approved()
    leased = handover.lease()
    assert leased is not None
    stale = replace(leased, key=f"{number}/0")
    for answer in (
        lambda: answers.refused(stale, "refused"),
        lambda: answers.settle(stale, "already-done"),
        lambda: answers.withdrawn(stale),
        lambda: answers.corrected(stale),
    ):
        answer()
        assert world.actions(number)[-1] == "approve"
        assert world.deliveries(number)[0].done_at is not None
        world.deliveries(number)[0].done_at = None
        db.session.commit()


def test_a_withdrawal_ends_what_was_still_to_be_handed_over(world: World, still: Still) -> None:
    number = world.approved()
    world.ministry.lost = [TryLater()]
    handover.send(world.ministry)
    gone = still.move(seconds=1)
    submission.withdraw(world.owner, number, world.ministry)
    submitted, withdrawn = world.deliveries(number)
    assert (submitted.done_at, submitted.outcome) == (gone, "withdrawn")
    assert (withdrawn.done_at, withdrawn.outcome) == (gone, "done")
    assert world.state(number) == "draft"


def test_a_withdrawal_that_was_overtaken_moves_nothing(world: World) -> None:
    number = world.deciding()
    order = world.order(number)
    delivery = world.deliveries(number)[0]
    delivery.done_at = None
    db.session.commit()
    payload = {"actor": world.owner.id, "verifier": "entity-leader", "mobile": NEW}
    leased = Leased(delivery.id, "withdraw", order.ministry_key, 1, payload)
    answers.withdrawn(leased)
    assert world.state(number) == "administration-review"
    assert world.actions(number)[-1] == "all-verified"


@pytest.mark.usefixtures("correctable")
class TestCorrecting:
    """A mobile that the ministry took."""

    def test_it_changes_wherever_that_person_leads_and_nowhere_else(
        self, world: World, still: Still
    ) -> None:
        other, number = world.coded(), world.coded()
        untouched = world.verifier(other, "website-leader-1").mobile
        old, revision = filing_of(world.order(number)), world.order(number).revision
        world.ministry.next_errors = [TryLater()]
        ask = (world.owner, number, "website-leader-1", "138 0571 9999", world.ministry)
        assert correcting.correct_mobile(*ask) is False
        assert filing_of(world.order(number)) == old
        taken = still.move(minutes=1)
        handover.send(world.ministry)
        leader = replace(old.services[0].leader, mobile=NEW)
        filing = filing_of(world.order(number))
        assert filing == replace(old, services=(replace(old.services[0], leader=leader),))
        assert world.verifier(number, "website-leader-1").mobile == NEW
        assert world.verifier(number, "entity-leader").mobile == old.entity_leader.mobile
        assert world.verifier(other, "website-leader-1").mobile == untouched
        assert world.order(number).revision == revision + 2
        event = world.events(number)[-1]
        assert (event.action, event.at, event.actor) == ("mobile-corrected", taken, "worker")
        assert event.data == {"verifier": "website-leader-1"}

    def test_of_two_numbers_typed_one_after_the_other_the_first_never_arrives_last(
        self, world: World, still: Still, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number, arrived = world.coded(), []
        ask = (world.owner, number, "entity-leader")
        for typed in ("13805710001", NEW):
            world.ministry.next_errors = [TryLater()]
            assert correcting.correct_mobile(*ask, typed, world.ministry) is False
        monkeypatch.setattr(world.ministry, "change_mobile", lambda *said: arrived.append(said[2]))
        still.move(minutes=1)
        while handover.send(world.ministry):
            pass
        assert arrived == [NEW]
        assert world.verifier(number, "entity-leader").mobile == NEW
        assert [row.outcome for row in world.deliveries(number)][1:] == ["too-late", "done"]

    def test_one_person_in_both_roles_has_it_in_both(self, world: World) -> None:
        number = world.verifying(filing=valid_filing(7))
        assert correcting.correct_mobile(world.owner, number, "entity-leader", NEW, world.ministry)
        filing = filing_of(world.order(number))
        assert filing.entity_leader.mobile == filing.services[0].leader.mobile == NEW

    def test_of_two_rounds_the_present_one_s_row_changes(self, world: World) -> None:
        number = world.verifying()
        submission.withdraw(world.owner, number, world.ministry)
        first = world.order(number).id
        submission.submit(world.owner, number)
        handed = _hand_over_again(world, number)
        correcting.correct_mobile(world.owner, number, "entity-leader", NEW, world.ministry)
        rows = db.session.scalars(
            select(VerifierRow).where(
                VerifierRow.order_id == first, VerifierRow.key == "entity-leader"
            )
        ).all()
        assert [row.mobile for row in sorted(rows, key=lambda row: row.round)] == [handed, NEW]

    def test_one_that_comes_when_nobody_verifies_any_more_changes_nothing(
        self, world: World
    ) -> None:
        number = world.deciding()
        before, delivery = filing_of(world.order(number)), world.deliveries(number)[0]
        delivery.done_at = None
        db.session.commit()
        payload = {"verifier": "entity-leader", "mobile": NEW}
        key = world.order(number).ministry_key + "#entity-leader#0"
        answers.corrected(Leased(delivery.id, "change-mobile", key, 1, payload))
        assert filing_of(world.order(number)) == before


def _hand_over_again(world: World, number: str) -> str:
    """Review the next round and hand it over; the entity leader's mobile."""
    from console.services import review

    review.claim(world.reviewer, number)
    review.approve(world.reviewer, number)
    handover.send(world.ministry)
    return filing_of(world.order(number)).entity_leader.mobile


def test_a_pause_for_the_ministry_is_counted_from_the_answer(
    world: World, still: Still, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.services.handover.random.uniform", lambda low, high: low)
    number = world.approved()
    world.ministry.next_errors = [TryLater()]
    handover.send(world.ministry)
    (delivery,) = world.deliveries(number)
    assert delivery.due_at - still.moment == timedelta(seconds=1.4)
