"""The world that tests of services play in."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.services.world import FakeMinistry, World
from tests.support.people import People


@pytest.fixture
def world(ctx: Flask, people: People) -> World:
    """An empty database with people and a ministry in the test's hand."""
    return World(people, FakeMinistry())
