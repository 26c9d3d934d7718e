"""The run: each measurement in a process of its own, bounded in time; a table and a JSON file."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import one
from tests.bench.places import ROOT
from tests.bench.table import table
from tests.bench.target import TARGETS, Room

# Wall time a measurement is given, in seconds: in full, and in a quick run.
SECONDS = {
    "p01": (20, 3),
    "p02": (25, 4),
    "p03": (40, 4),
    "p04": (40, 4),
    "p05": (20, 3),
    "p06": (75, 10),
    "p07": (20, 8),
    "p08": (420, 10),
    "p09": (180, 8),
    "p10": (40, 8),
    "p11": (30, 4),
    "p12": (180, 5),
    "p13": (120, 6),
}
# A measurement is ended after so many times its wall time and so many seconds: machines are busy.
GRACE, GRACE_SECONDS = 2.0, 90

# Where each measurement's process begins: what all of them import takes seconds, each time.
LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload(["tests.bench.stage"])


def main() -> int:
    """Measure, print, write; 1 where a must was missed or an answer was wrong."""
    arguments = _arguments()
    os.environ["APP_ENV"] = "development"
    started = time.monotonic()
    results: dict[str, Any] = {}
    for name in arguments.only:
        print(f"{name} …", file=sys.stderr, end="", flush=True)
        results[name] = _measured(name, arguments.quick)
        print(f" {results[name]['took']:.0f} s", file=sys.stderr)
    run = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": arguments.quick,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        + platform.python_version(),
        "took": round(time.monotonic() - started, 1),
        "results": results,
    }
    text, good = table(run)
    print(text)
    arguments.json.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0 if good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="p01 … p13; all where none is named")
    parser.add_argument("--quick", action="store_true", help="shorter, in about two minutes")
    parser.add_argument("--json", type=Path, default=ROOT / "bench.json")
    arguments = parser.parse_args()
    if unknown := set(arguments.only) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    arguments.only = arguments.only or list(TARGETS)
    return arguments


def _measured(name: str, quick: bool) -> dict[str, Any]:
    """What one measurement found, or why it found nothing; with the seconds it took."""
    started = time.monotonic()
    if not (ROOT / "tests" / "bench" / f"{name}.py").exists():
        answer: dict[str, Any] = {"failed": "not measured"}
    else:
        answer = _in_a_process(name, SECONDS[name][quick], quick)
    return answer | {"took": round(time.monotonic() - started, 1)}


def _in_a_process(name: str, seconds: float, quick: bool) -> dict[str, Any]:
    limit = GRACE * seconds + GRACE_SECONDS
    with TemporaryDirectory(prefix=f"bench-{name}-") as folder:
        started = LOADED.Process(target=one.run, args=(name, Room(Path(folder), seconds, quick)))
        started.start()
        started.join(limit)
        if started.is_alive():
            started.terminate()
            started.join(GRACE_SECONDS)
            started.kill()
            return {"failed": f"took more than {limit:.0f} s"}
        if started.exitcode:
            lines = (Path(folder) / one.LOG).read_text("utf-8", "replace").splitlines()
            return {"failed": "\n".join(lines[-6:])}
        found: dict[str, Any] = json.loads((Path(folder) / one.ANSWER).read_text("utf-8"))
        return found


if __name__ == "__main__":
    sys.exit(main())
