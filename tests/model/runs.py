"""Running the machine: how long, from which seed, and what it went through."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.hands import Workshop, workshop
from tests.model.life import Life
from tests.model.planted import planted


def live(
    shop: Workshop, runs: int, steps: int, start: int = 1, shrink: bool = True
) -> Counter[str]:
    """So many runs; what happened in them, by name. Raises what a step found.

    The same seed gives the same steps. A run that fails is made smaller, unless not asked to.
    """

    class Once(Life):
        workshop: ClassVar[Workshop] = shop
        seen: ClassVar[Counter[str]] = Counter()

    run_state_machine_as_test(
        seed(start)(Once),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            report_multiple_bugs=False,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return Once.seen


def finds(shop: Workshop, runs: int, steps: int, start: int = 1) -> str:
    """What the machine finds, in one line; "" where it finds nothing."""
    try:
        live(shop, runs, steps, start, shrink=False)
    except Exception as fault:
        return f"{type(fault).__name__}: {str(fault).partition(chr(10))[0][:90]}"
    return ""


def part(runs: int, steps: int, start: int) -> Counter[str]:
    """One process's share of the runs."""
    with workshop() as shop:
        return live(shop, runs, steps, start)


def with_fault(name: str, runs: int, steps: int) -> str:
    """What a process finds with one fault in the product."""
    with workshop() as shop, planted(name):
        return finds(shop, runs, steps)
