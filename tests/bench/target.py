"""What is aimed at, and the small language in which a measurement says what it found.

Each `tests/bench/pNN.py` has one function, `measure(room: Room) -> dict`, whose answer is made by
`found`. It is run in a process of its own, keeps within `room.seconds` of wall time, writes only
in `room.folder`, ends what it started, and measures its denominators next to what they divide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any


@dataclass(frozen=True)
class Limit:
    """What a figure must reach and what we aim at; None where it is only reported.

    `least`: more is better. `unit` is empty for ratios.
    """

    must: float | None
    aim: float | None
    least: bool = True
    unit: str = ""

    def verdict(self, value: float) -> str:
        """ "aim", "must", "missed", or "reported" where nothing is asked."""
        for name, bound in (("aim", self.aim), ("must", self.must)):
            if bound is not None and (value >= bound if self.least else value <= bound):
                return name
        return "reported" if self.must is None else "missed"


@dataclass(frozen=True)
class Target:
    """One line of the table: what is measured, and a limit for each of its figures."""

    quantity: str
    limits: Mapping[str, Limit]


@dataclass(frozen=True)
class Room:
    """What a measurement is given. `seconds`: wall time to keep within, all servers' included."""

    folder: Path
    seconds: float
    quick: bool
    seed: int = 1


def _most(must: float | None, aim: float | None, unit: str = "") -> Limit:
    return Limit(must, aim, least=False, unit=unit)


TARGETS: dict[str, Target] = {
    "p01": Target("unchanged poll against bare Flask, in-process, SQLite", {"": Limit(0.5, 1)}),
    "p02": Target("the same on PostgreSQL on its own core", {"": Limit(0.2, 0.4)}),
    "p03": Target("unchanged poll over HTTP against Django's", {"": Limit(2.5, 5)}),
    "p04": Target("changed poll over HTTP against Django's", {"": Limit(1.6, 2.4)}),
    "p05": Target("changed poll against bare Flask, in-process", {"": Limit(0.06, 0.10)}),
    "p06": Target(
        "kept-alive open pages, a poll each 10 s, one app core",
        {
            "pages": Limit(10_000, 10_000),
            "errors": _most(0, 0),
            "p99": _most(50, 10, "ms"),
            "share of the core": _most(None, 0.6),
        },
    ),
    "p07": Target("queries of a page", {"order": _most(8, 5), "queue": _most(6, 4)}),
    "p08": Target("queue page at 1,000,000 orders against 1,000, worst case", {"": _most(2, 1.2)}),
    "p09": Target("expiring orders against set-based SQL of the same rows", {"": Limit(0.1, 0.4)}),
    "p10": Target("a change in the ministry shown on an open page", {"": _most(5, 2, "s")}),
    "p11": Target("p99 : p50 of polls at saturation, recommended settings", {"": _most(3, 1.6)}),
    "p12": Target(
        "memory of a web process after mixed requests; start to first answer",
        {"growth": _most(0.10, 0.03), "start": _most(3, 1, "s")},
    ),
    "p13": Target(
        "two web processes and two workers against one each, on PostgreSQL",
        {"lost or double": _most(0, 0), "throughput": Limit(None, 1.6)},
    ),
}


def found(
    measured: float | Mapping[str, float],
    denominators: Mapping[str, Any] | None = None,
    *,
    spread: float | None = None,
    faults: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """A measurement's answer. `measured`: a number, or one for each name of the target's limits.

    `denominators`: what was measured beside it, by name, with the unit in the name. `spread`: that
    of the repeated denominators (`spread_of`). `faults`: answers that were not what was due; one
    of them spoils the figure.
    """
    figures = dict(measured) if isinstance(measured, Mapping) else {"": measured}
    return {
        "measured": figures,
        "denominators": dict(denominators or {}),
        "spread": spread,
        "faults": list(faults),
        "notes": list(notes),
    }


def spread_of(repeated: Sequence[float]) -> float:
    """How noisy the run was: how wide the middle half of a repeated figure is, as a share."""
    low, middle, high = quantiles(repeated, n=4, method="inclusive")
    return (high - low) / middle if middle else 0.0
