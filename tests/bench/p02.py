"""P2: a poll that has nothing new, in-process, on a PostgreSQL that has a core of its own."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.inprocess import share_of_bare
from tests.bench.p01 import unchanged
from tests.bench.places import cores, pin, postgres
from tests.bench.stage import staged
from tests.bench.target import Room


def measure(room: Room) -> dict[str, Any]:
    """Bare Flask's wall time as a share of the poll's: the wait for PostgreSQL counts."""
    app_core, other_core = cores()
    with postgres(room.folder, other_core) as url:
        pin(app_core)
        stage = staged(room.folder, 200, url)
        return share_of_bare(
            stage.app, unchanged(stage), "304", room.seconds / 2, time.perf_counter
        )
