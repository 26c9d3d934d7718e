"""Mails to be sent: rows of the outbox, written with what they are about, worded when sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.models import Delivery, Order
from console.queries.due import MAIL
from console.rules.filing import Person
from console.rules.verifiers import leader_of_service
from console.services.contents import filing_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What a mail tells to whom. `language` "": not known, so it is said in both.

    `only_in`: it is still worth sending only while the order is in one of these states, in this
    round, before `until` (ISO 8601), and while `verifier` has not verified.
    """

    to: str
    language: str
    kind: str
    number: str
    data: dict[str, Any] = field(default_factory=dict)
    verifier: str = ""
    round: int = 0
    only_in: tuple[str, ...] = ()
    until: str = ""

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Letter:
        """The letter that `queue` kept."""
        return cls(**{**payload, "only_in": tuple(payload["only_in"])})


def worded(write: Callable[[], Letter]) -> Letter | None:
    """The letter; None, and a line in the log, where what it takes cannot be read.

    Many are told in one go: nobody goes without their mail for that.
    """
    try:
        return write()
    except (KeyMissing, DataDamaged):
        log.exception("a mail cannot be written")
        return None


def queue(letters: Sequence[tuple[str, Order, Letter | None]], at: datetime) -> None:
    """Put letters into the outbox, each under a key; one whose key is there is there already."""
    insert_once(
        Delivery.__table__,  # type: ignore[arg-type]
        [
            {
                "order_id": order.id,
                "kind": MAIL,
                "key": f"{MAIL}:{key}",
                "payload": asdict(letter),
                "created_at": at,
                "due_at": at,
                "attempts": 0,
            }
            for key, order, letter in letters
            if letter and letter.to
        ],
    )


def once(table: Table) -> Insert:
    """An insert that leaves alone what is there under the same key."""
    if db.session.connection().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_once(table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; those that are there under the same key stay as they are."""
    if rows:
        db.session.connection().execute(once(table), list(rows))


def leader(order: Order, verifier: str) -> Person:
    """The person behind a verifier's key in the order as it stands."""
    filing = filing_of(order)
    position = verifier.rpartition("-")[2]
    for service in filing.services:
        if position.isdigit() and service.position == int(position):
            return leader_of_service(filing, service)
    return filing.entity_leader
