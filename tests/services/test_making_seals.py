"""What a seal is made of, and when none is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.models import Event
from console.services import auditing, sealing
from tests.services.world import World


def test_what_a_seal_covers_is_written_as_it_ever_was() -> None:
    """Else the seals of before would be found fault with."""
    at = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    returned = Event(
        id=7, order_id=3, at=at, action="return", from_state="in-review", to_state="returned",
        actor="reviewer", actor_id=2, data={"reasons": ["phone"], "note": "电话"},
    )  # fmt: skip
    signed_in = Event(
        id=8, at=at + timedelta(seconds=1, microseconds=5), action="sign-in", actor="account",
        actor_id=2, data={},
    )  # fmt: skip
    covered = sealing._covered("ab", [returned, signed_in])
    assert covered == "8a132a62977d3315d46bb007d81db5a150bbd5451b94fdea4143eb1c76df25e0"


def test_while_events_are_being_written_none_is_sealed_and_the_worker_does_not_insist(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.in_review()
    monkeypatch.setattr(sealing, "complete", lambda: False)
    assert sealing.seal_next(at_once=True) is False
    assert auditing.head() == "0:"
