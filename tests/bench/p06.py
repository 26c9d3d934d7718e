"""P6: many kept-alive pages that ask every ten seconds, on one core."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.load import Load, request
from tests.bench.overhttp import OPEN_PAGES, ORDERS, THREADS
from tests.bench.places import cores, granian, pin
from tests.bench.stage import staged
from tests.bench.target import Room, found

PAGES = 10_000
EVERY = 10.0  # seconds


def measure(room: Room) -> dict[str, Any]:
    """Errors, p99 from when each page was due to ask, and the share of the core that was used."""
    app_core, load_core = cores()
    stage = staged(room.folder, ORDERS)
    pin(load_core)
    asks = [request(stage.address(order), {"HX-PTag": "10-0"}) for order in stage.orders]
    with granian(
        "wsgi:app",
        stage.env,
        room.folder / "server.log",
        core=app_core,
        threads=THREADS,
        extra=OPEN_PAGES,
    ) as server:
        load = Load(server.port, [[asks[n % len(asks)]] for n in range(PAGES)], 304)
        used, began = server.processor_seconds(), time.monotonic()
        seen = load.paced(max(6.0, room.seconds * 0.6), EVERY, room.seed)
        used = (server.processor_seconds() - used) / (time.monotonic() - began)
        load.close()
    return found(
        {
            "pages": PAGES,
            "errors": len(seen.faults),
            "p99": seen.quantile(0.99) * 1000,
            "share of the core": used,
        },
        {"p50 ms": seen.quantile(0.5) * 1000, "polls/s": seen.rate},
        notes=[f"{fault}" for fault in sorted(set(seen.faults))[:3]],
    )
