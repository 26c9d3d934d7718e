"""People at work on a console that may die at any moment, and what was acknowledged to them.

Half of them never retry: one that always retries hides lost and doubled writes.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

from tests.reliability.checking import opened_app, references
from tests.reliability.running import Client, Console
from tests.security.kit import ANSWER, Portal, tail
from tests.support.filings import valid_filing

APPLICANTS = 6


class Load:
    """Applicants, a reviewer, the leaders and the administration, each in a thread."""

    def __init__(self, console: Console, numbers: list[str], base: str = "") -> None:
        self.console, self.base, self.stop = console, base, threading.Event()
        self.lock = threading.Lock()
        self.nth = {number: n for n, number in enumerate(numbers, 1)}
        self.kept_back, self.waiting = list(numbers), list[str]()
        self.started: dict[str, set[str]] = {}  # by the form's key, what it was answered
        self.submitted: set[str] = set()
        self.approved: set[str] = set()
        self.verified: set[str] = set()
        self.accepted: set[str] = set()
        self.errors: list[str] = []
        work = [lambda n=n: self.applicant(n % 2 == 0) for n in range(APPLICANTS)]
        self._threads = [threading.Thread(target=self._guard, args=(w,), daemon=True)
                         for w in (*work, self.reviewer, self.ministry)]  # fmt: skip

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged."""
        kept = (self.started, self.submitted, self.approved, self.verified, self.accepted)
        return sum(map(len, kept))

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(60)

    def hand_out(self, count: int) -> None:
        """Give the applicants so many of the drafts to hand in."""
        with self.lock:
            self.waiting += self.kept_back[:count]
            del self.kept_back[:count]

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # a thread that ends early would be load that is missing
            self.errors.append(f"an actor fell over: {error!r}")

    def applicant(self, retries: bool) -> None:
        """Start orders and hand drafts in."""
        client = Client(self.console, self.base)
        client.sign_in("owner@example.cn")
        while not self.stop.is_set():
            key = secrets.token_hex(16)
            self._send(lambda k=key: self._start(client, k), retries)
            with self.lock:
                number = self.waiting.pop() if self.waiting else None
            if number:
                self._send(lambda n=number: self._submit(client, n), retries)
            self.stop.wait(0.02)

    def reviewer(self) -> None:
        """Approve what was handed in."""
        client = Client(self.console, self.base)
        client.sign_in("reviewer@example.cn")
        while not self.stop.is_set():
            for number in sorted(self.submitted - self.approved):
                self._send(lambda n=number: self._approve(client, n), True)
            self.stop.wait(0.05)

    def ministry(self) -> None:
        """Be every leader, and the administration: enter codes once, accept what is verified."""
        client, entered = Client(self.console, self.base), set[str]()
        client.sign_in("reviewer@example.cn")
        with opened_app(self.console) as app:
            portal = Portal(app)
            while not self.stop.is_set():
                for number in sorted(self.approved - entered):
                    who = valid_filing(self.nth[number]).entity_leader
                    for code in portal.codes(who.mobile)[-1:]:
                        entered.add(number)
                        self._once(self._verify, client, number, who, code)
                for number, reference in references(app, "administration"):
                    self._once(self._accept, client, number, reference)
                self.stop.wait(0.2)

    def _send(self, work: Callable[[], None], retries: bool) -> None:
        while not self.stop.is_set():
            try:
                work()
                return
            except OSError:
                # Who gives up takes the next thing in hand a little later, or all the drafts
                # would be spent on a server that is away.
                self.stop.wait(0.1 if retries else 0.5)
                if not retries:
                    return

    def _once(self, work: Callable[..., None], *words: Any) -> None:
        self._send(lambda: work(*words), False)

    def _seen(self, status: int, what: str) -> bool:
        if status >= 500 and status != 503:
            self.errors.append(f"{status} at {what}")
        return status in (302, 303)

    def _start(self, client: Client, key: str) -> None:
        status, location, _ = client.post("/orders/new", key=key, type="first-filing", websites="1")
        if self._seen(status, "start"):
            with self.lock:
                self.started.setdefault(key, set()).add(location.split("/")[2])

    def _submit(self, client: Client, number: str) -> None:
        if self._seen(client.post(f"/orders/{number}/submit")[0], "submit"):
            self.submitted.add(number)

    def _approve(self, client: Client, number: str) -> None:
        client.post(f"/review/{number}/claim")
        if self._seen(client.post(f"/review/{number}/approve")[0], "approve"):
            self.approved.add(number)

    def _verify(self, client: Client, number: str, who: Any, code: str) -> None:
        entry = {"mobile": who.mobile, "last_six": tail(who), "code": code}
        status, _, page = client.post("/miit/verify", **entry)
        self._seen(status, "verify")
        found = ANSWER.search(page)
        if found and "verified" in found[1]:
            self.verified.add(number)

    def _accept(self, client: Client, number: str, reference: str) -> None:
        if self._seen(client.post(f"/miit/desk/{reference}/accept")[0], "accept"):
            self.accepted.add(number)
