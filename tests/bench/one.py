"""One measurement in a process of its own: its answer is the last line on stdout."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from tests.bench.target import Room


def main(name: str, folder: str, seconds: str, quick: str) -> None:
    """Run `tests.bench.<name>`."""
    room = Room(Path(folder), float(seconds), quick == "1")
    print(json.dumps(import_module(f"tests.bench.{name}").measure(room)))


if __name__ == "__main__":
    main(*sys.argv[1:])
