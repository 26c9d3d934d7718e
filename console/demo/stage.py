"""The stage: a clock that runs through the past weeks, and everyone's hands at the services."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from flask import Flask

from console import clock
from console.miit.gateway import Gateway
from console.queries.orders import by_number
from console.rules.filing import Filing, FilingType, Person
from console.rules.masking import last_six
from console.services import drafts, review, starting, submission
from console.services.actors import Actor
from console.worker import drain


class Ministry(Protocol):
    """The ministry as the demo drives it: with the hands of its leaders and administration."""

    @property
    def gateway(self) -> Gateway: ...

    def tick(self, now: Any) -> bool: ...

    def enter_code(self, mobile: str, last_six: str, right: bool = True) -> None: ...

    def decide(self, number: str, accept: bool, reasons: Sequence[str], note: str) -> None: ...

    def file_elsewhere(self, filing: Filing) -> Any: ...


@dataclass
class Stage:
    """Who plays, and the clock: `offset` is the file that the console's clock reads."""

    ministry: Ministry
    applicant: Actor
    second: Actor
    reviewer: Actor
    offset: Path
    present: datetime
    before: float

    def go(self, **ago: float) -> None:
        """Let it be so long ago, and let everything happen that fell due until then."""
        moment = self.present - timedelta(**ago)
        seconds = self.before + (moment - self.present).total_seconds()
        self.offset.write_text(str(seconds), encoding="ascii")
        self.work()

    def work(self) -> None:
        """Let worker and ministry do everything that is due."""
        drain(self.ministry, threading.Event(), once=True)

    def draft(self, filing: Filing, actor: Actor | None = None) -> str:
        """Start a first filing and fill it in; give the order's number."""
        actor = actor or self.applicant
        number = starting.start(actor, filing.type, [s.kind for s in filing.services])
        return self.fill(number, filing, actor)

    def fill(self, number: str, filing: Filing, actor: Actor | None = None) -> str:
        """Fill an order in from a filing: the entity where it is new, and every service."""
        actor = actor or self.applicant
        revision = _revision(number)
        if filing.type is FilingType.FIRST_FILING:
            revision = drafts.save_entity(
                actor, number, revision, filing.entity, filing.entity_leader
            )
        for service in filing.services:
            revision = drafts.save_service(actor, number, revision, service)
        return number

    def submitted(self, filing: Filing, actor: Actor | None = None) -> str:
        """As `draft`, and handed in."""
        number = self.draft(filing, actor)
        submission.submit(actor or self.applicant, number)
        return number

    def approve(self, number: str, hand_over: bool = True) -> None:
        """Claim an order and approve it; the ministry has it then, and its codes are sent."""
        review.claim(self.reviewer, number)
        review.approve(self.reviewer, number)
        if hand_over:
            self.work()

    def approved(self, filing: Filing, actor: Actor | None = None) -> str:
        """As `submitted`, and approved."""
        number = self.submitted(filing, actor)
        self.approve(number)
        return number

    def send_back(self, number: str, reasons: Sequence[str], note: str = "") -> None:
        """Claim an order and return it to its applicant."""
        review.claim(self.reviewer, number)
        review.return_(self.reviewer, number, reasons, note)

    def verify(self, *people: Person) -> None:
        """Each enters the code they were texted."""
        for who in people:
            self.ministry.enter_code(who.mobile, last_six(who.certificate_number))
        self.work()

    def fail(self, who: Person, times: int) -> None:
        """Someone enters what is not right, so many times."""
        for _ in range(times):
            self.ministry.enter_code(who.mobile, last_six(who.certificate_number), right=False)
        self.work()

    def decide(self, number: str, reasons: Sequence[str] = (), note: str = "") -> None:
        """The administration accepts, or returns with reasons."""
        self.ministry.decide(number, not reasons, reasons, note)
        self.work()


def _revision(number: str) -> int:
    order = by_number(number)
    assert order is not None
    return order.revision


@contextmanager
def stage(app: Flask, applicant: Actor, second: Actor, reviewer: Actor) -> Iterator[Stage]:
    """A stage at the present; clock and pace are as they were afterwards."""
    pace, offset_file = app.config["MIIT_PACE"], app.config.get("CLOCK_OFFSET_FILE")
    present = clock.now()
    with TemporaryDirectory() as folder:
        offset = Path(folder) / "offset"
        before = _seconds(offset_file)
        offset.write_text(str(before), encoding="ascii")
        clock.set_offset_file(str(offset))
        app.config["MIIT_PACE"] = "quick"
        ministry: Ministry = app.extensions["ministry"]
        try:
            yield Stage(ministry, applicant, second, reviewer, offset, present, before)
        finally:
            clock.set_offset_file(offset_file)
            app.config["MIIT_PACE"] = pace


def _seconds(offset_file: str | None) -> float:
    if offset_file is None or not Path(offset_file).exists():
        return 0.0
    return float(Path(offset_file).read_text(encoding="ascii").strip() or 0)
