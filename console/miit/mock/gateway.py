"""The mock as the console sees it: the Gateway, with the faults that can be switched on."""

from __future__ import annotations

from collections.abc import Sequence

from console import clock
from console.errors import Busy
from console.miit.gateway import (
    AlreadyDone,
    Filed,
    GiveUp,
    MinistryEvent,
    Receipt,
    Submission,
    TryLater,
)
from console.miit.mock import receiving, register
from console.miit.mock.events import read_events
from console.miit.mock.store import Fault, faulty, reading, write


class MockGateway:
    """A ministry on tables of its own. Never called inside a transaction of the console's."""

    def submit(self, submission: Submission) -> Receipt:
        """See `Gateway.submit`."""
        self._reached()
        now = clock.now()
        try:
            received = write(lambda session: receiving.receive(session, submission, now))
        except Busy as error:
            raise TryLater("the ministry is busy") from error
        self._answered(received.fresh)
        if received.receipt is None:
            raise GiveUp("refused")
        return received.receipt

    def withdraw(self, key: str) -> None:
        """See `Gateway.withdraw`."""
        self._reached()
        now = clock.now()
        try:
            outcome = write(lambda session: receiving.withdraw(session, key, now))
        except Busy as error:
            raise TryLater("the ministry is busy") from error
        self._answered(outcome == "withdrawn")
        if outcome == "too-late":
            raise AlreadyDone

    def change_mobile(self, key: str, verifier: str, mobile: str) -> None:
        """See `Gateway.change_mobile`."""
        self._reached()
        now = clock.now()
        try:
            outcome = write(
                lambda session: receiving.change_mobile(session, key, verifier, mobile, now)
            )
        except Busy as error:
            raise TryLater("the ministry is busy") from error
        self._answered(outcome is True)
        if isinstance(outcome, Exception):
            raise outcome

    def look_up(self, icp_number: str) -> Filed | None:
        """See `Gateway.look_up`."""
        self._reached()
        with reading() as session:
            return register.look_up(session, icp_number)

    def events(self, after: int, limit: int = 500) -> Sequence[MinistryEvent]:
        """See `Gateway.events`."""
        self._reached()
        now = clock.now()
        with reading() as session:
            return read_events(session, now, after, limit)

    def _reached(self) -> None:
        with reading() as session:
            if faulty(session, Fault.DOWN):
                raise TryLater("the ministry does not answer")

    def _answered(self, had_effect: bool) -> None:
        """Lose the answer to what took effect; asked again, the ministry answers."""
        if not had_effect:
            return
        with reading() as session:
            if faulty(session, Fault.LOST_ANSWER):
                raise TryLater("the ministry's answer was lost")
