"""What reviewers must not overlook, on top of every queue: in one question, whatever is filed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, literal, select, union_all

from console.models import Delivery, Order
from console.models.orders import BEING_VERIFIED
from console.queries.review import COLUMNS, QUEUES, QueueRow
from console.queries.together import Together
from console.rules.lifecycle import State
from console.types import UTCDateTime

MOST_COUNTED = 100  # exact totals would cost more than the page
FEW = 8  # how many orders each strip shows
AT_RISK = timedelta(hours=6)  # a code that has this long to live is at risk
STUCK = timedelta(hours=1)  # what is to be told outside and was not for so long is stuck


@dataclass(frozen=True)
class Overlooked:
    """How many orders are in each queue, how many are at risk and how many deliveries stuck, none
    counted further than `MOST_COUNTED`; and of the orders that press the first few: in the
    reviewer's hands, come back to them, about to expire."""

    counts: Mapping[str, int]
    hand: Sequence[QueueRow]
    back: Sequence[QueueRow]
    risk: Sequence[QueueRow]


def stuck(before: ColumnElement[datetime] | datetime) -> tuple[ColumnElement[bool], ...]:
    """Not told outside, by whatever fault or stopped by hand, though it is older than that."""
    return Delivery.done_at.is_(None), Delivery.created_at <= before


_RISKY = BEING_VERIFIED, Order.deadline <= bindparam("risky", type_=UTCDateTime)
_REVIEWER = bindparam("reviewer", type_=Integer)
_IN_REVIEW = Order.state == State.IN_REVIEW.value
# In the order of an index: unsorted, PostgreSQL may read on from the oldest until it has enough.
_COUNTED = {
    **{
        state.value: select(Order.id).where(Order.state == state.value).order_by(Order.state_since)
        for state in QUEUES
    },
    "at-risk": select(Order.id).where(*_RISKY).order_by(Order.deadline),
    "stuck": select(Delivery.id)
    .where(*stuck(bindparam("stuck", type_=UTCDateTime)))
    .order_by(Delivery.done_at, Delivery.due_at),
}
# Each strip with what it is sorted by.
_STRIPS: Mapping[str, tuple[tuple[Any, ...], Any]] = {
    "hand": ((_IN_REVIEW, Order.claimed_by_id == _REVIEWER), Order.id),
    "back": ((_IN_REVIEW, Order.reviewer_id == _REVIEWER), Order.state_since),
    "risk": (_RISKY, Order.deadline),
}
READS = Together(
    union_all(
        *(
            select(literal(name).label("name"), func.count().label("total")).select_from(
                query.limit(MOST_COUNTED).subquery()
            )
            for name, query in _COUNTED.items()
        )
    ),
    *(
        select(*COLUMNS).where(*where).order_by(by, Order.id).limit(FEW)
        for where, by in _STRIPS.values()
    ),
)


def overlooked(reviewer_id: int, now: datetime) -> Overlooked:
    """What a reviewer must see now, whichever list they read."""
    counts, *strips = READS(reviewer=reviewer_id, risky=now + AT_RISK, stuck=now - STUCK)
    hand, back, risk = ([QueueRow(*row) for row in rows] for rows in strips)
    return Overlooked(
        counts={name: total for name, total in counts},
        hand=hand,
        back=sorted(back, key=lambda row: (row.state_since, row.id)),
        risk=sorted(risk, key=lambda row: (row.deadline, row.id)),
    )
