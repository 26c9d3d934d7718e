"""One measurement in a process of its own: its answer is a file in its folder.

Not a line on stdout, where a server that ends may have the last word.
"""

from __future__ import annotations

import json
import signal
import sys
from importlib import import_module
from pathlib import Path

from tests.bench.target import Room

ANSWER = "answer.json"


def main(name: str, folder: str, seconds: str, quick: str) -> None:
    """Run `tests.bench.<name>`."""
    # Ended from outside, it still ends the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    room = Room(Path(folder), float(seconds), quick == "1")
    found = import_module(f"tests.bench.{name}").measure(room)
    (room.folder / ANSWER).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
