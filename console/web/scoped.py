"""A page's own style sheet inside the one sheet of all pages, without a say on the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

COMMENT = re.compile(r"/\*.*?\*/", re.S)
GROUPS = ("@media", "@supports", "@container")  # at-rules that hold rules of their own


def scoped(css: str, scope: str) -> str:
    """The sheet with every selector inside `scope`, which adds no weight of its own.

    Comments go. Other at-rules (`@keyframes`, `@page`) stay as they are: they select nothing.
    """
    within = f":where({scope})"
    return "\n".join(_scoped(COMMENT.sub("", css), within))


def _scoped(css: str, within: str) -> Iterator[str]:
    for prelude, block in _rules(css):
        if prelude.startswith(GROUPS):
            inner = "\n".join(_scoped(block, within))
            yield f"{prelude} {{\n{inner}\n}}"
        elif prelude.startswith("@"):
            yield f"{prelude} {{{block}}}"
        else:
            selectors = ", ".join(f"{within} {one}" for one in _parts(prelude))
            yield f"{selectors} {{{block}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each pair of braces of the outermost level, and what is in it."""
    at = 0
    while (opens := css.find("{", at)) >= 0:
        ends, depth = opens + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[ends], 0)
            ends += 1
        yield " ".join(css[at:opens].split()), css[opens + 1 : ends - 1].strip()
        at = ends


def _parts(selectors: str) -> list[str]:
    """A list of selectors, taken apart at the commas that are in no brackets."""
    parts, depth = [""], 0
    for letter in selectors:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
