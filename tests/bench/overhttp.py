"""Polls over HTTP, side by side with Django's on the same server, core and settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from tests.bench.load import Load, Seen, request
from tests.bench.places import cores, granian, pin
from tests.bench.stage import staged
from tests.bench.target import Room, found, spread_of

# As the Procfile says.
THREADS = 2
OPEN_PAGES = ("--backpressure", "20000", "--backlog", "4096")
PAGES = 8
ORDERS = 200
ROUNDS = 5


@contextmanager
def both(room: Room, tags: tuple[str, str], due: int) -> Iterator[tuple[Load, Load]]:
    """Pages on our server and on the peer's; `tags` are the versions they show, ours first."""
    app_core, load_core = cores()
    stage = staged(room.folder, ORDERS)
    os.environ["PEER_DATABASE"] = str(room.folder / "peer.sqlite3")
    from tests.bench.peer.app import stage as peer_staged

    numbers, cookie = peer_staged(ORDERS)
    pin(load_core)
    here = {"core": app_core, "threads": THREADS, "extra": OPEN_PAGES}
    log = room.folder / "servers.log"
    with (
        granian("wsgi:app", stage.env, log, **here) as ours,
        granian("tests.bench.peer.app:application", dict(os.environ), log, **here) as theirs,
    ):
        asks = [request(stage.address(order), {"HX-PTag": tags[0]}) for order in stage.orders]
        peer_headers = {"HX-PTag": tags[1], "Cookie": cookie}
        peers = [request(f"/orders/{number}/checklist", peer_headers) for number in numbers]
        loads = Load(ours.port, dealt(asks), due), Load(theirs.port, dealt(peers), due)
        yield loads
        for load in loads:
            load.close()


def dealt(asks: list[bytes], pages: int = PAGES) -> list[list[bytes]]:
    """So many open pages, each asking for other orders in turn."""
    return [asks[n::pages] for n in range(pages)]


def against_django(room: Room, tags: tuple[str, str], due: int) -> dict[str, Any]:
    """How many times the peer's polls a second ours are."""
    share, ours, theirs, faults = [], [], [], []
    with both(room, tags, due) as (here, there):
        each = room.seconds / 2 / ROUNDS / 2
        for load in (here, there):
            load.flat_out(each / 2)  # warm
        for _ in range(ROUNDS):
            seen, peer = here.flat_out(each), there.flat_out(each)
            faults += seen.faults + [f"Django: {fault}" for fault in peer.faults]
            share.append(seen.rate / peer.rate)
            ours.append(seen.rate)
            theirs.append(peer.rate)
    return found(
        median(share),
        {"ours req/s": median(ours), "Django req/s": median(theirs)},
        spread=spread_of(theirs),
        faults=faults[:3],
    )


def latencies(seen: Seen) -> dict[str, float]:
    """In milliseconds."""
    return {"p50 ms": seen.quantile(0.5) * 1000, "p99 ms": seen.quantile(0.99) * 1000}
