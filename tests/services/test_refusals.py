"""Each refusal of handing in and of review: in which words, and that nothing is changed by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, update

from console.errors import Changed, Invalid, NotAllowed, NotFound, Refusal, Unconfirmed
from console.extensions import db
from console.models import Order
from console.models.accounts import Account
from console.rules.filing import FilingType, ServiceKind
from console.services import review, submission
from console.services.accounts import add_role, remove_role
from console.services.actors import Actor
from console.services.contents import filing_of, put_filing
from console.services.loading import order_for, order_of_link
from tests.services.conftest import Still
from tests.services.world import World
from tests.support.filings import valid_filing

Ask = Callable[[World, str], Any]


def picture(world: World, number: str) -> dict[str, Any]:
    """All there is of an order."""
    order = world.order(number)
    columns = {attr.key: getattr(order, attr.key) for attr in inspect(Order).column_attrs}
    return {**columns, "trail": world.actions(number), "told": len(world.deliveries(number))}


def second(world: World) -> Actor:
    """Another reviewer."""
    return world.people.second_reviewer.actor


def as_reviewer(world: World) -> Actor:
    """The owner of the orders, who reviews besides."""
    add_role(world.owner.id, "reviewer")
    return replace(world.reviewer, id=world.owner.id)


def claimed(world: World) -> str:
    number = world.in_review()
    review.claim(world.reviewer, number)
    return number


def seen_before(verb: Callable[..., Any], *more: Any) -> Ask:
    """The verb at the hand of the reviewer who saw an earlier revision."""
    return lambda w, n: verb(w.reviewer, n, *more, w.order(n).revision - 1)


def hand_to(who: str) -> Ask:
    return lambda w, n: review.hand_on(w.reviewer, n, getattr(w.people, who).id)


def returning(reasons: list[str], note: str = "") -> Ask:
    return lambda w, n: review.return_(w.reviewer, n, reasons, note)


LOOK_AGAIN = (Changed, "has changed since you opened it")
CLAIM_FIRST = (Changed, "Claim the order first")
NOT_CLAIMED = (Changed, "have not claimed")
NO_COLLEAGUE = (Invalid, "Choose a colleague")
Refused = tuple[type[Refusal], str]
CASES: dict[Callable[[World], str], list[tuple[Ask, Refused]]] = {
    World.draft: [
        (lambda w, n: submission.submit(w.owner, n, 1), LOOK_AGAIN),
        (lambda w, n: submission.submit(w.people.other.actor, n), (NotFound, "no such order")),
        (lambda w, n: submission.resubmit_unmodified(w.owner, n), LOOK_AGAIN),
    ],
    World.in_review: [
        (lambda w, n: submission.submit(w.owner, n), LOOK_AGAIN),
        (lambda w, n: submission.withdraw(w.owner, n, w.ministry, 1), LOOK_AGAIN),
        (seen_before(review.claim), LOOK_AGAIN),
        (lambda w, n: review.claim(as_reviewer(w), n), (NotAllowed, "of their own")),
        (lambda w, n: review.approve(as_reviewer(w), n), (NotAllowed, "of their own")),
        (lambda w, n: review.release(w.reviewer, n), NOT_CLAIMED),
        (lambda w, n: review.approve(w.reviewer, n), CLAIM_FIRST),
        (hand_to("second_reviewer"), CLAIM_FIRST),
    ],
    claimed: [
        (lambda w, n: review.claim(second(w), n), (Changed, "Another reviewer has claimed")),
        (lambda w, n: review.release(second(w), n), NOT_CLAIMED),
        (hand_to("reviewer"), NO_COLLEAGUE),
        (hand_to("other"), NO_COLLEAGUE),
        (lambda w, n: review.hand_on(w.reviewer, n, 999), NO_COLLEAGUE),
        (seen_before(review.hand_on, 1), LOOK_AGAIN),
        (lambda w, n: review.approve(second(w), n), CLAIM_FIRST),
        (seen_before(review.approve), LOOK_AGAIN),
        (returning([]), (Invalid, "Choose at least one reason")),
        (returning(["phone", "zz", "aa"]), (Refusal, "no reason aa")),
        (returning(["expired"]), (Refusal, "no reason expired")),
        (returning(["other"], " "), (Invalid, "Say in words")),
        (seen_before(review.return_, ["phone"], ""), LOOK_AGAIN),
    ],
    World.approved: [
        (lambda w, n: review.claim(w.reviewer, n), LOOK_AGAIN),
        (lambda w, n: review.approve(w.reviewer, n), LOOK_AGAIN),
    ],
    World.expired: [
        (lambda w, n: submission.resubmit_unmodified(w.owner, n, 1), LOOK_AGAIN),
        (lambda w, n: submission.resubmit_unmodified(w.owner, n),
         (Refusal, "first review again")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("begin", CASES)
def test_it_is_refused_in_words_and_leaves_all_as_it_was(
    world: World, begin: Callable[[World], str]
) -> None:
    number = begin(world)
    assert second(world)
    assert world.people.other
    before = picture(world, number)
    for ask, (refusal, words) in CASES[begin]:
        with pytest.raises(refusal) as refused:
            ask(world, number)
        assert words in str(refused.value.text)
        assert picture(world, number) == before, words


def test_an_incomplete_order_is_refused_with_all_that_is_missing(world: World) -> None:
    filing = valid_filing(1)
    number = world.draft(filing=replace(filing, entity=replace(filing.entity, city="")))
    with pytest.raises(Invalid, match="missing or cannot be accepted") as refused:
        submission.submit(world.owner, number)
    assert [f.field for f in refused.value.findings if f.severity == "refuse"] == ["entity-city"]
    assert world.state(number) == "draft"


def test_what_the_book_in_force_does_not_know_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = valid_filing(1)
    app = replace(filing.services[0], kind=ServiceKind.APP)
    number = world.draft(filing=replace(filing, services=(app,)))
    monkeypatch.setitem(world.people.app.config, "RULEBOOK", "aliyun-2018")
    with pytest.raises(Invalid) as refused:
        submission.submit(world.owner, number)
    assert "filing-services" in [finding.field for finding in refused.value.findings]


def test_what_is_only_warned_about_is_handed_in(world: World) -> None:
    filing = valid_filing(1)
    soon = (world.order(world.draft()).created_at + timedelta(days=30)).date()
    leader = replace(filing.entity_leader, valid_to=soon)
    filing = replace(
        filing, entity_leader=leader, services=(replace(filing.services[0], leader=leader),)
    )
    submission.submit(world.owner, number := world.draft(filing=filing))
    assert world.state(number) == "in-review"


@pytest.mark.parametrize("filing_type", ["cancel-entity", "cancel-service", "cancel-access"])
def test_what_a_cancellation_ends_is_to_be_confirmed(world: World, filing_type: str) -> None:
    number = world.draft()
    order = world.order(number)
    put_filing(order, replace(filing_of(order), type=FilingType(filing_type)))
    order.type = filing_type
    db.session.commit()
    with pytest.raises(Unconfirmed, match="Confirm what this order ends"):
        submission.submit(world.owner, number)
    assert world.state(number) == "draft"


class TestClaims:
    """For how long a claim holds."""

    def test_it_keeps_others_out_for_twenty_minutes_and_not_longer(
        self, world: World, still: Still
    ) -> None:
        number = claimed(world)
        still.move(minutes=20, microseconds=-1)
        with pytest.raises(Changed):
            review.claim(second(world), number)
        still.move(microseconds=1)
        review.claim(second(world), number)
        order = world.order(number)
        assert (order.claimed_by_id, order.claimed_at) == (second(world).id, still.moment)
        assert world.actions(number)[-2:] == ["claim", "claim"]

    def test_looking_again_renews_it_without_a_word(self, world: World, still: Still) -> None:
        number = claimed(world)
        before = world.order(number).revision
        again = still.move(minutes=19)
        review.claim(world.reviewer, number)
        order = world.order(number)
        assert (order.claimed_at, order.revision) == (again, before)
        assert world.actions(number)[-1:] == ["claim"]
        assert world.actions(number).count("claim") == 1

    def test_one_that_ran_out_still_serves_where_nobody_else_came(
        self, world: World, still: Still
    ) -> None:
        number = claimed(world)
        still.move(hours=3)
        review.approve(world.reviewer, number)
        assert world.state(number) == "approved"

    def test_a_released_order_is_anyone_s(self, world: World) -> None:
        number = claimed(world)
        review.release(world.reviewer, number)
        order = world.order(number)
        assert (order.claimed_by_id, order.claimed_at) == (None, None)
        review.claim(second(world), number)

    @pytest.mark.parametrize("why", ["inactive", "no role", "owner"])
    def test_it_goes_to_active_reviewers_alone(self, world: World, why: str) -> None:
        number, colleague = claimed(world), second(world).id
        if why == "owner":
            colleague = as_reviewer(world).id
        elif why == "inactive":
            db.session.execute(update(Account).where(Account.id == colleague).values(active=False))
        else:
            add_role(colleague, "administrator")
            remove_role(colleague, "reviewer")
        db.session.commit()
        with pytest.raises(Invalid, match="Choose a colleague"):
            review.hand_on(world.reviewer, number, colleague)
        assert world.order(number).claimed_by_id == world.reviewer.id


class TestLoading:
    """What a verb finds."""

    def test_staff_find_everyone_s_and_applicants_their_own(self, world: World) -> None:
        number = world.draft()
        for actor in (world.owner, world.reviewer):
            assert order_for(actor, number).number == number
        with pytest.raises(NotFound, match="no such order"):
            order_for(world.people.other.actor, number)
        with pytest.raises(NotFound, match="no such order"):
            order_for(world.reviewer, "20200101-222222")

    def test_a_link_finds_its_order_until_it_is_taken_back(self, world: World) -> None:
        order = world.order(world.in_review())
        assert order_of_link(order.id, order.share_epoch).number == order.number
        for order_id, epoch in (
            (order.id, order.share_epoch - 1),
            (order.id, order.share_epoch + 1),
            (order.id + 99, order.share_epoch),
        ):
            with pytest.raises(NotFound, match="This link has ended"):
                order_of_link(order_id, epoch)
