"""A faulty console: now and then it acknowledges what it never did. The kill loop must see it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

from wsgi import app as sound


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Every second new order is answered before, and instead of, being kept."""
    new = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/orders/new"
    if new and random.random() < 0.5:
        start("303 SEE OTHER", [("Location", "/orders/20260101-NEVER1/edit")])
        return [b""]
    return sound(environ, start)
