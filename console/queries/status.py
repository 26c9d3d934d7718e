"""What a status link is checked against, in one indexed look-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select

from console.extensions import db
from console.models import Account, Order

# Bound by name, so that polls can send the same statement through the driver (`polled`).
STANDING = (
    select(Order.revision, Order.deadline, Order.share_epoch, Account.epoch)
    .outerjoin(Account, and_(Account.id == bindparam("account_id"), Account.active))
    .where(Order.id == bindparam("order_id"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The order's version and the epochs a token must still carry to be good."""

    revision: int
    deadline: datetime | None
    share_epoch: int
    account_epoch: int | None

    def version(self, now: datetime) -> str:
        """The fragment's version: the revision, and whether the deadline has passed."""
        return _version(self.revision, self.deadline, now)


def version_of(order: Order, now: datetime) -> str:
    """The version of an order that is already loaded."""
    return _version(order.revision, order.deadline, now)


def _version(revision: int, deadline: datetime | None, now: datetime) -> str:
    passed = deadline is not None and deadline <= now
    return f"{revision}-{int(passed)}"


def standing(order_id: int, account_id: int | None) -> Standing | None:
    """The order's standing for a viewer (None: a leader, who has no account)."""
    found = {"order_id": order_id, "account_id": account_id}
    row = db.session.execute(STANDING, found).one_or_none()
    return Standing(*row) if row else None
