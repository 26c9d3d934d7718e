"""The forms' token in fragments that are drawn without a session."""

from __future__ import annotations

import re

SHAPE = re.compile(r"[A-Za-z0-9._-]{20,300}")


def echoed(header: str | None) -> str:
    """The token that the page sent along, for the forms of its new fragment; else nothing.

    The page got it with its session, and only the page can send it: another site cannot set the
    header. Whether it is good is decided when a form comes in.
    """
    return header if header and SHAPE.fullmatch(header) else ""
