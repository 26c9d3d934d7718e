"""The world that tests of services play in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from console import clock as console_clock
from tests.services.world import FakeMinistry, World
from tests.support.people import People


class Still:
    """The console's clock, standing until it is moved: moments can be told to the microsecond."""

    moment = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)

    def move(self, **by: float) -> datetime:
        """Let time pass; the moment it is then."""
        self.moment += timedelta(**by)
        return self.moment


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Still:
    """A clock that stands still."""
    standing = Still()
    monkeypatch.setattr(console_clock, "now", lambda: standing.moment)
    return standing


@pytest.fixture
def world(ctx: Flask, people: People) -> World:
    """An empty database with people and a ministry in the test's hand."""
    return World(people, FakeMinistry())
