"""P11: the spread of latencies when more is asked than can be answered."""

from __future__ import annotations

from statistics import median
from typing import Any

from tests.bench.load import Load, request
from tests.bench.overhttp import OPEN_PAGES, ORDERS, ROUNDS, THREADS, dealt
from tests.bench.places import cores, granian, pin
from tests.bench.stage import staged
from tests.bench.target import Room, found, spread_of

PAGES = 64


def measure(room: Room) -> dict[str, Any]:
    """p99 : p50 of unchanged polls from 64 pages that ask without a pause."""
    app_core, load_core = cores()
    stage = staged(room.folder, ORDERS)
    pin(load_core)
    log = room.folder / "server.log"
    with granian(
        "wsgi:app", stage.env, log, core=app_core, threads=THREADS, extra=OPEN_PAGES
    ) as server:
        asks = [request(stage.address(order), {"HX-PTag": "10-0"}) for order in stage.orders]
        load = Load(server.port, dealt(asks, PAGES), 304)
        load.flat_out(0.5)
        seen = [load.flat_out(room.seconds / 2 / ROUNDS) for _ in range(ROUNDS)]
        load.close()
    return found(
        median(one.quantile(0.99) / one.quantile(0.5) for one in seen),
        {
            "p50 ms": median(one.quantile(0.5) for one in seen) * 1000,
            "p99 ms": median(one.quantile(0.99) for one in seen) * 1000,
            "req/s": median(one.rate for one in seen),
        },
        spread=spread_of([one.quantile(0.5) for one in seen]),
        faults=[fault for one in seen for fault in one.faults][:3],
    )
