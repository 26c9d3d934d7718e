"""What the review page reads besides the order: its rounds, its history with names, its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from console.extensions import db
from console.models import Account, Event, Note, Order, Round
from console.models.accounts import AccountRole, account_roles
from console.rules.filing import Filing, from_json
from console.rules.lifecycle import Role

MOST_ROUNDS = 8  # rounds that are looked back at
Past = Mapping[int, Filing]


@dataclass(frozen=True)
class NoteRow:
    """A colleague's note and whose it is (an address in clear: whoever shows it masks it)."""

    at: datetime
    email: str
    text: str


def rounds_of(order: Order) -> Past:
    """What was handed in, by round: the present one and some before it."""
    query = (
        select(Round.round, Round.content)
        .where(Round.order_id == order.id, Round.round > order.round - MOST_ROUNDS)
        .order_by(Round.round)
    )
    return {row.round: from_json(row.content) for row in db.session.execute(query)}


def history_with_names(order: Order) -> tuple[Sequence[Event], Mapping[int, str]]:
    """All that happened, oldest first, and the addresses of the reviewers who did it."""
    query = (
        select(Event, Account.email)
        .outerjoin(Account, (Account.id == Event.actor_id) & (Event.actor == Role.REVIEWER.value))
        .where(Event.order_id == order.id)
        .order_by(Event.id)
    )
    rows = db.session.execute(query).all()
    names = {event.actor_id or 0: email for event, email in rows if email is not None}
    return [event for event, _email in rows], names


def notes_of(order: Order) -> Sequence[NoteRow]:
    """The notes for colleagues, newest first."""
    query = (
        select(Note.at, Account.email, Note.text)
        .join(Account, Account.id == Note.author_id)
        .where(Note.order_id == order.id)
        .order_by(Note.id.desc())
    )
    return [NoteRow(*row) for row in db.session.execute(query)]


def colleagues_of(account_id: int, order: Order) -> Sequence[tuple[int, str]]:
    """Who else may take the order over: active reviewers who did not file it."""
    query = (
        select(Account.id, Account.email)
        .join(account_roles, account_roles.c.account_id == Account.id)
        .join(AccountRole, AccountRole.id == account_roles.c.role_id)
        .where(
            AccountRole.name == Role.REVIEWER.value,
            Account.active,
            Account.id.not_in((account_id, order.applicant_id)),
        )
        .order_by(Account.id)
    )
    return [(row.id, row.email) for row in db.session.execute(query)]


def language_of(account_id: int) -> str:
    """The language an account chose, empty where it chose none."""
    found = db.session.scalar(select(Account.language).where(Account.id == account_id))
    return found or ""
