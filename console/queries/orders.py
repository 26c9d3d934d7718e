"""Orders as the applicant's list and an order's page read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from console.extensions import db
from console.models import Delivery, Event, Order, VerifierRow


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
