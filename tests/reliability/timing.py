"""Whether the time of the portal's answers tells known people from unknown ones.

python -m tests.reliability.timing --requests 300
python -m tests.reliability.timing --requests 40 --plant     # must fail
"""

from __future__ import annotations

import random
import sys
import time

from console.miit.mock import codes, pages, portal
from tests.reliability.program import arguments, verdict
from tests.reliability.stage import a_stage
from tests.security.kit import Portal, tail
from tests.support.filings import mobile


def timing(requests: int) -> float:
    """The p-value that known and unknown entries take the same time (permutation of means)."""
    pages.STEP = 0.05
    with a_stage() as stage:
        outside, who = Portal(stage.app), stage.verifying(1)[0]
        browser, wrong = outside.browser(), outside.wrong(who.mobile)
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
    """The program."""
    chosen = arguments(__doc__, requests=60)
    if chosen.plant:
        plant()
    p = timing(chosen.requests)
    figure = f"time of answers, {chosen.requests} known and unknown people: p = {p:.4f}"
    return verdict(figure, [] if p > 0.01 else ["it tells them apart"], chosen.plant)


if __name__ == "__main__":
    sys.exit(main())
