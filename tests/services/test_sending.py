"""Leases, pauses and the order in which deliveries leave, to the moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from console.errors import Refusal
from console.extensions import db
from console.keyring import DataDamaged
from console.miit.gateway import GiveUp, TryLater
from console.models import Delivery, DeliveryAttempt
from console.services import correcting, handover, ledger
from console.services.contents import as_handed_over, filing_of
from tests.services.conftest import Still
from tests.services.world import World


def set_delivery(number: str, **values: object) -> None:
    """Change the delivery that hands an order over."""
    delivery = db.session.scalars(
        select(Delivery).where(Delivery.key == f"submit:{number}/1")
    ).one()
    for name, value in values.items():
        setattr(delivery, name, value)
    db.session.commit()


def attempts() -> list[tuple[datetime, str, datetime | None]]:
    rows = db.session.scalars(select(DeliveryAttempt).order_by(DeliveryAttempt.id))
    return [(row.at, row.outcome, row.next_at) for row in rows]


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(1, 2), (2, 4), (3, 8), (8, 256), (9, 512), (10, 900), (13, 900), (200, 900)],
)
def test_pauses_double_from_two_seconds_to_a_quarter_of_an_hour_with_jitter_below(
    monkeypatch: pytest.MonkeyPatch, tries: int, seconds: int
) -> None:
    monkeypatch.setattr("console.services.handover.random.uniform", lambda low, high: high)
    assert handover.pause(tries) == timedelta(seconds=seconds)
    monkeypatch.setattr("console.services.handover.random.uniform", lambda low, high: low)
    assert handover.pause(tries) == timedelta(seconds=seconds * 0.7)


def test_a_lease_says_what_is_sent_and_lasts_half_a_minute(world: World, still: Still) -> None:
    number = world.approved()
    leased = handover.lease()
    assert leased is not None
    (delivery,) = world.deliveries(number)
    assert (leased.id, leased.kind, leased.key) == (delivery.id, "submit", f"{number}/1")
    assert (leased.attempts, delivery.attempts) == (1, 1)
    assert leased.payload == delivery.payload
    assert delivery.leased_until == still.moment + timedelta(seconds=30)
    still.move(seconds=30, microseconds=-1)
    assert handover.lease() is None
    still.move(microseconds=1)
    again = handover.lease()
    assert again is not None
    assert again.attempts == 2


def test_a_mail_is_leased_for_two_minutes(world: World, still: Still) -> None:
    number = world.approved()
    set_delivery(number, kind="mail")
    assert handover.lease(mail=True) is not None
    assert world.deliveries(number)[0].leased_until == still.moment + timedelta(minutes=2)


def test_one_that_is_named_is_sent_before_its_time_but_not_twice_at_once(
    world: World, still: Still
) -> None:
    number = world.approved()
    other = world.approved()
    (delivery,) = world.deliveries(number)
    set_delivery(number, due_at=still.moment + timedelta(hours=1))
    set_delivery(other, due_at=still.moment + timedelta(hours=1))
    assert handover.send(world.ministry) is None
    leased = handover.lease(delivery.id)
    assert leased is not None
    assert leased.id == delivery.id
    assert handover.send(world.ministry, delivery.id) == handover.TRY_LATER, "another sends it"
    assert (world.state(number), world.state(other)) == ("approved", "approved")
    still.move(seconds=30)
    assert handover.send(world.ministry, delivery.id) == handover.DONE
    assert (world.state(number), world.state(other)) == ("verifying", "approved")


def test_what_was_stopped_by_hand_waits_for_a_hand(world: World) -> None:
    number = world.approved()
    (delivery,) = world.deliveries(number)
    ledger.hold(world.reviewer, delivery.id)
    assert handover.send(world.ministry) is None
    ledger.send_now(world.reviewer, delivery.id)
    assert handover.send(world.ministry) == handover.DONE


def test_of_those_due_together_the_first_made_goes_first(world: World, still: Still) -> None:
    numbers = [world.approved() for _ in range(3)]
    set_delivery(numbers[0], due_at=still.moment + timedelta(seconds=1))
    still.move(seconds=1)
    for expected in (numbers[1], numbers[2], numbers[0]):
        handover.send(world.ministry)
        assert world.ministry.submitted[-1].number == expected


def test_what_does_not_arrive_is_put_off_freed_and_kept_on_record(
    world: World, still: Still
) -> None:
    number = world.approved()
    for error, outcome in ((TryLater(), "try-later"), (ZeroDivisionError(), "error")):
        world.ministry.next_errors = [error]
        assert handover.send(world.ministry) == outcome
        (delivery,) = world.deliveries(number)
        assert (delivery.outcome, delivery.leased_until, delivery.done_at) == (outcome, None, None)
        assert delivery.due_at > still.moment
        assert attempts()[-1] == (still.moment, outcome, delivery.due_at)
        still.moment = delivery.due_at
    assert handover.send(world.ministry) == handover.DONE
    assert attempts()[-1] == (still.moment, "done", None)


def test_who_names_a_delivery_is_told_what_went_wrong_with_it(world: World) -> None:
    number = world.approved()
    (delivery,) = world.deliveries(number)
    world.ministry.next_errors = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        handover.send(world.ministry, delivery.id)
    assert world.deliveries(number)[0].outcome == "error"


def test_an_answer_that_did_not_come_is_no_news_once_another_has_taken_over(
    world: World, still: Still
) -> None:
    number = world.approved()
    slow = handover.lease()
    still.move(seconds=30)
    other = handover.lease()
    assert slow is not None
    assert other is not None
    handover.put_off(slow, "try-later")
    (delivery,) = world.deliveries(number)
    assert delivery.leased_until == still.moment + timedelta(seconds=30), "the other sends it"
    handover.settle(other, "done")
    handover.put_off(other, "try-later")
    assert (world.deliveries(number)[0].outcome, attempts()[-1][1]) == ("done", "done")


def test_a_payload_that_cannot_be_read_is_put_off_as_an_error(
    world: World, still: Still, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.approved()
    db.session.execute(text("UPDATE deliveries SET payload = substr(payload, 1, 60)"))
    db.session.commit()
    with pytest.raises(DataDamaged):
        handover.lease()
    db.session.rollback()
    outcome, due_at, leased = db.session.execute(
        select(Delivery.outcome, Delivery.due_at, Delivery.leased_until)
    ).one()
    assert (outcome, leased) == ("error", None)
    assert due_at > still.moment
    with pytest.raises(DataDamaged):
        handover.send(world.ministry, world.deliveries(number)[0].id)
    assert world.state(number) == "approved"


class TestHurrying:
    """Once the ministry answers again."""

    @pytest.mark.parametrize(
        ("values", "hurried"),
        [
            ({"outcome": "try-later"}, True),
            ({"outcome": "error"}, False),
            ({"outcome": None}, False),
            ({"outcome": "try-later", "kind": "mail"}, False),
            ({"outcome": "try-later", "done": True}, False),
        ],
    )
    def test_what_waits_out_a_pause_for_it_is_due_now_and_nothing_else(
        self, world: World, still: Still, values: dict[str, object], hurried: bool
    ) -> None:
        number, later = world.approved(), still.moment + timedelta(minutes=10)
        done = {"done_at": still.moment} if values.pop("done", False) else {}
        set_delivery(number, due_at=later, **values, **done)
        assert handover.hurry() is hurried
        assert world.deliveries(number)[0].due_at == (still.moment if hurried else later)

    def test_what_is_due_anyway_is_no_news(self, world: World, still: Still) -> None:
        number = world.approved()
        set_delivery(number, due_at=still.moment, outcome="try-later")
        assert handover.hurry() is False


def test_the_ministry_gets_the_filing_and_the_number(world: World) -> None:
    number = world.verifying()
    (submitted,) = world.ministry.submitted
    order = world.order(number)
    assert submitted.filing == as_handed_over(order, filing_of(order))
    assert (submitted.number, submitted.key) == (number, f"{number}/1")


def test_a_corrected_mobile_goes_out_under_the_round_s_own_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "may_correct_mobile", lambda order: True)
    number, asked = world.coded(), []

    def refuse(*words: str) -> None:
        asked.append(words)
        raise GiveUp("refused")

    world.ministry.change_mobile = refuse  # type: ignore[method-assign,assignment]
    with pytest.raises(Refusal, match="did not take the new mobile"):
        correcting.correct_mobile(
            world.owner, number, "entity-leader", "138 0571 9999", world.ministry
        )
    assert asked == [(f"{number}/1", "entity-leader", "13805719999")]
    assert world.actions(number)[-1] == "change-mobile-gave-up"
    assert world.deliveries(number)[-1].done_at is not None
