"""What the leaders of an order's present round have said."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from console.extensions import db
from console.models import Confirmation, Order

_OF_ROUND = select(Confirmation).where(
    Confirmation.order_id == bindparam("order"), Confirmation.round == bindparam("round")
)


def confirmations_of(order: Order) -> dict[str, Confirmation]:
    """The leaders' words in the present round by the verifier's key; who said nothing is not in."""
    rows = db.session.scalars(_OF_ROUND, {"order": order.id, "round": order.round})
    return {row.key: row for row in rows}
