"""P10: how soon an open page shows what a leader did at the ministry's portal."""

from __future__ import annotations

import random
import socket
import sys
import time
from statistics import median
from typing import Any

from console import clock
from console.queries.orders import by_number
from console.rules.filing import Person
from console.rules.masking import last_six
from console.services.contents import filing_of
from console.web.live_view import SOON
from tests.bench.load import request
from tests.bench.overhttp import THREADS
from tests.bench.places import granian, process
from tests.bench.stage import Stage, staged
from tests.bench.target import Room, found

GIVE_UP = 20.0  # seconds
CHANGES, QUICK_CHANGES = 2, 1  # of two leaders each, of one in a quick run
AHEAD = 60  # seconds the clock is ahead for all, so that the staged codes have arrived


def measure(room: Room) -> dict[str, Any]:
    """The longest and the usual time, with a worker and a page that asks as its markup says."""
    times, faults = [], []
    for n in range(QUICK_CHANGES if room.quick else CHANGES):
        folder = room.folder / str(n)
        folder.mkdir()
        for seen in _both_leaders(Room(folder, room.seconds, room.quick, n)):
            times.append(seen)
            if seen >= GIVE_UP:
                faults.append("the page never showed it")
    return found(max(times), {"usual s": median(times), "changes": len(times)}, faults=faults)


def _both_leaders(room: Room) -> list[float]:
    stage = staged(room.folder, 1)
    offset = room.folder / "offset"
    offset.write_text(str(AHEAD), "ascii")
    clock.set_offset_file(str(offset))
    env = stage.env | {"CLOCK_OFFSET_FILE": str(offset)}
    log, chance = room.folder / "log", random.Random(room.seed)
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with granian("wsgi:app", env, log, threads=THREADS) as server, process(worker, env, log):
        page = Page(server.port, stage)
        times = []
        for person in _leaders(stage)[: 1 if room.quick else 2]:
            page.rest(SOON * chance.random() + 1)  # the change comes at any moment of the pause
            _verify(stage, person)
            times.append(page.seconds_until_news())
    return times


def _leaders(stage: Stage) -> list[Person]:
    with stage.app.app_context():
        order = by_number(stage.number)
        assert order is not None
        filing = filing_of(order)
    return [filing.entity_leader, filing.services[0].leader]


def _verify(stage: Stage, person: Person) -> None:
    with stage.app.app_context():
        tail = last_six(person.certificate_number)
        stage.app.extensions["ministry"].enter_code(person.mobile, tail)


class Page:
    """The applicant's open page: asks every `SOON` seconds, and goes on from what it got."""

    def __init__(self, port: int, stage: Stage) -> None:
        self._port, self._stage = port, stage
        self._tag = stage.version(stage.orders[0])
        self._path = stage.address(stage.orders[0], leader=False)
        self._next = time.monotonic()

    def rest(self, seconds: float) -> None:
        """Be open for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._poll()

    def seconds_until_news(self) -> float:
        """How long it takes until an answer shows one more who has verified."""
        began = time.monotonic()
        while time.monotonic() < began + GIVE_UP:
            if self._poll():
                return time.monotonic() - began
        return GIVE_UP

    def _poll(self) -> bool:
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + SOON
        head, _, body = self._asked().partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 304"):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head[:60].decode("latin-1"))
        lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        self._tag = lines[b"hx-ptag"].decode("ascii")
        return b'data-state="verified"' in body or b'data-state="administration-review"' in body

    def _asked(self) -> bytes:
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as link:
            link.sendall(request(self._path, {"HX-PTag": self._tag, "Connection": "close"}))
            answer = b""
            while got := link.recv(65536):
                answer += got
        return answer
