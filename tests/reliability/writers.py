"""Fifty writers at once for half a minute: nobody gets a fault, and nothing is lost.

python -m tests.reliability.writers --seconds 30 --writers 50
python -m tests.reliability.writers --seconds 5 --plant     # must fail: writers that read first
"""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.reliability.checking import opened_app, prepare, values
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.running import Client, Console


def write(
    console: Console, cookies: Client, end: float, seen: Counter[int], kept: set[str]
) -> None:
    """Start orders, one after the other, in a session that is shared."""
    client = Client(console)
    client.share(cookies)
    while time.monotonic() < end:
        key = secrets.token_hex(16)
        try:
            status, location, _ = client.post(
                "/orders/new", key=key, type="first-filing", websites="1"
            )
        except OSError:
            status, location = 0, ""
        seen[status] += 1
        if status == 303:
            kept.add(location.split("/")[2])


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, seconds=30, writers=50)
    target = "tests.reliability.planted:reads_first" if chosen.plant else "wsgi:app"
    with a_console(chosen.database, target) as console:
        prepare(console, 1)
        console.start("web")
        console.wait()
        cookies = Client(console)
        cookies.sign_in("owner@example.cn")
        seen, kept = Counter[int](), set[str]()
        end = time.monotonic() + chosen.seconds
        work = (console, cookies, end, seen, kept)
        threads = [threading.Thread(target=write, args=work) for _ in range(chosen.writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        console.stop_all()
        log = (Path(console.folder) / "web.log").read_text(errors="replace")
        with opened_app(console):
            lost = kept - set(values("SELECT number FROM orders"))
    faults = [f"{times} answers of {status}" for status, times in seen.items() if status != 303]
    faults += ["database is locked, says the log"] * ("database is locked" in log)
    faults += [f"lost: {number}" for number in lost]
    figure = (
        f"{chosen.writers} writers for {chosen.seconds} s on {chosen.database}: "
        f"{seen[303]} orders, {len(lost)} lost, {sum(seen.values()) - seen[303]} other answers"
    )
    return verdict(figure, faults, chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
