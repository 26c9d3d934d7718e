"""Driving an order through the real services and the mock ministry, for tests of what follows."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from console.models import Order
from console.queries.orders import by_number
from console.rules.filing import Filing, Person
from console.rules.masking import last_six
from console.services import drafts, review, starting, submission
from console.services.actors import Actor
from console.services.contents import filing_of
from console.worker import drain
from tests.support.clocks import Clock
from tests.support.people import People


def work(app: Flask, clock: Clock) -> None:
    """Do all that is due, then what the ministry sends a few seconds later.

    What a worker does every few minutes only is left out: `flask worker --once` would do it.
    """
    drain(app.extensions["ministry"], threading.Event())
    clock.move(seconds=10)
    drain(app.extensions["ministry"], threading.Event())


@dataclass
class Drive:
    """Everyone's hands at once: applicant, reviewer, leaders, administration, worker."""

    app: Flask
    clock: Clock
    applicant: Actor
    reviewer: Actor

    @property
    def ministry(self) -> Any:
        """The mock, with the doors it has for a rehearsal."""
        return self.app.extensions["ministry"]

    def order(self, number: str) -> Order:
        """The order as it stands now."""
        from console.extensions import db

        db.session.rollback()
        db.session.expire_all()
        order = by_number(number)
        assert order is not None
        return order

    def revision(self, number: str) -> int:
        """The order's revision, as a page would hold it."""
        return self.order(number).revision

    def work(self) -> None:
        """As `work`."""
        work(self.app, self.clock)

    def draft(self, filing: Filing) -> str:
        """A first filing, filled in."""
        number = starting.start(self.applicant, filing.type, [s.kind for s in filing.services])
        drafts.save_entity(
            self.applicant, number, self.revision(number), filing.entity, filing.entity_leader
        )
        return self.fill_services(number, filing)

    def fill_services(self, number: str, filing: Filing) -> str:
        """Fill in every service of an order."""
        for service in filing.services:
            drafts.save_service(self.applicant, number, self.revision(number), service)
        return number

    def submit(self, number: str) -> str:
        """Hand in."""
        submission.submit(self.applicant, number, self.revision(number), confirmed=True)
        return number

    def approve(self, number: str) -> str:
        """Hand in unless that is done, approve, and hand over."""
        if self.order(number).state in ("draft", "returned"):
            self.submit(number)
        review.claim(self.reviewer, number)
        review.approve(self.reviewer, number)
        self.work()
        return number

    def verify(self, *people: Person, right: bool = True) -> None:
        """Each enters the newest code texted to them, or a wrong one."""
        for person in people:
            tail = last_six(person.certificate_number)
            self.ministry.enter_code(person.mobile, tail, right)
        self.work()

    def verify_all(self, number: str) -> None:
        """Everyone who must verify does."""
        filing = filing_of(self.order(number))
        leaders = [filing.entity_leader, *(s.leader for s in filing.services)]
        by_mobile = {leader.mobile: leader for leader in leaders}
        from console.queries.orders import verifiers_of

        mobiles = [row.mobile for row in verifiers_of(self.order(number))]
        self.verify(*(by_mobile[mobile] for mobile in mobiles))

    def decide(self, number: str, reasons: Sequence[str] = (), note: str = "") -> Order:
        """The administration accepts, or returns with reasons."""
        self.ministry.decide(number, not reasons, reasons, note)
        self.work()
        return self.order(number)

    def accept(self, number: str) -> Order:
        """The whole way from a filled-in draft to an ICP number."""
        self.approve(number)
        if self.order(number).state == "verifying":
            self.verify_all(number)
        return self.decide(number)


@pytest.fixture
def drive(ctx: Flask, people: People, clock: Clock) -> Drive:
    """Hands of an applicant and a reviewer, inside the app's context."""
    return Drive(ctx, clock, people.owner.actor, people.reviewer.actor)
