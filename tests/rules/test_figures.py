"""What one move adds to the figures, and how well times survive being counted by steps."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.rules.lifecycle import Action
from console.rules.tallies import Move, names, share, step

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def added(action: str, source: str | None, to: str, **more: Any) -> set[str]:
    values: dict[str, Any] = {"actor_id": None, "reasons": (), "since": None, **more}
    return set(names(Move(NOON, action, source, to, **values)))


def without_stay(found: set[str]) -> set[str]:
    return {name for name in found if not name.startswith("stay:")}


@pytest.mark.parametrize(
    ("action", "source", "to", "more", "expected"),
    [
        ("start", None, "draft", {"actor_id": 3}, {"to:draft"}),
        ("submit", "draft", "in-review", {"actor_id": 3}, {"to:in-review"}),
        ("approve", "in-review", "approved", {"actor_id": 7}, {"to:approved", "load:7:approve"}),
        ("approve", "in-review", "approved", {}, {"to:approved"}),
        (
            "return",
            "in-review",
            "returned",
            {"actor_id": 7, "reasons": ("phone", "portrait")},
            {"to:returned", "load:7:return", "reason:phone", "reason:portrait"},
        ),
        (
            "return-by-administration",
            "administration-review",
            "returned",
            {"reasons": ("site-name",)},
            {"to:returned", "reason:site-name"},
        ),
        ("return-by-administration", "administration-review", "returned", {}, {"to:returned"}),
        (
            "refuse",
            "approved",
            "returned",
            {"reasons": ("refused",)},
            {"to:returned", "reason:refused"},
        ),
        (
            "expire",
            "verifying",
            "returned",
            {},
            {"to:returned", "end:expired", "reason:expired"},
        ),
        (
            "expire",
            "verifying",
            "returned",
            {"reasons": ("expired",)},
            {"to:returned", "end:expired", "reason:expired"},
        ),
        (
            "use-up-tries",
            "verifying",
            "returned",
            {},
            {"to:returned", "end:tries-used-up", "reason:tries-used-up"},
        ),
        (
            "all-verified",
            "verifying",
            "administration-review",
            {},
            {"to:administration-review", "end:verified"},
        ),
        ("withdraw", "verifying", "draft", {}, {"to:draft", "end:withdrawn"}),
        ("withdraw", "in-review", "draft", {}, {"to:draft"}),
        ("hand-over", "approved", "verifying", {}, {"to:verifying"}),
        ("cancel", "returned", "cancelled", {"reasons": ("phone",)}, {"to:cancelled"}),
    ],
)
def test_a_move_is_counted_under_what_it_means(
    action: str, source: str | None, to: str, more: dict[str, Any], expected: set[str]
) -> None:
    assert action in set(Action)
    assert added(action, source, to, **more) == expected
    # A stay is counted besides, and changes nothing of the rest.
    later = added(action, source, to, **{**more, "since": NOON - timedelta(hours=1)})
    assert without_stay(later) == expected


@pytest.mark.parametrize("seconds", [1, 2, 59, 60, 3600, 90_000, 86_400 * 400])
def test_a_stay_is_kept_with_the_state_it_was_in_and_to_within_2_5_percent(seconds: int) -> None:
    since = NOON - timedelta(seconds=seconds)
    (stay,) = (
        name
        for name in added("approve", "in-review", "approved", since=since)
        if name.startswith("stay:")
    )
    _, state, kept = stay.split(":")
    assert state == "in-review"
    assert share({int(kept): 1}, 0.5) == pytest.approx(seconds, rel=0.025)


@pytest.mark.parametrize("seconds", [-5.0, 0.0, 0.2, 1.0])
def test_what_took_no_second_is_the_first_step(seconds: float) -> None:
    assert step(seconds) == 0


def test_longer_stays_are_later_steps() -> None:
    steps = [step(2.0**power) for power in range(25)]
    assert steps == sorted(set(steps))


STAYS = {0: 2, 20: 5, 50: 2, 90: 1}  # ten stays


@pytest.mark.parametrize(
    ("part", "expected"),
    [(0.0, 0), (0.2, 0), (0.21, 20), (0.5, 20), (0.7, 20), (0.71, 50), (0.9, 50), (0.95, 90),
     (1.0, 90)],
)  # fmt: skip
def test_a_share_is_the_stay_of_that_rank(part: float, expected: int) -> None:
    backwards = dict(reversed(STAYS.items()))
    assert step(share(backwards, part)) == expected
    assert math.isclose(share(STAYS, part), share(backwards, part))


def test_of_no_stays_there_is_no_share() -> None:
    assert share({}, 0.9) == 0.0
