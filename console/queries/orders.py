"""Orders as the applicant's list and an order's page read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import defer

from console.extensions import db
from console.models import Event, Order, VerifierRow
from console.types import for_lists

ORDER = bindparam("order_id", type_=Integer)
ROUND = bindparam("round", type_=Integer)


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


@dataclass(frozen=True)
class VerifierLine:
    """One person who must verify in the present round, as far as the ministry has told us."""

    id: int
    key: str
    roles: str
    mobile: str
    certificate_type: str
    sender: str | None
    code_sent_at: datetime | None
    tries_used: int
    resends_used: int
    verified_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True)
class EventLine:
    """One thing that happened, as the trail holds it."""

    id: int
    at: datetime
    action: str
    from_state: str | None
    to_state: str | None
    actor: str
    actor_id: int | None
    data: dict[str, Any]


def columns(model: type[Any], line: type[Any]) -> list[Any]:
    """The columns of a table that a line holds, in its order."""
    return [for_lists(getattr(model, name)) for name in line.__dataclass_fields__]


VERIFIERS = select(*columns(VerifierRow, VerifierLine)).where(
    VerifierRow.order_id == ORDER, VerifierRow.round == ROUND
)
EVENTS = select(*columns(Event, EventLine)).where(Event.order_id == ORDER)


def by_number(number: str) -> Order | None:
    """The order with this number, whoever asks: the caller decides who may see it."""
    return db.session.scalar(select(Order).where(Order.number == number))


def by_id(order_id: int) -> Order | None:
    """The order with this id."""
    return db.session.get(Order, order_id)


# What open pages ask for again and again is put together once: that is half of what it costs.
_WITHOUT_ANSWERS = select(Order).where(Order.id == ORDER).options(defer(Order.content))


def by_id_without_answers(order_id: int) -> Order | None:
    """The order with this id; its content is decrypted only if somebody asks for it."""
    return db.session.scalars(_WITHOUT_ANSWERS, {"order_id": order_id}).one_or_none()


def verifiers_of(order: Order) -> Sequence[VerifierLine]:
    """The verifiers of the order's present round, in the order they were named."""
    query = VERIFIERS.order_by(VerifierRow.id)
    rows = db.session.execute(query, {"order_id": order.id, "round": order.round})
    return [VerifierLine(*row) for row in rows]


def history_of(order: Order) -> Sequence[EventLine]:
    """Everything that happened to the order, oldest first."""
    rows = db.session.execute(EVENTS.order_by(Event.id), {"order_id": order.id})
    return [EventLine(*row) for row in rows]


def reload(order: Order) -> Order:
    """The order as it is now, whatever was read before."""
    query = select(Order).where(Order.id == order.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()
