"""What lies around an order: who must verify, what happened, what the leaders said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select

from console.models import Confirmation, Delivery, Order, Reminder, Round, VerifierRow
from console.queries.orders import (
    EVENTS,
    ORDER,
    ROUND,
    VERIFIERS,
    EventLine,
    VerifierLine,
    columns,
)
from console.queries.together import Together
from console.rules.filing import Filing, from_json
from console.rules.lifecycle import State
from console.rules.notices import BY_HAND_EVERY
from console.types import UTCDateTime

# While the ministry does not have it, what was handed in says who will have to verify.
BEFORE_FORWARDING = (State.IN_REVIEW, State.APPROVED)
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Word:
    """What a leader said of their particulars in the present round."""

    key: str
    tries: int
    confirmed_at: datetime | None
    reported_at: datetime | None


@dataclass(frozen=True)
class Around:
    """All of it. `handed_in` is the present round's filing, before the ministry has the order.

    `reminded`: who was reminded at someone's wish within the last hour, by verifier's key.
    """

    verifiers: Sequence[VerifierLine]
    words: Mapping[str, Word]
    handed_in: Filing | None
    events: Sequence[EventLine] = ()
    withdrawing: bool = False
    reminded: Mapping[str, datetime] = field(default_factory=dict)


WORDS = select(*columns(Confirmation, Word)).where(
    Confirmation.order_id == ORDER, Confirmation.round == ROUND
)
_HANDED_IN = select(Round.round, Round.content).where(
    Round.order_id == ORDER, Round.round == bindparam("open_round", type_=Integer)
)
_WITHDRAWAL = select(Delivery.id).where(
    Delivery.order_id == ORDER, Delivery.kind == "withdraw", Delivery.done_at.is_(None)
)
_REMINDED = (
    select(VerifierRow.key, Reminder.at)
    .join(VerifierRow, VerifierRow.id == Reminder.verifier_id)
    .where(
        Reminder.order_id == ORDER,
        Reminder.kind == "by-hand",
        Reminder.at > bindparam("lately", type_=UTCDateTime),
        VerifierRow.round == ROUND,
    )
)
_FOR_LEADERS = Together(VERIFIERS, WORDS, _HANDED_IN)
_FOR_THE_PAGE = Together(VERIFIERS, WORDS, _HANDED_IN, EVENTS, _WITHDRAWAL, _REMINDED)


def around_for_leaders(order: Order) -> Around:
    """What a leader's page needs; one question."""
    return _around(*_FOR_LEADERS(**_place(order)))


def around(order: Order, now: datetime) -> Around:
    """What an order's page needs; one question."""
    lately = now - BY_HAND_EVERY
    *known, events, waiting, reminded = _FOR_THE_PAGE(**_place(order), lately=lately)
    seen = _around(*known)
    return replace(
        seen,
        events=[EventLine(*row) for row in events],
        withdrawing=bool(waiting),
        reminded={key: at for key, at in reminded},
    )


def _place(order: Order) -> dict[str, int]:
    open_round = order.round if State(order.state) in BEFORE_FORWARDING else 0
    return {"order_id": order.id, "round": order.round, "open_round": open_round}


def _around(verifiers: Rows, words: Rows, rounds: Rows) -> Around:
    return Around(
        verifiers=[VerifierLine(*row) for row in verifiers],
        words={row[0]: Word(*row) for row in words},
        handed_in=from_json(rounds[0][1]) if rounds else None,
    )
