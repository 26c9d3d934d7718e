"""Calling WSGI apps without a server: what the app itself costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from tests.bench.target import found, spread_of

ROUNDS = 7
BARE_BODY = "x" * 1024


def bare() -> Flask:
    """A Flask app without extensions whose one view returns a constant of 1 KB."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: Response(BARE_BODY))
    return app


def environ(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A GET for this path, as a server would hand it over."""
    return EnvironBuilder(path, base_url="http://localhost", headers=headers).get_environ()


def ask(app: Any, request: dict[str, Any]) -> str:
    """One request; its status line. The body is read and closed as a server does."""
    statuses: list[str] = []
    answer: Iterable[bytes] = app(dict(request), lambda status, _headers: statuses.append(status))
    for _part in answer:
        pass
    close = getattr(answer, "close", None)
    if close:
        close()
    return statuses[0]


def share_of_bare(
    app: Any,
    requests: list[dict[str, Any]],
    due: str,
    seconds: float,
    timer: Callable[[], float] = time.thread_time,
) -> dict[str, Any]:
    """What bare Flask costs as a share of what these requests cost; each is answered `due`.

    Rounds of both take turns; the figure is the median of the rounds' ratios. Processor time
    unless another timer is given.
    """
    plain, request = bare(), environ("/")
    faults: list[str] = []
    shares, bares, ours = [], [], []
    for each in requests[:50]:
        ask(app, each), ask(plain, request)  # warm
    for _ in range(ROUNDS):
        bares.append(_cost(plain, [request], "200", seconds / ROUNDS / 3, timer, faults))
        ours.append(_cost(app, requests, due, seconds / ROUNDS * 2 / 3, timer, faults))
        shares.append(bares[-1] / ours[-1])
    return found(
        median(shares),
        {"bare µs": median(bares) * 1e6, "poll µs": median(ours) * 1e6},
        spread=spread_of(bares),
        faults=faults[:3],
    )


def _cost(
    app: Any,
    requests: list[dict[str, Any]],
    due: str,
    seconds: float,
    timer: Callable[[], float],
    faults: list[str],
) -> float:
    """Seconds a request, over so many seconds."""
    done, until, began = 0, time.monotonic() + seconds, timer()
    while time.monotonic() < until:
        for request in requests[:20]:
            status = ask(app, request)
            if not status.startswith(due):
                faults.append(f"{status} where {due} was due")
        done += len(requests[:20])
        requests = requests[20:] + requests[:20]
    return (timer() - began) / done
