"""kill -9 on web and workers at random moments, under load: nothing acknowledged may be lost.

python -m tests.reliability.kill_loop --kills 300 --database postgresql
python -m tests.reliability.kill_loop --kills 5 --plant     # must fail
"""

from __future__ import annotations

import random
import sys
import time

from tests.reliability.actors import Load
from tests.reliability.checking import faults_of, prepare
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.running import Console

PARTS = ("web", "worker", "worker-2")


def run(console: Console, kills: int, minutes: int) -> tuple[list[str], str]:
    """Kill so many times, or for so long; the faults found, and the figure."""
    each = 3
    numbers = prepare(console, min(900, kills * each))  # filings are told apart by three digits
    for part in PARTS:
        console.start(part)
    console.wait()
    slowest, done, end = 0.0, 0, time.monotonic() + 60 * minutes
    with Load(console, numbers) as load:
        while done < kills and time.monotonic() < end:
            done += 1
            load.hand_out(each)
            time.sleep(random.uniform(0.1, 2.0))
            part = random.choice(("web", *PARTS))
            console.kill(part)
            console.start(part)
            if part == "web":
                slowest = max(slowest, console.wait())
        time.sleep(2)
    console.stop_all()
    faults = faults_of(console, load)
    return faults, (
        f"{done} kills, {load.acknowledged} writes acknowledged ({len(load.submitted)} handed in, "
        f"{len(load.verified)} verified, {len(load.accepted)} accepted), {len(faults)} faults; "
        f"slowest restart to first answer {slowest:.1f} s"
    )


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, kills=30, minutes=60)
    target = "tests.reliability.planted:app" if chosen.plant else "wsgi:app"
    with a_console(chosen.database, target) as console:
        # Answers that are lost and news that come twice, on top.
        console.flask("db", "upgrade")
        for fault in ("lost-answer", "repeated-events"):
            console.flask("miit", "fault", fault, "on")
        faults, figure = run(console, chosen.kills, chosen.minutes)
    return verdict(f"kill loop on {chosen.database}: {figure}", faults, chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
