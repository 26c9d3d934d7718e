"""Orders as the applicant's list and an order's page read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from console.extensions import db
from console.models import Delivery, Event, Order, VerifierRow

PAGE = 20


@dataclass(frozen=True)
class OrderRow:
    """One line of a list."""

    id: int
    number: str
    type: str
    state: str
    label: str
    province: str
    deadline: datetime | None
    touched_at: datetime
    state_since: datetime
    returned_by: str | None
    due_at: datetime | None
    cancel_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Some lines, and the cursor of the next page when there is one."""

    rows: Sequence[OrderRow]
    next: tuple[datetime, int] | None


ROW = (
    Order.id,
    Order.number,
    Order.type,
    Order.state,
    Order.label,
    Order.province,
    Order.deadline,
    Order.touched_at,
    Order.state_since,
    Order.returned_by,
    Order.due_at,
    Order.cancel_at,
)


def own_orders(
    account_id: int, before: tuple[datetime, int] | None = None, limit: int = PAGE
) -> Page:
    """An applicant's orders, last touched first, by keyset."""
    query = (
        select(*ROW)
        .where(Order.applicant_id == account_id)
        .order_by(Order.touched_at.desc(), Order.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        at, order_id = before
        older = and_(Order.touched_at == at, Order.id < order_id)
        query = query.where(or_(Order.touched_at < at, older))
    rows = [OrderRow(**row) for row in db.session.execute(query).mappings()]
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, (rows[-1].touched_at, rows[-1].id) if more else None)


def by_number(number: str) -> Order | None:
    """The order with this number, whoever asks: the caller decides who may see it."""
    return db.session.scalar(select(Order).where(Order.number == number))


def by_id(order_id: int) -> Order | None:
    """The order with this id."""
    return db.session.get(Order, order_id)


def verifiers_of(order: Order) -> Sequence[VerifierRow]:
    """The verifiers of the order's present round, in the order they were named."""
    return db.session.scalars(
        select(VerifierRow)
        .where(VerifierRow.order_id == order.id, VerifierRow.round == order.round)
        .order_by(VerifierRow.id)
    ).all()


def history_of(order: Order) -> Sequence[Event]:
    """Everything that happened to the order, oldest first."""
    return db.session.scalars(
        select(Event).where(Event.order_id == order.id).order_by(Event.id)
    ).all()


def withdrawal_pending(order: Order) -> bool:
    """Whether the applicant's wish to withdraw still waits for the ministry's word."""
    waiting = select(Delivery.id).where(
        Delivery.order_id == order.id, Delivery.kind == "withdraw", Delivery.done_at.is_(None)
    )
    return db.session.scalar(waiting.limit(1)) is not None


def reload(order: Order) -> Order:
    """The order as it is now, whatever was read before."""
    query = select(Order).where(Order.id == order.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()
