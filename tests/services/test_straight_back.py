"""What may go straight back to verification, first review skipped (aliyun-2018)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from console.extensions import db
from console.models import Order
from console.services import drafts, submission
from console.services.contents import filing_of
from tests.services.conftest import Still
from tests.services.world import World


@pytest.fixture
def settings_for_app() -> dict[str, str]:
    return {"RULEBOOK": "aliyun-2018"}


@pytest.fixture
def number(world: World) -> str:
    world.ministry.book = "aliyun-2018"
    return world.expired()


def test_it_takes_all_that_the_book_asks(world: World, number: str) -> None:
    fitting: dict[str, Any] = {
        "state": "returned",
        "rulebook": "aliyun-2018",
        "reasons": ["expired"],
        "approved_round": 1,
    }
    cases: list[tuple[dict[str, Any], bool]] = [
        ({}, True),
        ({"reasons": ["tries-used-up"]}, True),
        ({"reasons": ["phone"]}, False),
        ({"reasons": []}, False),
        ({"rulebook": None}, False),
        ({"rulebook": "aliyun-current"}, False),
        ({"approved_round": None}, False),
        ({"state": "draft"}, False),
    ]
    for other, may in cases:
        values = {**fitting, **other}
        db.session.execute(update(Order).where(Order.number == number).values(**values))
        db.session.commit()
        assert submission.may_skip_review(world.order(number)) is may, other


def test_it_takes_what_was_approved_word_for_word(world: World, number: str) -> None:
    order = world.order(number)
    filing = filing_of(order)
    entity = replace(filing.entity, remarks="改动")
    drafts.save_entity(world.owner, number, order.revision, entity, filing.entity_leader)
    assert submission.may_skip_review(world.order(number)) is False


def test_it_goes_to_the_ministry_as_it_is(world: World, number: str, still: Still) -> None:
    before, epoch = filing_of(world.order(number)), world.order(number).share_epoch
    at = still.move(hours=1)
    submission.resubmit_unmodified(world.owner, number)
    event, delivery = world.events(number)[-1], world.deliveries(number)[-1]
    assert (event.action, event.from_state, event.to_state) == (
        "resubmit-unmodified", "returned", "approved",
    )  # fmt: skip
    assert (event.at, event.actor, event.actor_id) == (at, "applicant", world.owner.id)
    assert (delivery.key, delivery.due_at) == (f"submit:{number}/2", at)
    assert filing_of(world.order(number)) == before
    assert world.order(number).share_epoch == epoch + 1
