"""Orders brought to where a round begins, in this process and at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import Engine, event

from console.extensions import db
from console.rules.lifecycle import Role
from console.services import drafts, review, starting, submission
from console.services.accounts import create_account
from console.services.actors import Actor
from console.worker import drain
from tests.reliability.program import a_console
from tests.support.apps import make_app
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD


class Stage:
    """An app with an applicant, two reviewers, and orders numbered from 1."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        hashed = hash_password(PASSWORD)
        made = {name: create_account(f"{name}@example.cn", hashed, (role,)).id
                for name, role in (("owner", "applicant"), ("reviewer", "reviewer"),
                                   ("second", "reviewer"))}  # fmt: skip
        self.owner = Actor(Role.APPLICANT, made["owner"])
        self.judge = Actor(Role.REVIEWER, made["reviewer"])

    def in_review(self, n: int) -> str:
        """The number of an order that was handed in."""
        with self.app.app_context():
            return self._in_review(n)

    def _in_review(self, n: int) -> str:
        filing = valid_filing(n)
        number = starting.start(self.owner, filing.type, [s.kind for s in filing.services])
        revision = drafts.save_entity(self.owner, number, 2, filing.entity, filing.entity_leader)
        drafts.save_service(self.owner, number, revision, filing.services[0])
        submission.submit(self.owner, number)
        return number

    def approved(self, count: int) -> None:
        """So many orders that wait to be handed over."""
        with self.app.app_context():
            for n in range(1, count + 1):
                number = self._in_review(n)
                review.claim(self.judge, number)
                review.approve(self.judge, number)

    def verifying(self, count: int) -> list[Any]:
        """The leaders of so many orders that have their codes."""
        self.approved(count)
        with self.app.app_context():
            for _ in range(2):
                drain(self.app.extensions["ministry"], threading.Event(), once=True)
        return [valid_filing(n).entity_leader for n in range(1, count + 1)]


@contextmanager
def a_stage(database: str = "sqlite") -> Iterator[Stage]:
    """An app of its own on an empty database, with nobody counting how often someone comes."""
    with a_console(database) as console:
        url = console.database_url.replace("postgresql://", "postgresql+psycopg://")
        app = make_app(url, Path(console.folder), RATELIMIT_ENABLED=False)
        with app.app_context():
            db.create_all()
            stage = Stage(app)
        yield stage
        with app.app_context():
            db.engine.dispose()


def without(guard: str) -> None:
    """Plant a fault: leave a condition out of every statement from here on."""

    def rewrite(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> Any:
        return statement.replace(guard, "1 = 1"), parameters

    event.listen(Engine, "before_cursor_execute", rewrite, retval=True)
