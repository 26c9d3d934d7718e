"""Putting on record that a list left the console as a file."""

from __future__ import annotations

from collections.abc import Mapping

from console import clock
from console.extensions import db
from console.models import Event
from console.transactions import verb


@verb
def note_export(by: int, what: str, kind: str, filters: Mapping[str, str]) -> None:
    """One row of the trail; `filters` hold codes of closed lists only, no personal data."""
    db.session.add(
        Event(
            at=clock.now(),
            action="export",
            actor="account",
            actor_id=by,
            data={"what": what, "format": kind, "filters": dict(filters)},
        )
    )
