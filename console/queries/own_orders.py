"""The applicant's list: what runs out first on top, then what was touched last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, null, select, tuple_

from console.extensions import db
from console.models import Order
from console.queries.orders import ROW, OrderRow
from console.rules.lifecycle import State
from console.rules.notices import LAPSE_SOON

PAGE = 20
LYING = (State.DRAFT.value, State.RETURNED.value)


@dataclass(frozen=True)
class Place:
    """A line of the list: by when it ends where that presses, else when it was touched."""

    pressing: bool
    at: datetime
    id: int


@dataclass(frozen=True)
class OwnOrders:
    """Some lines, and after which one the next page begins, if there is one."""

    rows: Sequence[OrderRow]
    next: Place | None


def own_orders(
    account_id: int, now: datetime, after: Place | None = None, most: int = PAGE
) -> OwnOrders:
    """An applicant's orders, by keyset: those with a running deadline, the nearest first; the rest.

    What runs is the time to verify, a cancellation by itself, and a lapse within 7 days.
    """
    found: list[tuple[Place, OrderRow]] = []
    if after is None or after.pressing:
        found = _read(_pressing(account_id, now, after), True, most + 1)
    if len(found) <= most:
        rest = after if after and not after.pressing else None
        found += _read(_others(account_id, now, rest), False, most + 1 - len(found))
    rows = [row for _, row in found[:most]]
    return OwnOrders(rows, found[most - 1][0] if len(found) > most else None)


def _ends(now: datetime) -> Any:
    """The moment an order's present turn ends; null where nothing presses."""
    return case(
        (Order.state == State.VERIFYING.value, Order.deadline),
        (and_(Order.state == State.RETURNED.value, Order.cancel_at.is_not(None)), Order.cancel_at),
        (and_(Order.state.in_(LYING), Order.due_at <= now + LAPSE_SOON), Order.due_at),
        else_=null(),
    )


def _pressing(account_id: int, now: datetime, after: Place | None) -> Select[*tuple[Any, ...]]:
    ends = _ends(now)
    query = (
        select(*ROW, ends.label("place"))
        .where(
            Order.applicant_id == account_id,
            Order.state.in_((State.VERIFYING.value, *LYING)),
            ends.is_not(None),
        )
        .order_by(ends, Order.id)
    )
    return query.where(tuple_(ends, Order.id) > tuple_(after.at, after.id)) if after else query


def _others(account_id: int, now: datetime, after: Place | None) -> Select[*tuple[Any, ...]]:
    query = (
        select(*ROW, Order.touched_at.label("place"))
        .where(Order.applicant_id == account_id, _ends(now).is_(None))
        .order_by(Order.touched_at.desc(), Order.id.desc())
    )
    place = tuple_(Order.touched_at, Order.id)
    return query.where(place < tuple_(after.at, after.id)) if after else query


def _read(
    query: Select[*tuple[Any, ...]], pressing: bool, most: int
) -> list[tuple[Place, OrderRow]]:
    found = []
    for row in db.session.execute(query.limit(most)).mappings():
        values = dict(row)
        at = values.pop("place")
        found.append((Place(pressing, at, values["id"]), OrderRow(**values)))
    return found
