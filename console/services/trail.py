"""What goes into the trail besides moves: from where someone acts, and what was refused to them.

CSL 21(3) and MLPS want it known who did what, when and from where. The address is told by the door
(`acting_from`); what no request causes, the worker's and the command line's doings, has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, UOWTransaction

from console import clock
from console.extensions import db
from console.models.ledger import Event
from console.models.orders import Order
from console.transactions import verb

LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL docs, appendix A

_address: ContextVar[str] = ContextVar("address", default="")


def acting_from(address: str) -> None:
    """Say from where what follows in this request is asked; "" for nowhere."""
    _address.set(address)


def whence() -> dict[str, str]:
    """What an event says about where it was asked from."""
    address = _address.get()
    return {"address": address} if address else {}


@event.listens_for(Session, "before_flush")
def _add_address(session: Session, _context: UOWTransaction, _instances: Sequence[Any]) -> None:
    for row in session.new:
        if isinstance(row, Event):
            row.data = {**whence(), **(row.data or {})}


def complete() -> bool:
    """Wait until nobody writes events, and keep them out until the transaction ends: below the
    highest that is there none can appear any more.

    On PostgreSQL, where a row may be committed after one with a higher id. False where that takes
    long (an index is built, a writer hangs): all other writers would wait behind us.
    """
    session = db.session()
    if session.connection().dialect.name != "postgresql":
        return True
    try:
        with session.begin_nested():
            session.execute(text("SET LOCAL lock_timeout = '500ms'"))
            session.execute(text("LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE"))
            session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


@verb
def note_refusal(action: str, account_id: int | None, number: str = "", **more: str) -> None:
    """One row for something that was refused: a sign-in, a page that asks for another role, or an
    order that is someone else's.

    `account_id` is whose account it was about; None where there is no such account. The order of
    this number is named where there is one; its history, for its own people, does not tell of it.
    """
    for known in db.session.scalars(select(Order.number).where(Order.number == number)):
        more["order"] = known
    db.session.add(
        Event(
            at=clock.now(),
            action=action,
            actor="account" if account_id else "stranger",
            actor_id=account_id,
            data={"account": account_id, **more},
        )
    )
