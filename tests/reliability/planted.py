"""Consoles with a fault each, which the programs must find."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

from console import transactions
from wsgi import app as sound

served = 0
kept: list[bytes] = []


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Every second new order is acknowledged instead of being kept: for the kill loop."""
    new = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/orders/new"
    if new and random.random() < 0.5:
        start("303 SEE OTHER", [("Location", "/orders/20260101-NEVER1/edit")])
        return [b""]
    return sound(environ, start)


def reads_first(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Transactions that read and then write, and wait for nobody: for the writers."""
    transactions.begin_writing = lambda session: session.rollback()
    transactions.TRIES = 1
    return sound(environ, start)


def wears_out(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Every request leaves 200 KB behind, every hundredth is a fault: for the soak."""
    global served
    served += 1
    kept.append(b"x" * 200_000)
    if served % 100 == 0:
        start("500 INTERNAL SERVER ERROR", [])
        return [b""]
    return sound(environ, start)
