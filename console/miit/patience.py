"""A ministry is waited for, but not for long: an answer that does not come in time is no answer.

Whatever a gateway does, a call ends after some seconds for who asked. It goes on in a thread of its
own, and its answer is dropped: asked again with the same key, the ministry gives the same one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import current_app

from console.miit.gateway import Filed, Gateway, MinistryEvent, Receipt, Submission, TryLater

R = TypeVar("R")

WEB_SECONDS = 3.0  # a person waits, and one of the few threads that serve all others
WORKER_SECONDS = 10.0  # the worker has other work; it gives a sign of life every 5 seconds
# So many calls without an answer, and nobody asks any more until one of them ends, or is given up.
MOST_OVERDUE = 2
GIVEN_UP_SECONDS = 120.0


class _Call(threading.Thread):
    """One call, and what came of it."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(name="ministry", daemon=True)  # must not keep a process from ending
        self._work, self._app = work, current_app._get_current_object()  # type: ignore[attr-defined]
        self.began = time.monotonic()
        self.result: object = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Ask, in a context of its own: the caller's may be gone before the answer comes."""
        try:
            with self._app.app_context():
                self.result = self._work()
        except BaseException as error:
            self.error = error


_overdue: list[_Call] = []  # of this process; there is one ministry


def _overdue_now() -> int:
    """How many calls hang; what has ended, or hangs for minutes, is forgotten."""
    old = time.monotonic() - GIVEN_UP_SECONDS
    _overdue[:] = [call for call in _overdue if call.is_alive() and call.began > old]
    return len(_overdue)


class Patient:
    """A gateway whose calls take at most so many seconds; then they raise TryLater."""

    def __init__(self, gateway: Gateway, seconds: float) -> None:
        self._gateway, self._seconds = gateway, seconds

    def submit(self, submission: Submission) -> Receipt:
        """See `Gateway.submit`."""
        return self._ask(lambda: self._gateway.submit(submission))

    def withdraw(self, key: str) -> None:
        """See `Gateway.withdraw`."""
        self._ask(lambda: self._gateway.withdraw(key))

    def change_mobile(self, key: str, verifier: str, mobile: str) -> None:
        """See `Gateway.change_mobile`."""
        self._ask(lambda: self._gateway.change_mobile(key, verifier, mobile))

    def look_up(self, icp_number: str) -> Filed | None:
        """See `Gateway.look_up`."""
        return self._ask(lambda: self._gateway.look_up(icp_number))

    def events(self, after: int, limit: int = 500) -> Sequence[MinistryEvent]:
        """See `Gateway.events`."""
        return self._ask(lambda: self._gateway.events(after, limit))

    def _ask(self, work: Callable[[], R]) -> R:
        if _overdue_now() >= MOST_OVERDUE:
            raise TryLater("the ministry has not answered others yet")
        call = _Call(work)
        call.start()
        call.join(self._seconds)
        if call.is_alive():
            _overdue.append(call)
            raise TryLater("the ministry did not answer in time")
        if call.error is not None:
            raise call.error
        return call.result  # type: ignore[return-value]
