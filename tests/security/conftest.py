"""A hostile tester's bench: orders in every state, browsers without manners, the portal."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from config import settings
from tests.security.kit import PRODUCTION, Portal
from tests.support.apps import make_app
from tests.web.pages import conftest as pages

# Orders in every state, driven through the real services and the mock ministry.
drive = pages.drive
draft = pages.draft
in_review = pages.in_review
handed_over = pages.handed_over
verifying = pages.verifying
with_administration = pages.with_administration
accepted = pages.accepted


@pytest.fixture
def portal(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """The ministry's portal from outside; its answers come at once."""
    monkeypatch.setattr("console.miit.mock.pages.STEP", 0.001)
    return Portal(app)


@pytest.fixture
def production(database_url: str, tmp_path: Path) -> Flask:
    """The console as it is served to people, on the test's database."""
    chosen = settings(PRODUCTION | {"DATABASE_URL": database_url})
    return make_app(database_url, tmp_path, **chosen)
