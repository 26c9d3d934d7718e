"""What was told: notices and mails, read as a person would get them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from console.extensions import db
from console.models import Delivery, Notice, Order
from console.outside.mail import SENT, Mail
from console.services.letters import Letter
from console.web.mail_view import draw
from console.worker import drain
from tests.support.driving import Drive


def run_worker(drive: Drive) -> None:
    """Everything that is due now, without moving the clock."""
    drain(drive.ministry, threading.Event(), once=True)


def notices(account_id: int, number: str | None = None) -> list[str]:
    """The kinds of the notices of a person, oldest first."""
    db.session.rollback()
    query = select(Notice.kind).where(Notice.account_id == account_id).order_by(Notice.id)
    if number is not None:
        query = query.join(Order).where(Order.number == number)
    return list(db.session.scalars(query))


def deliveries() -> list[Delivery]:
    """The outbox's mails, oldest first."""
    db.session.rollback()
    query = select(Delivery).where(Delivery.kind == "mail").order_by(Delivery.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def letters(to: str | None = None) -> list[Letter]:
    """What the mails are about, of one receiver or all."""
    found = [Letter.of(row.payload) for row in deliveries()]
    return [letter for letter in found if to in (None, letter.to)]


def kinds(to: str) -> list[str]:
    """The kinds of the mails to one receiver."""
    return [letter.kind for letter in letters(to)]


def worded(row: Delivery) -> Mail:
    """The mail as it goes out."""
    order = db.session.get_one(Order, row.order_id)
    return draw(Letter.of(row.payload), order, row.key)


@dataclass
class Postbox:
    """A mail server in the test's hand: `errors` are raised in turn."""

    errors: list[Exception] = field(default_factory=list)
    got: list[Mail] = field(default_factory=list)
    until: datetime | None = None
    failures: int = 0

    def send(self, mail: Mail) -> str:
        """Take it, or fail as told."""
        if self.errors:
            raise self.errors.pop(0)
        self.failures = 0
        self.got.append(mail)
        return SENT

    def resting(self, now: datetime) -> bool:
        """As the real one."""
        return self.until is not None and now < self.until

    def rest(self, until: datetime) -> None:
        """As the real one."""
        self.failures += 1
        self.until = until
