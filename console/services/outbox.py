"""What must be told outside: written with the move that causes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from console.extensions import db
from console.models import Delivery, Order

SUBMIT = "submit"
WITHDRAW = "withdraw"
CHANGE_MOBILE = "change-mobile"


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
