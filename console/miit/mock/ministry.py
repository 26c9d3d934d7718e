"""The mock ministry as one object: the gateway, its clockwork, and a door for earlier filings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from console import clock
from console.miit.gateway import Gateway
from console.miit.mock import clockwork, decisions, portal
from console.miit.mock.effects import Numbers, file_elsewhere
from console.miit.mock.gateway import MockGateway
from console.miit.mock.inbox import inbox
from console.miit.mock.store import reading, write
from console.rules.filing import Filing


class MockMinistry:
    """What the worker and the command line know the ministry by."""

    gateway: Gateway

    def __init__(self) -> None:
        self.gateway = MockGateway()

    def tick(self, now: datetime) -> bool:
        """Do what is due at the ministry; True means that there is more."""
        return clockwork.tick(now)

    def file_elsewhere(self, filing: Filing) -> tuple[str, Numbers]:
        """Enter a filing into the register that was made through another provider.

        The entity's number, and the services' by position.
        """
        now = clock.now()
        return write(lambda session: file_elsewhere(session, filing, now))

    def enter_code(self, mobile: str, last_six: str, right: bool = True) -> None:
        """Be the leader of a rehearsal: enter the newest code texted to a mobile at the portal.

        Not `right`: a wrong code and wrong last six characters, which every book counts.
        """
        now = clock.now()
        with reading() as session:
            texts = inbox(session, now, mobile)
        code = str(texts[0]["code"]) if texts else "000000"
        if not right:
            code = f"{(int(code) + 1) % 1_000_000:06d}"
            last_six = "000000" if last_six != "000000" else "000001"
        portal.verify(mobile, last_six, code, now)

    def decide(self, number: str, accept: bool, reasons: Sequence[str], note: str) -> None:
        """Be the administration of a rehearsal: accept an order, or return it with reasons."""
        decisions.decide(number, accept, reasons, note, clock.now())
