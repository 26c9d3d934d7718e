"""What the tests of accounts share: mails that were queued, an authenticator app, the trail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from passlib.totp import TOTP

from console.extensions import db
from console.models import AccountLetter, Event
from console.outside.mail import Mail
from console.services.account_letters import send_next
from console.web.account_mail import draw
from tests.support.clocks import Clock
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People


class Post:
    """The mails about accounts, as the worker sends them."""

    failures = 0

    def __init__(self, app: Flask) -> None:
        self._app, self._sent = app, []  # type: ignore[var-annotated]

    def send(self, mail: Mail) -> str:
        self._sent.append(mail)
        return "sent"

    def resting(self, _now: object) -> bool:
        return False

    def rest(self, _until: object) -> None:
        self.failures += 1

    def come(self) -> list[Mail]:
        """Everything that was queued since the last time."""
        self._sent = []
        with self._app.app_context():
            while send_next(draw, self):
                pass
            db.session.remove()
        return self._sent

    def link(self) -> str:
        """The path in the one mail that came."""
        (mail,) = self.come()
        found = re.search(r"https?://[^/\s]+(/\S*)", mail.text)
        assert found
        return found[1]

    def rows(self) -> int:
        """How many were queued, those to nobody included."""
        with self._app.app_context():
            return db.session.query(AccountLetter).count()


@pytest.fixture
def post(app: Flask) -> Post:
    """The mails."""
    return Post(app)


class Phone:
    """An authenticator app on the console's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.key = clock, ""

    def scan(self, page: str) -> None:
        found = re.search(r"data-totp-key>([A-Z2-7 ]+)<", page)
        assert found
        self.key = found[1].replace(" ", "")

    def code(self, steps: int = 0) -> str:
        at = self._clock.now.timestamp() + 30 * steps
        return str(TOTP(key=self.key).generate(time=at).token)


@pytest.fixture
def phone(clock: Clock) -> Phone:
    """The phone."""
    return Phone(clock)


@pytest.fixture
def enrol(phone: Phone, clock: Clock) -> Callable[[LintingClient], list[str]]:
    """Set up the second factor in a browser that is signed in; the recovery codes."""

    def do(client: LintingClient) -> list[str]:
        phone.scan(client.get("/account/second-factor").text)
        answer = client.submit(
            "/account/second-factor", {"code": phone.code(), "password": PASSWORD}
        )
        codes = re.findall(r"<code>([a-z0-9-]{14})</code>", answer.text)
        clock.move(seconds=60)
        return codes

    return do


def actions(people: People) -> list[str]:
    """What the trail says, oldest first."""
    with people.app.app_context():
        return [row.action for row in db.session.query(Event.action).order_by(Event.id)]
