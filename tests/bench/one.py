"""One measurement in a process of its own: its answer is a file in its folder.

Not a line on stdout, where a server that ends may have the last word.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module

from tests.bench.target import Room

ANSWER, LOG = "answer.json", "log"


def run(name: str, room: Room) -> None:
    """Measure `tests.bench.<name>`; whatever it says goes into its folder."""
    # Ended from outside, it still ends the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (room.folder / LOG).open("ab") as log:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(log.fileno(), stream.fileno())
    found = import_module(f"tests.bench.{name}").measure(room)
    (room.folder / ANSWER).write_text(json.dumps(found), "utf-8")
