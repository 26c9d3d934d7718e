"""The mock ministry as one object: the gateway, its clockwork, and a door for earlier filings."""

from __future__ import annotations

from datetime import datetime

from console import clock
from console.miit.gateway import Gateway
from console.miit.mock import clockwork
from console.miit.mock.effects import Numbers, file_elsewhere
from console.miit.mock.gateway import MockGateway
from console.miit.mock.store import write
from console.rules.filing import Filing


class MockMinistry:
    """What the worker and the command line know the ministry by."""

    gateway: Gateway

    def __init__(self) -> None:
        self.gateway = MockGateway()

    def tick(self, now: datetime) -> bool:
        """Do what is due at the ministry; True means that there is more."""
        return clockwork.tick(now)

    def tidy(self, now: datetime) -> None:
        """Delete what no longer serves; now and then is enough."""
        clockwork.tidy(now)

    def file_elsewhere(self, filing: Filing) -> tuple[str, Numbers]:
        """Enter a filing into the register that was made through another provider.

        The entity's number, and the services' by position.
        """
        now = clock.now()
        return write(lambda session: file_elsewhere(session, filing, now))
