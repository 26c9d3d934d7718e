"""Whom the orders of a list wait for: who still has to verify, and which reviewers have them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, select

from console.models import Account, Order, VerifierRow
from console.queries.together import Together
from console.types import for_lists


@dataclass(frozen=True)
class Missing:
    """Someone who has not verified. `code_sent_at` None: no code was sent yet."""

    key: str
    code_sent_at: datetime | None
    tries_used: int


Waiting = tuple[Mapping[int, Sequence[Missing]], Mapping[int, str]]

_MISSING = (
    select(
        VerifierRow.id,
        VerifierRow.order_id,
        VerifierRow.key,
        VerifierRow.code_sent_at,
        VerifierRow.tries_used,
    )
    .join(Order, (Order.id == VerifierRow.order_id) & (Order.round == VerifierRow.round))
    .where(
        VerifierRow.order_id.in_(bindparam("orders", type_=Integer, expanding=True)),
        VerifierRow.verified_at.is_(None),
        VerifierRow.failed_at.is_(None),
    )
)
_NAMES = select(Account.id, for_lists(Account.email)).where(
    Account.id.in_(bindparam("accounts", type_=Integer, expanding=True))
)
_BOTH = Together(_MISSING, _NAMES)


def waiting(order_ids: Collection[int], account_ids: Collection[int]) -> Waiting:
    """Whose verification each of these orders waits for in its present round, and the addresses of
    these accounts, in clear: whoever shows them masks them. One question, or none."""
    if not order_ids and not account_ids:
        return {}, {}
    missing, names = _BOTH(orders=order_ids, accounts=account_ids)
    found: dict[int, list[Missing]] = {}
    for _id, order_id, *one in missing:
        found.setdefault(order_id, []).append(Missing(*one))
    return found, {key: email for key, email in names}
