"""The worker's sign of life, for `/readyz`, `/metrics` and the desk."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from sqlalchemy import delete

from console import clock
from console.extensions import db
from console.models import Beat
from console.transactions import verb

EVERY_SECONDS = 5.0
FORGOTTEN = timedelta(days=7)


class Heart:
    """Beats every few seconds, by the machine's own clock."""

    def __init__(self) -> None:
        self._last: float | None = None

    def beat(self, at_once: bool = False) -> bool:
        """Write the sign of life where it is time for one. Never more to do."""
        now = clock.machine_seconds()
        if not at_once and self._last is not None and 0 <= now - self._last < EVERY_SECONDS:
            return False
        self._last = now
        _beat(f"{socket.gethostname()[:100]}:{os.getpid()}")
        return False


@verb
def _beat(worker: str) -> None:
    now = clock.now()
    row = db.session.get(Beat, worker)
    if row is None:
        db.session.execute(delete(Beat).where(Beat.seen_at < now - FORGOTTEN))
        db.session.add(Beat(worker=worker, started_at=now, seen_at=now))
    else:
        row.seen_at = now
