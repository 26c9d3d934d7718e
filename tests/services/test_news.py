"""What the ministry tells: kept once, applied once, in order, and never in each other's way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from console.extensions import db
from console.miit.gateway import EventKind, TryLater
from console.models import MinistryNews, Order, RegisteredEntity, RegisteredService
from console.services import handover, news
from console.services.contents import filing_of
from tests.services.world import World
from tests.support.clocks import Clock
from tests.support.postgres import both_databases

pytestmark = both_databases


def test_a_code_that_was_sent_sets_deadline_and_sender(world: World, clock: Clock) -> None:
    number = world.coded()
    row = world.verifier(number, "entity-leader")
    deadline = world.order(number).deadline
    assert row.sender == "1"
    assert row.code_sent_at is not None
    assert deadline is not None
    assert timedelta(hours=23) < deadline - clock.now <= timedelta(hours=24)


def test_news_told_again_and_again_are_applied_once(world: World) -> None:
    number = world.verifying()
    world.hear(number, EventKind.ENTRY_FAILED, "entity-leader", tries_used=1)
    before = world.order(number).revision
    told = world.ministry.told

    for _ in range(3):
        world.ministry.events = lambda after, limit=500: told  # type: ignore[method-assign,assignment]
        news.collect(world.ministry)
        news.apply_due()
    assert world.order(number).revision == before
    assert world.actions(number).count("entry-failed") == 1
    assert len(world.kept_news()) == 1


def test_workers_that_are_told_at_the_same_moment_keep_it_once(world: World) -> None:
    number = world.verifying()
    for tries in range(1, 40):
        world.ministry.tell(
            world.order(number), EventKind.ENTRY_FAILED, "entity-leader", tries_used=tries
        )
    db.session.commit()
    app = world.people.app

    def collect() -> None:
        with app.app_context():
            news.collect(world.ministry)

    with ThreadPoolExecutor(4) as workers:
        for collected in [workers.submit(collect) for _ in range(8)]:
            collected.result()
    assert len(world.kept_news()) == 39


def test_news_told_twice_in_one_breath_are_kept_once(world: World) -> None:
    number = world.verifying()
    event = world.ministry.tell(world.order(number), EventKind.VERIFIED, "entity-leader")
    world.ministry.events = lambda after, limit=500: [event, event]  # type: ignore[method-assign,assignment]
    news.collect(world.ministry)
    news.apply_due()
    assert world.actions(number).count("verified") == 1


def test_news_that_come_before_our_own_receipt_wait_for_it(world: World, clock: Clock) -> None:
    number = world.approved()
    deadline = (clock.now + timedelta(hours=24)).isoformat()
    world.hear(number, EventKind.CODE_SENT, "entity-leader", sender="1", deadline=deadline)
    assert world.kept_news()[0].applied_at is None
    handover.send(world.ministry)
    news.apply_due()
    assert world.kept_news()[0].applied_at is None, "not before it is due again"
    clock.move(seconds=3)
    news.apply_due()
    assert world.order(number).deadline is not None


def test_later_news_of_an_order_never_overtake_those_that_wait(world: World, clock: Clock) -> None:
    number = world.approved()
    world.hear(number, EventKind.VERIFIED, "entity-leader")
    handover.send(world.ministry)
    world.hear(number, EventKind.ALL_VERIFIED)
    assert world.state(number) == "verifying"
    clock.move(seconds=3)
    news.apply_due()
    assert world.actions(number)[-2:] == ["verified", "all-verified"]


def test_poison_is_put_off_alone_for_an_hour_and_does_not_stop_the_others(
    world: World, clock: Clock
) -> None:
    bad, good = world.verifying(), world.verifying()
    world.ministry.tell(world.order(bad), EventKind.VERIFIED, "nobody-we-know")
    world.ministry.tell(world.order(good), EventKind.VERIFIED, "entity-leader")
    news.collect(world.ministry)
    news.apply_due()
    poisoned, fine = world.kept_news()
    assert (poisoned.applied_at, poisoned.result) == (None, "error")
    assert poisoned.due_at - clock.now > timedelta(minutes=59)
    assert fine.result == "applied"
    assert world.verifier(good, "entity-leader").verified_at is not None
    news.apply_due()
    assert world.actions(bad)[-1] == "hand-over"


def test_what_the_database_could_not_take_is_no_poison(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, fine = world.verifying(), world.verifying()
    world.ministry.tell(world.order(full), EventKind.ALL_VERIFIED)
    world.ministry.tell(world.order(fine), EventKind.ALL_VERIFIED)
    news.collect(world.ministry)
    take = news.take

    def disk_full(order: Order, told: MinistryNews) -> None:
        if order.number == full:
            raise OperationalError("UPDATE orders", {}, Exception("database or disk is full"))
        take(order, told)

    monkeypatch.setattr(news, "take", disk_full)
    news.apply_due()
    assert (world.state(full), world.state(fine)) == ("verifying", "administration-review")
    assert world.kept_news()[0].result is None
    monkeypatch.setattr(news, "take", take)
    clock.move(minutes=1)
    news.apply_due()
    assert world.state(full) == "administration-review"


def test_poison_holds_back_what_follows_it_about_the_same_order(world: World, clock: Clock) -> None:
    number = world.verifying()
    world.hear(number, EventKind.VERIFIED, "nobody-we-know")
    world.hear(number, EventKind.ALL_VERIFIED)
    assert world.state(number) == "verifying"


def test_many_expire_in_one_batch_each_stamped_with_its_own_moment(
    world: World, clock: Clock
) -> None:
    numbers = [world.coded() for _ in range(3)]
    fell_due = {}
    for number in numbers:
        clock.move(minutes=7)
        fell_due[number] = clock.now
        world.ministry.tell(
            world.order(number), EventKind.EXPIRED, fell_due=fell_due[number].isoformat()
        )
    clock.move(hours=2)
    news.collect(world.ministry)
    news.apply_due()
    for number in numbers:
        order, event = world.order(number), world.events(number)[-1]
        assert (order.state, order.returned_by, order.reasons) == (
            "returned",
            "ministry",
            ["expired"],
        )
        assert event.at == fell_due[number]
        assert order.due_at == fell_due[number] + timedelta(days=45)


def test_an_order_that_verified_and_expired_in_one_batch_follows_what_came_first(
    world: World, clock: Clock
) -> None:
    number = world.coded()
    order = world.order(number)
    world.ministry.tell(order, EventKind.ALL_VERIFIED)
    world.ministry.tell(order, EventKind.EXPIRED, fell_due=clock.now.isoformat())
    news.collect(world.ministry)
    news.apply_due()
    assert world.state(number) == "administration-review"
    assert world.kept_news()[-1].result == "not in administration-review"


def test_used_up_tries_return_the_order_and_set_when_the_book_cancels_it(
    world: World, clock: Clock
) -> None:
    number = world.coded()
    told = world.hear(number, EventKind.TRIES_USED_UP, "entity-leader")
    order = world.order(number)
    assert (order.state, order.reasons) == ("returned", ["tries-used-up"])
    assert order.cancel_at == told.at + timedelta(hours=24)
    row = world.verifier(number, "entity-leader")
    assert (row.tries_used, row.failed_at) == (5, told.at)


def test_an_acceptance_changes_the_register_with_the_move(world: World) -> None:
    number = world.deciding()
    world.hear(
        number,
        EventKind.ACCEPTED,
        entity_number="浙ICP备2026000001号",
        service_numbers={"1": "浙ICP备2026000001号-1"},
    )
    order = world.order(number)
    assert order.state == "accepted"
    assert order.icp_numbers == ["浙ICP备2026000001号", "浙ICP备2026000001号-1"]
    entity = db.session.scalars(select(RegisteredEntity)).one()
    service = db.session.scalars(select(RegisteredService)).one()
    assert (order.entity_id, service.entity_id) == (entity.id, entity.id)
    assert service.domain == filing_of(order).services[0].domain


def test_a_return_by_the_administration_carries_reasons_and_note(world: World) -> None:
    number = world.deciding()
    world.hear(number, EventKind.RETURNED, reasons=["portrait", "phone"], note="请重拍")
    order = world.order(number)
    assert (order.state, order.returned_by) == ("returned", "administration")
    assert (order.reasons, order.return_note) == (["portrait", "phone"], "请重拍")


def test_a_silent_ministry_is_asked_again_later(world: World) -> None:
    world.ministry.next_errors = [TryLater()]
    assert news.collect(world.ministry) is False
    assert world.kept_news() == []


def test_an_event_holds_no_personal_data(world: World) -> None:
    number = world.coded()
    world.hear(number, EventKind.RETURNED, reasons=["phone"], note="13805710001")
    people = filing_of(world.order(number))
    secrets = {people.entity_leader.mobile, people.entity_leader.name, people.entity.name}
    told = " ".join(str(event.data) for event in world.events(number))
    assert not [secret for secret in secrets if secret in told]
