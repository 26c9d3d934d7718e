"""One measurement in a process of its own: its answer is the last line on stdout."""

from __future__ import annotations

import json
import signal
import sys
from importlib import import_module
from pathlib import Path

from tests.bench.target import Room


def main(name: str, folder: str, seconds: str, quick: str) -> None:
    """Run `tests.bench.<name>`."""
    # Ended from outside, it still ends the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    room = Room(Path(folder), float(seconds), quick == "1")
    print(json.dumps(import_module(f"tests.bench.{name}").measure(room)))


if __name__ == "__main__":
    main(*sys.argv[1:])
