"""Browsers beside services in one test."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.extensions import db
from tests.support.lint import LintingClient


@pytest.fixture(autouse=True)
def _requests_have_a_context_of_their_own(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own context would be shared with the browsers, and with it who is signed in."""
    plain = LintingClient.open

    def opened(self: LintingClient, *args: Any, **kwargs: Any) -> TestResponse:
        with ctx.app_context():
            answer = plain(self, *args, **kwargs)
        db.session.rollback()  # what the test reads next is what the request left
        return answer

    monkeypatch.setattr(LintingClient, "open", opened)
