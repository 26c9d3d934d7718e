"""What the leaders of an order's present round have said."""

from __future__ import annotations

from sqlalchemy import select

from console.extensions import db
from console.models import Confirmation, Order


def confirmations_of(order: Order) -> dict[str, Confirmation]:
    """The leaders' words in the present round by the verifier's key; who said nothing is not in."""
    rows = db.session.scalars(
        select(Confirmation).where(
            Confirmation.order_id == order.id, Confirmation.round == order.round
        )
    )
    return {row.key: row for row in rows}
