"""What polls read: whether anything changed, and what a leader's page shows while it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from console.models import Confirmation, Order, VerifierRow
from console.queries.around import Word
from console.queries.direct import Direct, Statement
from console.queries.orders import VerifierLine, columns
from console.queries.status import STANDING, Standing
from console.rules.lifecycle import State

KEPT = "polled"  # the name under which the app keeps it

OF_ORDER: tuple[InstrumentedAttribute[Any], ...] = (
    Order.id,
    Order.number,
    Order.type,
    Order.state,
    Order.revision,
    Order.round,
    Order.rulebook,
    Order.deadline,
    Order.returned_by,
    Order.reasons,
    Order.province,
    Order.label,
    Order.share_epoch,
)
_STATE = OF_ORDER.index(Order.state)
OF_VERIFIER = tuple(columns(VerifierRow, VerifierLine))
OF_WORD = tuple(columns(Confirmation, Word))
# By the order's id alone: with its state asked for as well, SQLite may walk through all of those.
OF_ONE = (
    select(*OF_ORDER, *OF_VERIFIER, *OF_WORD)
    .join(
        VerifierRow,
        and_(VerifierRow.order_id == Order.id, VerifierRow.round == Order.round),
    )
    .outerjoin(
        Confirmation,
        and_(
            Confirmation.order_id == Order.id,
            Confirmation.round == Order.round,
            Confirmation.key == VerifierRow.key,
        ),
    )
    .where(Order.id == bindparam("order_id"))
    .order_by(VerifierRow.id)
)


@dataclass(frozen=True)
class BeingVerified:
    """An order and its people, read only: they belong to no session, and hold no more than this."""

    order: Order
    verifiers: Sequence[VerifierLine]
    words: dict[str, Word]


class Polled:
    """The reads of polls, without a session and a transaction."""

    def __init__(self, direct: Direct) -> None:
        self._standing = Statement(direct, STANDING)
        self._of_one = Statement(direct, OF_ONE)

    def __call__(self, order_id: int, account_id: int | None) -> Standing | None:
        """As `status.standing`. Raises whatever the driver raises."""
        rows = self._standing(order_id=order_id, account_id=account_id)
        return Standing(*rows[0]) if rows else None

    def being_verified(self, order_id: int) -> BeingVerified | None:
        """What a leader's page shows of an order in verification; None in every other state.

        Before, pages show parts of the filing, and after, nothing hurries.
        """
        rows = self._of_one(order_id=order_id)
        if not rows or rows[0][_STATE] != State.VERIFYING.value:
            return None
        people, words = len(OF_ORDER), len(OF_ORDER) + len(OF_VERIFIER)
        found = [Word(*row[words:]) for row in rows if row[words]]
        return BeingVerified(
            _made(OF_ORDER, rows[0][:people]),
            [VerifierLine(*row[people:words]) for row in rows],
            {word.key: word for word in found},
        )


def _made(columns: Sequence[InstrumentedAttribute[Any]], row: Sequence[Any]) -> Any:
    """A row by its columns' names. To ask it for anything else is an error, and is not None."""
    return SimpleNamespace(**dict(zip((column.key for column in columns), row, strict=True)))
