"""How soon everything is as before: a restarted web server, a restarted worker, a ministry that
was away.

python -m tests.reliability.outage --orders 200 --seconds 60
python -m tests.reliability.outage --orders 20 --seconds 5 --plant     # must fail
"""

from __future__ import annotations

import statistics
import sys
import time

from tests.reliability.checking import opened_app, values
from tests.reliability.clock_moves import wait_for
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.running import Console
from tests.reliability.stage import Stage

FIRST_ANSWER, PICKS_UP, DRAINED = 3.0, 10.0, 60.0
OPEN = "SELECT count(*) FROM deliveries WHERE done_at IS NULL AND kind <> 'mail'"
TRIED = "SELECT count(*) FROM deliveries WHERE attempts = 0 AND kind <> 'mail'"


def took(console: Console, statement: str, wanted: str, most: float) -> float:
    """Seconds until a query tells what is wanted; `most` and more where it does not."""
    began = time.monotonic()
    wait_for(console, statement, wanted, most + 30)
    return time.monotonic() - began


def run(console: Console, count: int, seconds: int) -> tuple[list[str], str]:
    """The three times against what was promised."""
    console.flask("db", "upgrade")
    with opened_app(console) as app:
        Stage(app).approved(count)
    answers = []
    for _ in range(3):
        console.start("web")
        answers.append(console.wait())
        console.kill("web")
    console.flask("miit", "fault", "down", "on")
    console.start("worker")
    picks_up = took(console, TRIED, "0", PICKS_UP)
    console.kill("worker")
    console.start("worker")
    time.sleep(seconds)
    console.flask("miit", "fault", "down", "off")
    drained = took(console, OPEN, "0", DRAINED)
    first = statistics.median(answers)
    figure = (
        f"first answer after {first:.1f} s (promised {FIRST_ANSWER:.0f}); {count} "
        f"deliveries looked at in {picks_up:.1f} s ({PICKS_UP:.0f}); after {seconds} s without the "
        f"ministry all of them were handed over in {drained:.1f} s ({DRAINED:.0f})"
    )
    with opened_app(console):
        left = values("SELECT count(*) FROM orders WHERE state = 'approved'")
    late = [name for name, is_, most in (("web", first, FIRST_ANSWER),
                                         ("worker", picks_up, PICKS_UP + count / 50),
                                         ("backlog", drained, DRAINED)) if is_ > most]  # fmt: skip
    return [f"too late: {name}" for name in late] + [f"{n} left" for n in left if n != "0"], figure


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, orders=200, seconds=60)
    module = "tests.reliability.faulty_worker"
    with a_console(chosen.database, worker=module) as console:
        console.env["PLANTED"] = "sleepy" if chosen.plant else ""
        faults, figure = run(console, chosen.orders, chosen.seconds)
    return verdict(f"outage on {chosen.database}: {figure}", faults, chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
