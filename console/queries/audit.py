"""The audit trail as administrators search it, and who the staff are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_

from console.extensions import db
from console.models import Account, Event, Order
from console.models.accounts import AccountRole, account_roles
from console.queries.orders import EventLine, columns
from console.queries.review import Cursor
from console.types import for_lists

PAGE = 50


@dataclass(frozen=True)
class Looked:
    """What of the trail is asked for."""

    number: str = ""
    actor_id: int | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class TrailRow(EventLine):
    """One event. `email` is the person's address in clear: whoever shows it may mask it."""

    number: str | None
    email: str | None


def trail(looked: Looked, before: Cursor | None = None) -> tuple[Sequence[TrailRow], Cursor | None]:
    """A page of the trail, newest first, and the cursor of the next."""
    query = _query(looked)
    if before is not None:
        query = query.where(tuple_(Event.at, Event.id) < tuple_(*before))
    rows = [TrailRow(**row) for row in db.session.execute(query.limit(PAGE + 1)).mappings()]
    more = len(rows) > PAGE
    return rows[:PAGE], (rows[PAGE - 1].at, rows[PAGE - 1].id) if more else None


def whole_trail(looked: Looked, limit: int) -> Iterable[TrailRow]:
    """All of it, read as it goes."""
    query = _query(looked).limit(limit).execution_options(yield_per=500)
    for row in db.session.execute(query).mappings():
        yield TrailRow(**row)


def _query(looked: Looked) -> Select[Any]:
    query = (
        select(
            *columns(Event, EventLine),
            Order.number,
            for_lists(Account.email),
        )
        .outerjoin(Order, Order.id == Event.order_id)
        .outerjoin(Account, Account.id == Event.actor_id)
        .order_by(Event.at.desc(), Event.id.desc())
    )
    if looked.number:
        order = select(Order.id).where(Order.number == looked.number).scalar_subquery()
        query = query.where(Event.order_id == order)
    if looked.actor_id is not None:
        query = query.where(Event.actor_id == looked.actor_id)
    if looked.action:
        query = query.where(Event.action == looked.action)
    if looked.since is not None:
        query = query.where(Event.at >= looked.since)
    if looked.until is not None:
        query = query.where(Event.at < looked.until)
    return query


@dataclass(frozen=True)
class StaffRow:
    """Someone of the staff."""

    id: int
    email: str
    active: bool
    roles: tuple[str, ...]
    created_at: datetime


def staff() -> Sequence[StaffRow]:
    """Everyone who has, besides or instead of an applicant's, a role of the staff."""
    query = (
        select(
            Account.id,
            for_lists(Account.email),
            Account.active,
            Account.created_at,
            AccountRole.name,
        )
        .join(account_roles, account_roles.c.account_id == Account.id)
        .join(AccountRole, AccountRole.id == account_roles.c.role_id)
        .order_by(Account.id, AccountRole.name)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query.where(AccountRole.name != "applicant")):
        found.setdefault(row.id, []).append(row)
    return [
        StaffRow(
            key, rows[0].email, rows[0].active, tuple(r.name for r in rows), rows[0].created_at
        )
        for key, rows in found.items()
    ]
