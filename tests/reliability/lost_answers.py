"""Lost, late and repeated answers, on both sides of the console: a proxy before the web server, and
a bad line between two workers and the ministry. Each thing takes effect once.

python -m tests.reliability.lost_answers --seconds 120
python -m tests.reliability.lost_answers --seconds 20 --plant     # must fail
"""

from __future__ import annotations

import random
import sys
import time

from tests.reliability.actors import Load
from tests.reliability.checking import faults_of, prepare
from tests.reliability.program import a_console, arguments, verdict
from tests.reliability.proxy import Proxy

WORKERS = ("worker", "worker-2")


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, seconds=60, drafts=100)
    planted = {"PLANTED": "1"} if chosen.plant else {}
    module = "tests.reliability.unreliable"
    with a_console(chosen.database, worker=module, **planted) as console:
        numbers = prepare(console, chosen.drafts)
        for part in ("web", *WORKERS):
            console.start(part)
        console.wait()
        proxy = Proxy(console.port, lose=0.3)
        end = time.monotonic() + chosen.seconds
        with Load(console, numbers, f"http://localhost:{proxy.port}") as load:
            load.hand_out(chosen.drafts)
            while time.monotonic() < end:
                time.sleep(min(5, chosen.seconds))
                restarted = random.choice(WORKERS)
                console.kill(restarted)
                console.start(restarted)
        proxy.close()
        console.stop_all()
        faults = faults_of(console, load)
    figure = (
        f"lost answers on {chosen.database}: {proxy.lost} lost and {proxy.late} late to clients, "
        f"half of what the ministry is asked goes wrong, {load.acknowledged} writes acknowledged "
        f"({len(load.accepted)} accepted): {len(faults)} faults"
    )
    return verdict(figure, faults, chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
