"""How long files and functions may be, and what must not be left in them."""

from __future__ import annotations

import ast
import re

from tests.boundaries.sources import EVERYTHING, ROOT, name_of, python_files, tree_of

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
# Written so that this file does not hold the words itself.
LEFT_OVER = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")))
TEXT = {".py", ".html", ".js", ".css", ".toml", ".md", ".sh", ".txt", ".xml", ".mako", ".ini"}
PLACES = ("console", "templates", "tests", "tools", "migrations", "docs")


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        name_of(path): lines
        for path in python_files(*EVERYTHING)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{name_of(path)}:{node.name}": length
        for path in python_files(*EVERYTHING)
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_nothing_is_left_to_be_done_later() -> None:
    found = [
        name_of(path)
        for place in PLACES
        for path in sorted((ROOT / place).rglob("*"))
        if path.suffix in TEXT and LEFT_OVER.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_requirement_is_pinned() -> None:
    lines = [
        line.split("#")[0].strip()
        for name in ("requirements.txt", "tests/requirements.txt", "tests/bench/requirements.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    loose = [line for line in lines if line and not line.startswith("-r") and "==" not in line]
    assert loose == []
