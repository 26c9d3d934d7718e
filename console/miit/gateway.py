"""What the console may ask of a ministry, as if it were far away, slow and unreliable.

Every request carries a key of ours: asking again with the same key has no second effect and gets
the first answer. What the ministry has to say comes as events, read after a cursor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from console.rules.filing import Entity, Filing, Person, Service


class TryLater(Exception):
    """The ministry did not answer, or could not: ask again with the same key."""


class GiveUp(Exception):
    """The ministry will never take this; `reason` is a reason code of the lifecycle."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AlreadyDone(Exception):
    """What was asked can no longer be, since the ministry has finished with the order."""


class EventKind(StrEnum):
    """What the ministry tells; `data` of the event is given after each name.

    Every event but the last four is about one verifier, named by `verifier` (its key).
    """

    CODE_SENT = "code-sent"  # sender, deadline (ISO), mobile_tail (last 4)
    CODE_RESENT = "code-resent"  # sender, resends_used, automatic (bool)
    ENTRY_FAILED = "entry-failed"  # tries_used
    VERIFIED = "verified"  # verified_at (ISO)
    ALL_VERIFIED = "all-verified"
    EXPIRED = "expired"  # fell_due (ISO)
    TRIES_USED_UP = "tries-used-up"  # verifier
    ACCEPTED = "accepted"  # entity_number, service_numbers {"<position>": number}
    RETURNED = "returned"  # reasons [code], note


@dataclass(frozen=True)
class Submission:
    """An order as it is handed over. `key` is ours, one for each round of the order."""

    key: str
    number: str
    filing: Filing


@dataclass(frozen=True)
class Receipt:
    """The ministry has the order since `received_at` (aware UTC) under its own `reference`.

    `book` is the rulebook in force on that day in China, None before a family's first.
    """

    reference: str
    received_at: datetime
    book: str | None


@dataclass(frozen=True)
class MinistryEvent:
    """`sequence` grows and is the cursor; the same event may come twice. `at` is when it befell."""

    sequence: int
    key: str
    kind: EventKind
    at: datetime
    verifier: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filed:
    """What the ministry's register holds under one ICP number."""

    entity: Entity
    entity_leader: Person
    services: Sequence[Service]


class Gateway(Protocol):
    """A ministry. Each request may raise TryLater."""

    def submit(self, submission: Submission) -> Receipt:
        """Hand an order over. Raises GiveUp when it will not be taken."""

    def withdraw(self, key: str) -> None:
        """Take back the order handed over with `key`. Raises AlreadyDone past verification.

        A key the ministry never received is withdrawn for good: handing it over later is refused.
        """

    def change_mobile(self, key: str, verifier: str, mobile: str) -> None:
        """Correct a verifier's mobile where the book allows it; a code goes to the new one.

        Raises GiveUp where the book does not, AlreadyDone when nothing is pending.
        """

    def look_up(self, icp_number: str) -> Filed | None:
        """What is filed under an entity's or a service's number; None when unknown."""

    def events(self, after: int, limit: int = 500) -> Sequence[MinistryEvent]:
        """What happened, in order, with sequences greater than `after`."""
