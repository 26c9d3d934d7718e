"""Who still has to verify, for lists of orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from console.extensions import db
from console.models import Order, VerifierRow


@dataclass(frozen=True)
class Missing:
    """Someone who has not verified. `code_sent_at` None: no code was sent yet."""

    key: str
    code_sent_at: datetime | None
    tries_used: int


def missing_of(order_ids: Collection[int]) -> Mapping[int, Sequence[Missing]]:
    """Whose verification each of these orders waits for, in its present round."""
    if not order_ids:
        return {}
    row = VerifierRow
    query = (
        select(row.order_id, row.key, row.code_sent_at, row.tries_used)
        .join(Order, (Order.id == row.order_id) & (Order.round == row.round))
        .where(row.order_id.in_(order_ids), row.verified_at.is_(None), row.failed_at.is_(None))
        .order_by(row.id)
    )
    found: dict[int, list[Missing]] = {}
    for order_id, key, sent, tries in db.session.execute(query):
        found.setdefault(order_id, []).append(Missing(key, sent, tries))
    return found
