"""The console for sqlmap: no limit stops it, and one address beside it that can be injected."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from console.extensions import limiter
from wsgi import app as sound

limiter.enabled = False


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """All as it is, but for /planted?id=…, which builds its statement out of what it gets."""
    if environ["PATH_INFO"] != "/planted":
        return sound(environ, start)
    id_ = parse_qs(environ["QUERY_STRING"], keep_blank_values=True).get("id", ["1"])[0]
    with sqlite3.connect(":memory:") as connection:
        try:
            rows = connection.execute(f"SELECT 'row' WHERE 1 = {id_}").fetchall()
        except sqlite3.Error as error:
            rows = [(f"sqlite3.OperationalError: {error}",)]
    start("200 OK", [("Content-Type", "text/html")])
    return [f"<html><body>{rows}</body></html>".encode()]
