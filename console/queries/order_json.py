"""An order as the command line prints it for other programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from console.models import Order
from console.queries.checklists import checklist_of
from console.queries.orders import EventLine, history_of
from console.rules.checklist import Row


def order_json(order: Order, now: datetime) -> dict[str, Any]:
    """Facts that hold no personal data. Of the history, the moves alone."""
    made = checklist_of(order, now)
    return {
        "number": order.number,
        "type": order.type,
        "state": order.state,
        "returned_by": order.returned_by,
        "reasons": list(order.reasons),
        "rulebook": order.rulebook,
        "deadline": _iso(order.deadline),
        "verifiers": [_verifier(row) for row in made.rows],
        "icp_numbers": list(order.icp_numbers),
        "events": [_move(event) for event in history_of(order) if event.to_state],
    }


def _verifier(row: Row) -> dict[str, Any]:
    return {
        "roles": list(row.roles),
        "state": row.state.value,
        "tries_left": row.tries_left,
        "resends_left": row.resends_left,
        "verified_at": _iso(row.verified_at),
    }


def _move(event: EventLine) -> dict[str, Any]:
    return {
        "at": _iso(event.at),
        "action": event.action,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
