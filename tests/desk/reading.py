"""Reading the desk's pages by their marks."""

from __future__ import annotations

from tests.web.pages.reading import marked


def numbers(text: str) -> list[str]:
    """The orders of the list, in its order."""
    return [str(e.get("data-order")) for e in marked(text, "data-order")]


def strip(text: str, name: str) -> list[str]:
    """The orders of one of the strips above the list."""
    return [
        str(e.get("data-number")) for e in marked(text, "data-strip") if e.get("data-strip") == name
    ]
