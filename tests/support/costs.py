"""What work costs in processor time, which other things that a machine does leave as it is."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

R = TypeVar("R")


def cost(work: Callable[[], R]) -> tuple[R, float]:
    """Do something; its result and its price in seconds of a quiet machine: processor time of this
    thread and of the children it waited for, by the measure of what a fixed piece of work costs."""
    began = _spent()
    result = work()
    return result, (_spent() - began) / _measure()


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + children.ru_utime + children.ru_stime


@cache
def _measure() -> float:
    """How many times slower this machine is than the one the bounds were written on."""
    return max(1.0, min(_piece() for _ in range(3)) / PIECE)


def _piece() -> float:
    began = time.thread_time()
    for _ in range(5):
        ("x" * 1_000_000).replace("x", "yz").encode().count(b"z")
    sum(range(300_000))
    return time.thread_time() - began


# Processor seconds of that piece on two quiet cores.
PIECE = 0.05
