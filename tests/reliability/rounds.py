"""What must hold every single time: guesses that arrive together, answers that tell no time.

python -m tests.reliability.rounds --rounds 100 --requests 300
python -m tests.reliability.rounds --rounds 3 --requests 60 --plant     # must fail
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_security.utils import hash_password

from console.extensions import db
from console.miit.mock import codes, pages, portal
from console.rules.lifecycle import Role
from console.services import drafts, review, starting, submission
from console.services.accounts import create_account
from console.services.actors import Actor
from console.worker import drain
from tests.security.kit import Portal, tail, together
from tests.support.apps import make_app
from tests.support.filings import mobile, valid_filing


@contextmanager
def verifying(count: int) -> Iterator[tuple[Flask, list[Any]]]:
    """An app with so many orders in verification; their leaders."""
    with tempfile.TemporaryDirectory(prefix="rounds-") as name:
        app = make_app(f"sqlite:///{name}/r.sqlite3", Path(name), RATELIMIT_ENABLED=False)
        with app.app_context():
            db.create_all()
            hashed = hash_password("a quiet river at noon")
            owner = Actor(Role.APPLICANT, create_account("o@example.cn", hashed, ("applicant",)).id)
            judge = Actor(Role.REVIEWER, create_account("r@example.cn", hashed, ("reviewer",)).id)
            leaders = [_handed_over(owner, judge, n) for n in range(1, count + 1)]
            for _ in range(2):
                drain(app.extensions["ministry"], threading.Event(), once=True)
            db.session.remove()
        yield app, leaders
        with app.app_context():
            db.engine.dispose()


def _handed_over(owner: Actor, judge: Actor, n: int) -> Any:
    filing = valid_filing(n)
    number = starting.start(owner, filing.type, [s.kind for s in filing.services])
    revision = drafts.save_entity(owner, number, 2, filing.entity, filing.entity_leader)
    drafts.save_service(owner, number, revision, filing.services[0])
    submission.submit(owner, number)
    review.claim(judge, number)
    review.approve(judge, number)
    return filing.entity_leader


def guesses(rounds: int) -> int:
    """Rounds in which more or fewer than five of forty guesses were looked at."""
    pages.STEP = 0.001
    wrong_rounds = 0
    settle = portal._settle
    with verifying(rounds) as (app, leaders):
        outside = Portal(app)
        browsers = [outside.browser() for _ in range(40)]
        for who in leaders:
            looked_at: list[Any] = []

            def counting(s: Any, e: Any, counted: Any, now: Any, into: Any = looked_at) -> Any:
                into.extend(counted)
                return settle(s, e, counted, now)

            portal._settle = counting
            wrong = outside.wrong(who.mobile)
            guess: Callable[[int], Any] = lambda n, w=who, c=wrong: outside.enter(  # type: ignore[misc]  # noqa: E731
                w.mobile, tail(w), c, browsers[n]
            )
            together(40, guess)
            wrong_rounds += len(looked_at) != 5
    portal._settle = settle
    return wrong_rounds


def timing(requests: int) -> float:
    """The p-value that known and unknown entries take the same time (permutation of means)."""
    pages.STEP = 0.05
    with verifying(1) as (app, leaders):
        outside, who = Portal(app), leaders[0]
        browser, wrong = outside.browser(), outside.wrong(leaders[0].mobile)
        cases = {True: (who.mobile, tail(who), wrong), False: (mobile(999), "000000", wrong)}
        times: list[tuple[bool, float]] = []
        for known in random.sample([True, False] * requests, 2 * requests):
            began = time.perf_counter()
            outside.enter(*cases[known], browser)
            times.append((known, time.perf_counter() - began))
    return _p_value(times)


def _p_value(times: list[tuple[bool, float]], rounds: int = 2000) -> float:
    labels, values = [k for k, _ in times], [v for _, v in times]
    seen = _difference(labels, values)
    beyond = 0
    for _ in range(rounds):
        random.shuffle(labels)
        beyond += _difference(labels, values) >= seen
    return (beyond + 1) / (rounds + 1)


def _difference(labels: list[bool], values: list[float]) -> float:
    known = [v for k, v in zip(labels, values, strict=True) if k]
    unknown = [v for k, v in zip(labels, values, strict=True) if not k]
    return abs(sum(known) / len(known) - sum(unknown) / len(unknown))


def plant() -> None:
    """Let an entry for a known number take longer."""
    digest = codes.mobile_digest
    known = {mobile(1)}

    def slow(number: str) -> str:
        time.sleep(0.06 if number in known else 0)
        return digest(number)

    portal.mobile_digest = slow


def main() -> int:
    """The program; 0 where all holds, or where the planted fault was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--plant", action="store_true", help="a fault that must be found")
    chosen = parser.parse_args()
    if chosen.plant:
        plant()
        p = timing(chosen.requests)
        print(f"planted: answers tell their time, p = {p:.4f}")
        return int(p > 0.01)
    failed = guesses(chosen.rounds)
    print(f"40 guesses together: exactly 5 looked at in {chosen.rounds - failed}/{chosen.rounds}")
    p = timing(chosen.requests)
    print(f"time of answers, {chosen.requests} of each: p = {p:.3f}")
    return int(bool(failed) or p <= 0.01)


if __name__ == "__main__":
    sys.exit(main())
