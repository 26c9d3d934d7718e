"""Many requests of every kind by many people at once: no fault, and memory that stays.

python -m tests.reliability.soak --requests 10000 --clients 20
python -m tests.reliability.soak --requests 600 --plant     # must fail
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter

import psutil

from tests.reliability.checking import prepare
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.running import Client, Console

GROWTH_MB = 60  # what the second half may add to what the first half needed


class Visitor:
    """Someone who looks at everything, mistypes, and now and then starts an order."""

    def __init__(self, console: Console, cookies: Client, numbers: list[str]) -> None:
        self.client, self.numbers = Client(console), numbers
        self.client.share(cookies)

    def step(self) -> int:
        """One request; its status."""
        number = random.choice(self.numbers)
        pages = ("/", "/orders", f"/orders/{number}", f"/orders/{number}/edit/entity",
                 f"/orders/{number}/edit/check", f"/orders/{number}/checklist", "/orders/new",
                 "/rulebooks", "/review", "/miit/verify", "/status/none", "/nothing", "/healthz",
                 f"/orders/{number}?lang=zh", "/orders?state=draft", "/readyz")  # fmt: skip
        forms = ((f"/orders/{number}/edit/entity", {"entity-name": "x" * random.randrange(300)}),
                 ("/orders/new", {"type": "first-filing", "websites": str(random.randrange(4))}),
                 ("/miit/resend", {"mobile": "13800000000", "last_six": "000000"}),
                 (f"/orders/{number}/submit", {}), (f"/review/{number}/claim", {}))  # fmt: skip
        if random.random() < 0.8:
            return self.client.ask(random.choice(pages))[0]
        path, form = random.choice(forms)
        return self.client.post(path, **form)[0]


def memory(console: Console) -> float:
    """Resident memory of the web server with its children, in MB."""
    web = psutil.Process(console.running["web"].pid)
    return sum(p.memory_info().rss for p in (web, *web.children(True))) / 1e6


def soak(console: Console, requests: int, clients: int, numbers: list[str]) -> Counter[int]:
    """So many requests by so many at once; how often which status came."""
    cookies = []
    for name in ("owner", "reviewer"):
        cookies.append(Client(console))
        cookies[-1].sign_in(f"{name}@example.cn")
    seen: Counter[int] = Counter()

    def visit(n: int) -> None:
        visitor = Visitor(console, cookies[n % 2], numbers)
        for _ in range(requests // clients):
            try:
                seen[visitor.step()] += 1
            except OSError:
                seen[0] += 1

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, requests=10_000, clients=20)
    target = "tests.reliability.planted:wears_out" if chosen.plant else "wsgi:app"
    with a_console(chosen.database, target) as console:
        numbers = prepare(console, 20)
        for part in ("web", "worker"):
            console.start(part)
        console.wait()
        began = time.monotonic()
        seen = soak(console, chosen.requests // 2, chosen.clients, numbers)
        first = memory(console)
        seen += soak(console, chosen.requests // 2, chosen.clients, numbers)
        grown, took = memory(console) - first, time.monotonic() - began
    errors = sum(times for status, times in seen.items() if status >= 500 or not status)
    faults = [f"{errors} server errors: {dict(seen)}"] * bool(errors)
    faults += [f"memory grew by {grown:.0f} MB"] * (grown > GROWTH_MB)
    figure = (
        f"soak on {chosen.database}: {sum(seen.values())} requests by {chosen.clients} clients in "
        f"{took:.0f} s, {errors} server errors; memory {first:.0f} MB, then {grown:+.0f} MB"
    )
    return verdict(figure, faults, chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
