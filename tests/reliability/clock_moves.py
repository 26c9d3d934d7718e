"""The clock jumps while the console runs: no hang, no error page, and no code comes back to life.

python -m tests.reliability.clock_moves --orders 12
python -m tests.reliability.clock_moves --orders 4 --plant     # must fail
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.reliability.checking import opened_app, values
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.running import Client, Console
from tests.reliability.stage import Stage
from tests.security.kit import ANSWER, Portal, tail

MOVES = (("+25 h", 25 * 3600), ("-1 h", -3600), ("-3 d", -3 * 86400), ("+3 d", 3 * 86400))


def look(console: Console, stop: threading.Event, seen: Counter[int]) -> None:
    """Go on looking at pages and starting orders, whatever the time is."""
    client = Client(console)
    client.sign_in("owner@example.cn")
    while not stop.is_set():
        for path in ("/orders", "/", "/rulebooks", "/miit/verify", "/healthz", "/readyz"):
            seen[client.ask(path)[0]] += 1
        seen[client.post("/orders/new", type="first-filing", websites="1")[0]] += 1


def enter(console: Console, leaders: list[Any], codes: list[str]) -> Counter[str]:
    """Every leader enters the right code, and asks for another."""
    client, answers = Client(console), Counter[str]()
    client.refresh("/miit/verify")
    for who, code in zip(leaders, codes, strict=True):
        entry = {"mobile": who.mobile, "last_six": tail(who), "code": code}
        for page in ("verify", "resend"):
            status, _, text = client.post(f"/miit/{page}", **entry)
            found = ANSWER.search(text)
            answers[found[1] if found else str(status)] += 1
    return answers


def wait_for(console: Console, statement: str, wanted: str, seconds: float = 60) -> bool:
    """Whether a query comes to tell what is wanted."""
    end = time.monotonic() + seconds
    with opened_app(console) as app:
        while time.monotonic() < end:
            with app.app_context():
                if values(statement) == [wanted]:
                    return True
            time.sleep(0.3)
    return False


def run(console: Console, offset: Path, count: int) -> tuple[list[str], str]:
    """Move the clock, look and enter; the faults and the figure."""
    console.flask("db", "upgrade")
    with opened_app(console) as app:
        stage = Stage(app)
        leaders = stage.verifying(count)
        codes = [Portal(app).codes(who.mobile)[-1] for who in leaders]
    for part in ("web", "worker"):
        console.start(part)
    console.wait()
    faults, seen, stop, now = [], Counter[int](), threading.Event(), 0
    looking = threading.Thread(target=look, args=(console, stop, seen))
    looking.start()
    for name, by in MOVES:
        now += by
        offset.write_text(str(now))
        time.sleep(3)
        answers = enter(console, leaders, codes)
        good = answers["verified"] + answers["resent"] + answers["500"]
        faults += [f"after {name}: {dict(answers)}"] * bool(good)
        still = "SELECT count(*) FROM orders WHERE state = 'verifying'"
        if not wait_for(console, still, "0"):
            faults.append(f"after {name}: an order still waits for a code that is over")
    stop.set()
    looking.join(60)
    faults += ["the console hangs"] * looking.is_alive()
    faults += [f"{times} answers of {s}" for s, times in seen.items() if s >= 500]
    figure = f"{', '.join(name for name, _ in MOVES)} while running, {count} orders in verification"
    return faults, f"{figure}, {sum(seen.values())} other requests: {len(faults)} faults"


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, orders=12)
    module = "tests.reliability.faulty_worker"
    with a_console(chosen.database, f"{module}:app", module) as console:
        offset = Path(console.folder) / "offset"
        console.env["CLOCK_OFFSET_FILE"] = str(offset)
        console.env["PLANTED"] = "revived" if chosen.plant else ""
        faults, figure = run(console, offset, chosen.orders)
    return verdict(f"clock on {chosen.database}: {figure}", faults, chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
