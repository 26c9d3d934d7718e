"""What is measured on: orders that wait for their leaders, and the addresses their pages poll."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from config import new_key, settings
from console import clock as console_clock
from console import create_app
from console.extensions import db
from console.models import Account, Event, Order, VerifierRow
from console.web.tokens import APPLICANT, Viewer, make_token
from tests.support.apps import QUICK
from tests.support.clocks import Clock
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.lint import LintingClient
from tests.support.people import People

KEYS = ("SECRET_KEY", "ENCRYPTION_KEYS", "DIGEST_KEY")


@dataclass(frozen=True)
class Stage:
    """`env` is what another process needs for the same console. `orders`: ids, all verifying."""

    app: Flask
    env: dict[str, str]
    orders: list[int]
    number: str
    people: People
    share_epoch: int
    account_epoch: int

    def token(self, order: int, leader: bool = True) -> str:
        """What a page of the order polls with: its leader's, or its applicant's."""
        with self.app.app_context():
            if leader:
                viewer = Viewer(order, "entity-leader", "en", self.share_epoch)
            else:
                viewer = Viewer(order, APPLICANT, "en", self.account_epoch, self.people.owner.id)
            return make_token(viewer, console_clock.now())

    def address(self, order: int, leader: bool = True) -> str:
        """The path that is polled."""
        return f"/status/{self.token(order, leader)}/checklist"

    def version(self, order: int) -> str:
        """The version of the order's page."""
        with self.app.app_context():
            revision = db.session.scalar(select(Order.revision).where(Order.id == order))
            db.session.remove()
        return f"{revision}-0"

    def change(self, order: int) -> None:
        """Raise the order's revision, as any write that its page shows does."""
        with self.app.app_context():
            raised = update(Order).where(Order.id == order).values(revision=Order.revision + 1)
            db.session.execute(raised)
            db.session.commit()


def environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """The settings of a console of this run's own, the keys in this process's environment."""
    for name in KEYS:
        os.environ.setdefault(name, new_key())
    return {
        **{name: os.environ[name] for name in KEYS},
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'console.sqlite3'}",
        "MATERIALS_URL": (folder / "materials").as_uri(),
        "APP_ENV": "development",
    }


def staged(folder: Path, orders: int = 200, database_url: str = "") -> Stage:
    """A console with so many orders in verification, each with two leaders who wait."""
    env = environment(folder, database_url)
    app = create_app(settings(env) | QUICK)
    app.test_client_class = LintingClient
    people = People(app)
    with _clock() as clock, app.app_context():
        db.create_all()
        drive = Drive(app, clock, people.owner.actor, people.reviewer.actor)
        number = drive.approve(drive.draft(valid_filing(1, two_people=True)))
        order = drive.order(number)
        if order.state != "verifying":
            raise RuntimeError(f"the order is {order.state}")
        ids = [order.id, *copies(order.id, orders - 1)]
        epochs = order.share_epoch, db.session.get_one(Account, people.owner.id).epoch
        db.session.remove()
    app.config["TESTING"] = False
    return Stage(app, env, ids, number, people, *epochs)


@contextmanager
def _clock() -> Iterator[Clock]:
    moved, before = Clock(), console_clock._offset
    console_clock._offset = moved.offset
    try:
        yield moved
    finally:
        console_clock._offset = before


def copies(order: int, count: int) -> list[int]:
    """The order again and again, with its verifiers and its history, after all there is; the ids.

    On PostgreSQL no order can be made after that: its own numbers go on from where they were.
    """
    number = 90_000_000
    newest: int = db.session.scalars(select(func.max(Order.id))).one()
    ids = range(newest + 1, newest + 1 + count)
    first: dict[str, Any] = dict(
        db.session.execute(select(Order.__table__).where(Order.id == order)).mappings().one()
    )
    rows = [first | {"id": n, "number": f"20261101-{number + n:08d}"} for n in ids]
    if rows:
        db.session.execute(insert(Order.__table__), rows)
    for table in (VerifierRow.__table__, Event.__table__):
        originals = db.session.execute(select(table).where(table.c.order_id == order)).mappings()
        copied = [
            {k: v for k, v in row.items() if k != "id"} | {"order_id": n}
            for row in originals
            for n in ids
        ]
        if copied:
            db.session.execute(insert(table), copied)
    db.session.commit()
    return list(ids)
