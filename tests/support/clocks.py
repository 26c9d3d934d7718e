"""Moving time: the clock's offset, without a file and without waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console import clock as console_clock


class Clock:
    """The console's clock in the test's hand."""

    def __init__(self) -> None:
        self._offset = timedelta()

    @property
    def now(self) -> datetime:
        """The moment the console takes for the present."""
        return console_clock.now()

    def move(self, **by: float) -> None:
        """Move on (or back) as `timedelta` takes it: `clock.move(hours=25)`."""
        self._offset += timedelta(**by)

    def set(self, moment: datetime) -> None:
        """Let it be this moment (aware)."""
        self._offset = moment - datetime.now(UTC)

    def offset(self) -> timedelta:
        """What is added to the machine's time."""
        return self._offset


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that starts at the present and goes where the test moves it."""
    moved = Clock()
    monkeypatch.setattr(console_clock, "_offset", moved.offset)
    return moved
