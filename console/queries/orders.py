"""Orders as the applicant's list and an order's page read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer

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


# What open pages ask for again and again is put together once: that is half of what it costs.
_WITHOUT_ANSWERS = select(Order).where(Order.id == bindparam("order")).options(defer(Order.content))
_VERIFIERS = (
    select(VerifierRow)
    .where(VerifierRow.order_id == bindparam("order"), VerifierRow.round == bindparam("round"))
    .order_by(VerifierRow.id)
)
_HISTORY = select(Event).where(Event.order_id == bindparam("order")).order_by(Event.id)


def by_id_without_answers(order_id: int) -> Order | None:
    """The order with this id; its content is decrypted only if somebody asks for it."""
    return db.session.scalars(_WITHOUT_ANSWERS, {"order": order_id}).one_or_none()


def verifiers_of(order: Order) -> Sequence[VerifierRow]:
    """The verifiers of the order's present round, in the order they were named."""
    return db.session.scalars(_VERIFIERS, {"order": order.id, "round": order.round}).all()


def history_of(order: Order) -> Sequence[Event]:
    """Everything that happened to the order, oldest first."""
    return db.session.scalars(_HISTORY, {"order": order.id}).all()


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
