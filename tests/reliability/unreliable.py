"""The console with a ministry on a bad line; with PLANTED, and a fault of ours.

`flask --app tests.reliability.unreliable worker` runs workers on it.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from console.miit.gateway import Gateway, MinistryEvent, Receipt, Submission, TryLater
from wsgi import app

R = TypeVar("R")


class Unreliable:
    """A gateway on a bad line: about half of what is asked goes wrong in one way or another."""

    def __init__(self, real: Gateway) -> None:
        self._real = real

    def submit(self, submission: Submission) -> Receipt:
        """Lost on the way, or taken and the answer lost, or late, or asked twice."""
        return self._badly(lambda: self._real.submit(submission))

    def withdraw(self, key: str) -> None:
        """As submit."""
        self._badly(lambda: self._real.withdraw(key))

    def change_mobile(self, key: str, verifier: str, mobile: str) -> None:
        """As submit."""
        self._badly(lambda: self._real.change_mobile(key, verifier, mobile))

    def look_up(self, icp_number: str) -> Any:
        """As it is."""
        return self._real.look_up(icp_number)

    def events(self, after: int, limit: int = 500) -> Sequence[MinistryEvent]:
        """News told again from a while back, twice, and out of order."""
        told = list(self._badly(lambda: self._real.events(max(0, after - 20), limit)))
        again = told + random.sample(told, len(told) // 2)
        random.shuffle(again)
        return again

    def _badly(self, work: Callable[[], R]) -> R:
        chance = random.random()
        if chance < 0.15:
            raise TryLater("lost on the way there")
        if chance < 0.25:
            work()
        result = work()
        if chance < 0.4:
            raise TryLater("lost on the way back")
        if chance < 0.5:
            time.sleep(random.uniform(0.1, 0.5))
        return result


class Forgetful(Unreliable):
    """Our fault: every attempt is made under a key of its own."""

    _attempts = itertools.count()

    def submit(self, submission: Submission) -> Receipt:
        """Nothing tells the ministry that it has the order already."""
        key = f"{submission.key}-{os.getpid()}-{next(self._attempts)}"
        return super().submit(replace(submission, key=key))


ministry = app.extensions["ministry"]
ministry.gateway = (Forgetful if os.environ.get("PLANTED") else Unreliable)(ministry.gateway)
