"""P12: what one web process weighs after many requests of all kinds, and how soon it answers."""

from __future__ import annotations

import socket
import time
from typing import Any

from tests.bench.load import Load, request
from tests.bench.overhttp import OPEN_PAGES, ORDERS, THREADS, dealt
from tests.bench.places import Server, cores, granian, pin
from tests.bench.stage import Stage, staged
from tests.bench.target import Room, found

REQUESTS, QUICK_REQUESTS = 100_000, 3_000
CHUNKS = 10
STARTS, QUICK_STARTS = 3, 1
PAGES = ("/", "/login", "/rulebooks", "/rulebooks/messages", "/no-such-page")


def measure(room: Room) -> dict[str, Any]:
    """Growth since the first tenth of the requests, and the quickest of a few starts."""
    app_core, load_core = cores()
    stage = staged(room.folder, ORDERS)
    pin(load_core)
    starts = [_start(stage, room, app_core) for _ in range(QUICK_STARTS if room.quick else STARTS)]
    many = QUICK_REQUESTS if room.quick else REQUESTS
    log = room.folder / "server.log"
    with granian(
        "wsgi:app", stage.env, log, core=app_core, threads=THREADS, extra=OPEN_PAGES
    ) as server:
        weights, faults = _weights(server, stage, many)
    return found(
        {"growth": weights[-1] / weights[0] - 1, "start": min(starts)},
        {
            "requests": many,
            "MB after a tenth": weights[0] / 1e6,
            "MB at the end": weights[-1] / 1e6,
        },
        faults=faults[:3],
        notes=[f"starts in seconds: {', '.join(f'{one:.2f}' for one in starts)}"],
    )


def _start(stage: Stage, room: Room, core: int) -> float:
    """From the start of the process to the whole of its first page."""
    began = time.monotonic()
    with granian(
        "wsgi:app", stage.env, room.folder / "start.log", core=core, threads=THREADS
    ) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
            link.sendall(request("/login", {"Connection": "close"}))
            answer = b""
            while got := link.recv(65536):
                answer += got
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:60].decode("latin-1"))
        return time.monotonic() - began


def _weights(server: Server, stage: Stage, many: int) -> tuple[list[int], list[str]]:
    """The resident memory after each tenth of the requests: seven of ten polls have nothing new."""
    addresses = [stage.address(order) for order in stage.orders]
    pages = [request(path) for path in PAGES[:-1]]
    leaders = [request(address.removesuffix("/checklist")) for address in addresses]
    loads = [
        (0.7, Load(server.port, dealt([request(a, {"HX-PTag": "10-0"}) for a in addresses]), 304)),
        (0.2, Load(server.port, dealt([request(a, {"HX-PTag": "1-0"}) for a in addresses]), 200)),
        (0.04, Load(server.port, dealt(leaders), 200)),
        (0.04, Load(server.port, [[page] for page in pages], 200)),
        (0.02, Load(server.port, [[request(PAGES[-1])]], 404)),
    ]
    weights, faults = [], []
    for _ in range(CHUNKS):
        for share, load in loads:
            faults += load.so_many(int(share * many / CHUNKS)).faults
        weights.append(server.resident_bytes())
    for _share, load in loads:
        load.close()
    return weights, faults
