"""Many kept-alive pages in one process: as few steps a request as Python can."""

from __future__ import annotations

import random
import resource
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

ANSWERED_WITHIN = 10.0  # seconds


@dataclass
class Page:
    """An open page: its connection, what it asks in turn, and what it waits for."""

    link: socket.socket
    asks: cycle[bytes]
    since: float = 0.0
    got: bytes = b""


@dataclass
class Seen:
    """What a load saw. `latencies` in seconds, in the order of the answers."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """The latency, in seconds, that this share of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def request(path: str, headers: dict[str, str] | None = None, host: str = "localhost") -> bytes:
    """A GET as a browser's page sends it."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "HX-Request: true"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


class Load:
    """Pages that are open on a server; `due` is the status each answer must have."""

    def __init__(self, port: int, asks: Sequence[Sequence[bytes]], due: int) -> None:
        _allow_files(len(asks) + 200)
        self._due = f"HTTP/1.1 {due} ".encode()
        self._poll = select.epoll()
        self._pages: dict[int, Page] = {}
        for mine in asks:
            link = socket.create_connection(("127.0.0.1", port), timeout=ANSWERED_WITHIN)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link.setblocking(False)
            self._pages[link.fileno()] = Page(link, cycle(mine))
            self._poll.register(link, select.EPOLLIN)

    def close(self) -> None:
        """Close all pages."""
        for page in self._pages.values():
            page.link.close()
        self._poll.close()

    def flat_out(self, seconds: float) -> Seen:
        """Every page asks again as soon as it was answered."""
        until = time.perf_counter() + seconds
        return self._go_on(lambda _seen: time.perf_counter() < until)

    def so_many(self, count: int) -> Seen:
        """As `flat_out`, but for so many answers (and those on their way)."""
        return self._go_on(lambda seen: len(seen.latencies) < count and not seen.faults)

    def _go_on(self, more: Callable[[Seen], bool]) -> Seen:
        seen, began = Seen(), time.perf_counter()
        for page in self._pages.values():
            self._ask(page, time.perf_counter())
        while more(seen):
            for page in self._answered(seen, 1.0):
                self._ask(page, time.perf_counter())
        seen.seconds = time.perf_counter() - began
        self._drain(seen)
        return seen

    def paced(self, seconds: float, every: float, seed: int = 1) -> Seen:
        """Each page asks every so many seconds, at moments spread by chance.

        A latency begins when the page was due to ask, not when this process came to it.
        """
        seen, began, chance = Seen(), time.perf_counter(), random.Random(seed)
        moments = sorted(began + every * chance.random() for _ in self._pages)
        due = deque(zip(moments, self._pages.values(), strict=True))
        until = began + seconds
        while (now := time.perf_counter()) < until:
            while due[0][0] <= now:
                moment, page = due.popleft()
                due.append((moment + every, page))
                if page.since:
                    seen.faults.append("no answer before the next was due")
                else:
                    self._ask(page, moment)
            self._answered(seen, min(0.05, max(0.0, due[0][0] - now)))
        seen.seconds = time.perf_counter() - began
        self._drain(seen)
        return seen

    def _ask(self, page: Page, since: float) -> None:
        page.since, page.got = since, b""
        page.link.send(next(page.asks))

    def _answered(self, seen: Seen, wait: float) -> list[Page]:
        ready = []
        for number, _event in self._poll.poll(wait):
            page = self._pages[number]
            received = page.link.recv(65536)
            page.got += received
            if not received:
                self._poll.unregister(number)
                seen.faults.append("the connection was closed")
            elif _complete(page.got):
                seen.latencies.append(time.perf_counter() - page.since)
                if not page.got.startswith(self._due):
                    seen.faults.append(page.got[:40].decode("latin-1").partition("\r")[0])
                page.since = 0.0
                ready.append(page)
        return ready

    def _drain(self, seen: Seen) -> None:
        """Wait for the answers that are on their way."""
        until = time.perf_counter() + ANSWERED_WITHIN
        while any(page.since for page in self._pages.values()):
            if time.perf_counter() > until:
                seen.faults.append("an answer never came")
                return
            self._answered(seen, 0.2)


def _complete(got: bytes) -> bool:
    head, found, body = got.partition(b"\r\n\r\n")
    if not found:
        return False
    if head.startswith(b"HTTP/1.1 304"):
        return True
    at = head.lower().find(b"content-length:")
    return at >= 0 and len(body) >= int(head[at + 15 :].split(b"\r\n", 1)[0])


def _allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))
