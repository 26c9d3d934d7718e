"""A ministry in the test's hand, and shortcuts through an order's life by the real verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from console import clock
from console.extensions import db
from console.miit.gateway import EventKind, Filed, MinistryEvent, Receipt, Submission
from console.models import Delivery, Event, MinistryNews, Order, VerifierRow
from console.rules.filing import Filing
from console.services import drafts, handover, news, review, starting, submission
from console.services.actors import Actor
from tests.support.filings import valid_filing
from tests.support.people import People

BOOK = "aliyun-current"


class FakeMinistry:
    """Answers as told: `next_errors` are raised in turn, after the effect when `lost`."""

    def __init__(self) -> None:
        self.submitted: list[Submission] = []
        self.withdrawn: list[str] = []
        self.told: list[MinistryEvent] = []
        self.next_errors: list[Exception] = []
        self.lost: list[Exception] = []
        self.book: str | None = BOOK
        self.before_answer: Callable[[], None] = lambda: None

    def submit(self, submission: Submission) -> Receipt:
        """Keep it once for each key."""
        self._fail(self.next_errors)
        if submission.key not in {known.key for known in self.submitted}:
            self.submitted.append(submission)
        self.before_answer()
        self._fail(self.lost)
        return Receipt(f"M-{len(self.submitted)}", clock.now(), self.book)

    def withdraw(self, key: str) -> None:
        """Keep the key once."""
        self._fail(self.next_errors)
        if key not in self.withdrawn:
            self.withdrawn.append(key)
        self._fail(self.lost)

    def change_mobile(self, key: str, verifier: str, mobile: str) -> None:
        """Nothing to keep."""
        self._fail(self.next_errors)

    def look_up(self, icp_number: str) -> Filed | None:
        """Nothing is filed here."""
        return None

    def events(self, after: int, limit: int = 500) -> Sequence[MinistryEvent]:
        """What was told, as often as asked."""
        self._fail(self.next_errors)
        return [event for event in self.told if event.sequence > after][:limit]

    def _fail(self, errors: list[Exception]) -> None:
        if errors:
            raise errors.pop(0)

    def tell(
        self,
        order: Order,
        kind: EventKind,
        verifier: str | None = None,
        at: datetime | None = None,
        key: str | None = None,
        **data: Any,
    ) -> MinistryEvent:
        """Have something to tell about an order's present round."""
        event = MinistryEvent(
            len(self.told) + 1, key or order.ministry_key, kind, at or clock.now(), verifier, data
        )
        self.told.append(event)
        return event


class World:
    """Everyone, the ministry, and orders of all states."""

    def __init__(self, people: People, ministry: FakeMinistry) -> None:
        self.people, self.ministry = people, ministry
        self._count = 0

    @property
    def owner(self) -> Actor:
        """The applicant."""
        return self.people.owner.actor

    @property
    def reviewer(self) -> Actor:
        """The reviewer."""
        return self.people.reviewer.actor

    def order(self, number: str) -> Order:
        """The order as it is in the database now."""
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(select(Order).where(Order.number == number)).one()

    def draft(self, filing: Filing | None = None, actor: Actor | None = None) -> str:
        """A draft that is complete."""
        self._count += 1
        filing, actor = filing or valid_filing(self._count, two_people=True), actor or self.owner
        number = starting.start(actor, filing.type, [s.kind for s in filing.services])
        revision = drafts.save_entity(
            actor, number, self.order(number).revision, filing.entity, filing.entity_leader
        )
        for service in filing.services:
            revision = drafts.save_service(actor, number, revision, service)
        return number

    def in_review(self, **more: Any) -> str:
        """Handed in."""
        number = self.draft(**more)
        submission.submit(more.get("actor") or self.owner, number, confirmed=True)
        return number

    def approved(self, **more: Any) -> str:
        """Approved; the ministry does not know of it yet."""
        number = self.in_review(**more)
        review.claim(self.reviewer, number)
        review.approve(self.reviewer, number)
        return number

    def verifying(self, **more: Any) -> str:
        """Received by the ministry, which waits for two people."""
        number = self.approved(**more)
        assert handover.send(self.ministry) == handover.DONE
        return number

    def coded(self) -> str:
        """Verifying, with the code of the entity leader sent now."""
        number = self.verifying()
        deadline = (clock.now() + timedelta(hours=24)).isoformat()
        self.hear(number, EventKind.CODE_SENT, "entity-leader", sender="1", deadline=deadline)
        return number

    def deciding(self) -> str:
        """With the administration."""
        number = self.verifying()
        self.hear(number, EventKind.ALL_VERIFIED)
        return number

    def returned(self, *reasons: str) -> str:
        """Sent back by the reviewer."""
        number = self.in_review()
        review.claim(self.reviewer, number)
        review.return_(self.reviewer, number, reasons or ("phone",), "")
        return number

    def expired(self) -> str:
        """Returned, since nobody verified in time."""
        number = self.coded()
        self.hear(number, EventKind.EXPIRED, fell_due=clock.now().isoformat())
        return number

    def hear(
        self, number: str, kind: EventKind, verifier: str | None = None, **more: Any
    ) -> MinistryEvent:
        """Be told by the ministry, and apply it."""
        event = self.ministry.tell(self.order(number), kind, verifier, **more)
        news.collect(self.ministry)
        news.apply_due()
        return event

    def state(self, number: str) -> str:
        """Where the order stands."""
        return self.order(number).state

    def events(self, number: str) -> list[Event]:
        """The order's history."""
        return list(
            db.session.scalars(
                select(Event)
                .where(Event.order_id == self.order(number).id)
                .order_by(Event.id)
                .execution_options(populate_existing=True)
            )
        )

    def actions(self, number: str) -> list[str]:
        """What happened, by name."""
        return [event.action for event in self.events(number)]

    def deliveries(self, number: str) -> list[Delivery]:
        """What was to be told outside."""
        return list(
            db.session.scalars(
                select(Delivery)
                .where(Delivery.order_id == self.order(number).id)
                .order_by(Delivery.id)
                .execution_options(populate_existing=True)
            )
        )

    def verifier(self, number: str, key: str) -> VerifierRow:
        """One who must verify."""
        order = self.order(number)
        return db.session.scalars(
            select(VerifierRow).where(
                VerifierRow.order_id == order.id,
                VerifierRow.round == order.round,
                VerifierRow.key == key,
            )
        ).one()

    def kept_news(self) -> list[MinistryNews]:
        """What the ministry told, as it is kept."""
        db.session.rollback()
        return list(
            db.session.scalars(
                select(MinistryNews)
                .order_by(MinistryNews.sequence)
                .execution_options(populate_existing=True)
            )
        )
