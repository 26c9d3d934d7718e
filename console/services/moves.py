"""The one place where an order's state is assigned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, bindparam, insert, update

from console.errors import Changed
from console.extensions import db
from console.models import Event, Order
from console.rules.lifecycle import RETURNED_BY, Action, State, target
from console.rules.retention import ENDED_ORDER
from console.services.actors import Actor
from console.services.trail import whence

LAPSE_AFTER = timedelta(days=45)  # DOMAIN: a draft or returned order untouched for 45 days

# What a new round, and a draft that was taken back, forgets of the round before.
FRESH: dict[str, Any] = {
    "returned_by": None,
    "reasons": [],
    "return_note": None,
    "return_details": [],
    "deadline": None,
    "rulebook": None,
    "received_at": None,
    "cancel_at": None,
    "claimed_by_id": None,
    "claimed_at": None,
}


def move(
    orders: Sequence[Order],
    action: Action,
    actor: Actor,
    at: datetime | Mapping[int, datetime],
    values: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Move orders, all in one state, by one action: a guarded update and one event row for each.

    `at` is when it befell, for all or by order id. `values` are columns that change with the
    move, `data` goes into the events. Raises Changed when any of them is no longer as it was
    read, and the caller's transaction leaves nothing behind; NotAllowed for a wrong role.
    """
    if not orders:
        return
    source = State(orders[0].state)
    to = target(source, action, actor.role)
    moments = at if isinstance(at, Mapping) else {order.id: at for order in orders}
    rows = [
        {
            "order": order.id,
            "seen": order.revision,
            "since": moments[order.id],
            "due": _due(to, moments[order.id]),
        }
        for order in orders
    ]
    # Pending edits belong to the same transaction and must not be flushed after the guard.
    db.session.flush()
    update_ = _guarded(source, to, {**_returned_by(action), **(values or {})})
    result = db.session.connection().execute(update_, rows)
    if result.rowcount != len(rows):
        raise Changed()
    ids = [order.id for order in orders]  # asked before they expire: else each is read anew
    for order in orders:
        db.session.expire(order)
    record(ids, action.value, actor, moments, source, to, data)


def _guarded(source: State, to: State, values: Mapping[str, Any]) -> Update:
    """The update of one order for each row of parameters, if it is still as it was read."""
    table = Order.__table__
    return (
        update(table)  # type: ignore[arg-type]
        .where(
            table.c.id == bindparam("order"),
            table.c.state == source.value,
            table.c.revision == bindparam("seen"),
        )
        .values(
            {
                "state": to.value,
                "revision": table.c.revision + 1,
                "state_since": bindparam("since"),
                "touched_at": bindparam("since"),
                "due_at": bindparam("due"),
                **values,
            }
        )
    )


def _returned_by(action: Action) -> dict[str, str]:
    return {"returned_by": RETURNED_BY[action].value} if action in RETURNED_BY else {}


def _due(state: State, at: datetime) -> datetime | None:
    if state in (State.LAPSED, State.CANCELLED):
        return at + ENDED_ORDER  # then its answers are deleted (services.retention)
    return at + LAPSE_AFTER if state in (State.DRAFT, State.RETURNED) else None


def record(
    order_ids: Sequence[int],
    action: str,
    actor: Actor,
    at: Mapping[int, datetime],
    source: State | None = None,
    to: State | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one event for each order. `data` must hold no personal data in clear."""
    db.session.execute(
        insert(Event),
        [
            {
                "order_id": order_id,
                "at": at[order_id],
                "action": action,
                "from_state": source and source.value,
                "to_state": to and to.value,
                "actor": actor.role.value,
                "actor_id": actor.id,
                "data": {**whence(), **(data or {})},
            }
            for order_id in order_ids
        ],
    )


def touch(order: Order, at: datetime) -> None:
    """Note that what the order's pages show has changed without a move."""
    order.revision += 1
    order.touched_at = at
    order.due_at = _due(State(order.state), at)
