"""Orders in every state, and what must never be on a page."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from console.extensions import db
from console.miit.mock.store import Fault, switch, write
from console.models import Order
from console.rules.filing import Filing, Person
from console.services import review
from tests.support.clocks import Clock
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People


class Hands:
    """A `Drive` whose every move has a context of its own.

    A context that stays open would be shared with the browsers' requests, and with it who is
    signed in.
    """

    def __init__(self, drive: Drive) -> None:
        self._drive = drive

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._drive, name)
        return (lambda *a, **k: self.do(found, *a, **k)) if inspect.ismethod(found) else found

    def do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call anything that needs the app."""
        with self._drive.app.app_context():
            return verb(*args, **kwargs)

    def fault(self, fault: Fault) -> None:
        """Let the ministry misbehave."""
        now = self._drive.clock.now
        self.do(write, lambda session: switch(session, fault, True, now))


@pytest.fixture
def drive(app: Flask, people: People, clock: Clock) -> Hands:
    """Hands of an applicant and a reviewer."""
    return Hands(Drive(app, clock, people.owner.actor, people.reviewer.actor))


@dataclass
class Stage:
    """One order and the hands that move it."""

    drive: Any
    number: str
    filing: Filing

    @property
    def order(self) -> Order:
        """The order as it is now."""
        return self.drive.order(self.number)

    @property
    def leader(self) -> Person:
        """The entity leader."""
        return self.filing.entity_leader

    @property
    def owner(self) -> Person:
        """The website leader."""
        return self.filing.services[0].leader

    @property
    def secrets(self) -> list[str]:
        """What no page but the owner's own forms may show in full."""
        people = [self.leader, self.owner]
        fields = ("name", "certificate_number", "mobile", "emergency_phone", "email")
        return [getattr(person, field) for person in people for field in fields]


@pytest.fixture
def draft(drive: Hands) -> Stage:
    """A filled-in draft with two leaders."""
    filing = valid_filing(1, two_people=True)
    return Stage(drive, drive.draft(filing), filing)


@pytest.fixture
def in_review(draft: Stage) -> Stage:
    """Submitted."""
    draft.drive.submit(draft.number)
    return draft


@pytest.fixture
def handed_over(in_review: Stage) -> Stage:
    """Approved, and nobody has worked since."""
    in_review.drive.do(review.claim, in_review.drive.reviewer, in_review.number)
    in_review.drive.do(review.approve, in_review.drive.reviewer, in_review.number)
    return in_review


@pytest.fixture
def waiting_for_code(handed_over: Stage) -> Stage:
    """With the ministry, which has not told of the codes yet."""
    handed_over.drive.fault(Fault.LAGGING_ANSWERS)
    handed_over.drive.work()
    return handed_over


@pytest.fixture
def verifying(handed_over: Stage) -> Stage:
    """Both have their codes."""
    handed_over.drive.work()
    assert handed_over.order.state == "verifying"
    return handed_over


@pytest.fixture
def expired(verifying: Stage) -> Stage:
    """Nobody verified in time, and the ministry said so."""
    verifying.drive.clock.move(hours=25)
    verifying.drive.work()
    assert verifying.order.state == "returned"
    return verifying


@pytest.fixture
def with_administration(verifying: Stage) -> Stage:
    """Everyone has verified."""
    verifying.drive.verify_all(verifying.number)
    assert verifying.order.state == "administration-review"
    return verifying


@pytest.fixture
def accepted(with_administration: Stage) -> Stage:
    """In the register."""
    with_administration.drive.decide(with_administration.number)
    assert with_administration.order.state == "accepted"
    return with_administration


def returned_by_reviewer(stage: Stage, reasons: Sequence[str], note: str = "") -> None:
    """Let the reviewer send an order in review back."""
    stage.drive.do(review.claim, stage.drive.reviewer, stage.number)
    stage.drive.do(review.return_, stage.drive.reviewer, stage.number, reasons, note)


def change(stage: Stage, **values: Any) -> None:
    """Set columns of the order behind everyone's back."""

    def write_them() -> None:
        db.session.execute(update(Order).where(Order.number == stage.number).values(**values))
        db.session.commit()

    stage.drive.do(write_them)
