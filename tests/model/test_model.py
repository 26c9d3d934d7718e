"""A short run of the machine; `make model` has the long one, and the other planted faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.model.hands import Workshop, workshop
from tests.model.planted import QUICK, planted
from tests.model.runs import finds, live


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    """One app for all runs."""
    with workshop() as made:
        yield made


def test_orders_live_as_the_model_says(shop: Workshop) -> None:
    seen = live(shop, runs=6, steps=20)
    assert seen["approve"], "the machine gets nowhere"


@pytest.mark.parametrize("name", sorted(QUICK))
def test_a_planted_fault_is_found(shop: Workshop, name: str) -> None:
    with planted(name):
        assert finds(shop, runs=30, steps=20)
