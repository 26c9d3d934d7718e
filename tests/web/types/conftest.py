"""An office for each test, and a portal that does not take its time."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.clocks import Clock
from tests.support.people import People
from tests.web.types.office import Office


@pytest.fixture
def office(app: Flask, people: People, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Everyone's pages. The portal answers at once, not after the time it pads every answer to."""
    monkeypatch.setattr("console.miit.mock.pages.STEP", 0.001)
    return Office(app, people, clock)
