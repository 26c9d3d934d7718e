"""What must be told outside: written with the move that causes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.extensions import db
from console.models import Delivery, Order

SUBMIT = "submit"
WITHDRAW = "withdraw"
CHANGE_MOBILE = "change-mobile"

DONE, GAVE_UP, ALREADY_DONE, TRY_LATER = "done", "gave-up", "already-done", "try-later"
ERROR = "error"  # a fault of ours
TOO_LATE = "too-late"  # nobody wants it any more


def post(order: Order, kind: str, at: datetime, payload: Any, suffix: str = "") -> Delivery:
    """Add a delivery to the caller's transaction; the worker sends it after commit."""
    delivery = Delivery(
        order_id=order.id,
        kind=kind,
        key=f"{kind}:{order.ministry_key}{suffix}",
        payload=payload,
        created_at=at,
        due_at=at,
    )
    db.session.add(delivery)
    return delivery


@dataclass(frozen=True)
class Leased:
    """A delivery this process sends now; nobody else does until the lease ends."""

    id: int
    kind: str
    key: str
    attempts: int
    payload: Any = None


def pending(order: Order, kind: str) -> Delivery | None:
    """The order's delivery of this kind in its present round that is not done yet."""
    return db.session.scalar(
        select(Delivery).where(
            Delivery.key.startswith(f"{kind}:{order.ministry_key}", autoescape=True),
            Delivery.order_id == order.id,
            Delivery.done_at.is_(None),
        )
    )
