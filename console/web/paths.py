"""Paths on this origin: where someone is, and where they may be led back to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request

# A path on this origin: one slash, then no second one, and nothing a browser reads otherwise.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f\u2000-\u200f\u2028\u2029]*")


def safe_next(value: str | None) -> str | None:
    """The value where it is a path on this origin that a browser cannot read otherwise."""
    if value and LOCAL_PATH.fullmatch(value):
        return value
    return None


def path_here() -> str | None:
    """The page the person is on, to come back to; None where coming back makes no sense."""
    if request.headers.get("HX-Request"):
        try:
            parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        except ValueError:  # it is whatever the client says
            return None
        path = parts.path + (f"?{parts.query}" if parts.query else "")
    elif request.method == "GET":
        path = request.full_path.rstrip("?")
    else:
        return None
    return safe_next(path)
