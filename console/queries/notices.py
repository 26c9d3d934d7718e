"""A person's notices, their number, and the outbox of mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from console.extensions import db
from console.models import Account, Delivery, Notice, NoticeChoice, Order, Reminder, VerifierRow
from console.queries.due import MAIL
from console.rules.notices import BY_HAND_EVERY

PAGE = 20
MOST_COUNTED = 100  # the bell says "99+" from here on


@dataclass(frozen=True)
class NoticeRow:
    """A notice with what its order is called."""

    id: int
    kind: str
    data: dict[str, Any]
    at: datetime
    read_at: datetime | None
    number: str
    label: str


def unread(account_id: int) -> int:
    """How many notices a person has not read, counted up to `MOST_COUNTED`."""
    return db.session.scalar(select(unread_of(account_id))) or 0


def unread_of(account_id: int | InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """The same as a part of another statement; the id may be its `Account.id`."""
    few = (
        select(Notice.id)
        .where(Notice.account_id == account_id, Notice.read_at.is_(None))
        .limit(MOST_COUNTED)
        .correlate(Account)
        .subquery()
    )
    return select(func.count()).select_from(few).scalar_subquery()


def notices_of(
    account_id: int, before: int | None = None, limit: int = PAGE
) -> tuple[list[NoticeRow], bool]:
    """A person's notices, newest first, those before an id; and whether there are older ones."""
    query = (
        select(
            Notice.id,
            Notice.kind,
            Notice.data,
            Notice.at,
            Notice.read_at,
            Order.number,
            Order.label,
        )
        .join(Order, Order.id == Notice.order_id)
        .where(Notice.account_id == account_id)
        .order_by(Notice.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(Notice.id < before)
    rows = [NoticeRow(**row) for row in db.session.execute(query).mappings()]
    return rows[:limit], len(rows) > limit


def choices_of(account_id: int) -> dict[str, tuple[bool, bool]]:
    """What a person chose, by kind: told in the console, told by mail."""
    rows = db.session.scalars(select(NoticeChoice).where(NoticeChoice.account_id == account_id))
    return {row.kind: (row.console, row.mail) for row in rows}


def number_of_order(order_id: int) -> str:
    """An order's number."""
    return db.session.scalars(select(Order.number).where(Order.id == order_id)).one()


def reminded_by_hand(order: Order, now: datetime) -> dict[str, datetime]:
    """Who was reminded at someone's wish within the last hour, by verifier's key, and when."""
    rows = db.session.execute(
        select(VerifierRow.key, Reminder.at)
        .join(VerifierRow, VerifierRow.id == Reminder.verifier_id)
        .where(
            Reminder.order_id == order.id,
            Reminder.kind == "by-hand",
            Reminder.at > now - BY_HAND_EVERY,
            VerifierRow.round == order.round,
        )
    )
    return {key: at for key, at in rows}


def verifier_of(order_id: int, round_: int, key: str) -> VerifierRow:
    """A verifier of a round, which may be over."""
    return db.session.scalars(
        select(VerifierRow).where(
            VerifierRow.order_id == order_id, VerifierRow.round == round_, VerifierRow.key == key
        )
    ).one()


def mails(before: int | None = None, limit: int = PAGE) -> tuple[Sequence[Delivery], bool]:
    """The outbox's mails, newest first; and whether there are older ones."""
    query = (
        select(Delivery).where(Delivery.kind == MAIL).order_by(Delivery.id.desc()).limit(limit + 1)
    )
    if before is not None:
        query = query.where(Delivery.id < before)
    rows = db.session.scalars(query).all()  # each is decrypted when it is drawn
    return rows[:limit], len(rows) > limit
