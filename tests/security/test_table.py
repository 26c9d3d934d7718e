"""The table of `docs/security.md` held against the tests: no number, file or name is made up."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "tests").rglob("*.py")
}
DOC = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+(?:, \d+)*) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.M)
NAME = re.compile(r"def (test_(\d\d)_\w+)\(")


def _rows() -> list[tuple[set[int], str, str]]:
    return [({int(n) for n in row[1].split(", ")}, row[2], row[3]) for row in ROW.finditer(DOC)]


def test_each_of_the_sixty_has_one_row_and_a_test_of_its_number_that_asserts() -> None:
    numbered = sorted(n for numbers, _tests, _where in _rows() for n in numbers)
    assert numbered == list(range(1, 61))
    for n in numbered:
        bodies = [
            text[found.start() :].split("\ndef ")[0]
            for text in TESTS.values()
            for found in re.finditer(rf"def test_{n:02d}_\w+\(", text)
        ]
        assert bodies, n
        assert any(re.search(r"\bassert|pytest\.raises|_\w+\(", body) for body in bodies), n


def test_what_a_row_names_is_there() -> None:
    for numbers, tests, where in _rows():
        for n in re.findall(r"test_(\d\d)_…", tests):
            assert int(n) in numbers, (numbers, n)
        for name in re.findall(r"`((?:tests/)?[\w/]*test_\w+\.py)`", tests):
            assert any(path.endswith(f"/{name.removeprefix('tests/')}") for path in TESTS), name
        for folder in re.findall(r"`(tests/\w+)/`", tests):
            assert any(path.startswith(f"{folder}/") for path in TESTS), folder
        for path in re.findall(
            r"`((?:web|miit|services|rules|queries|outside)/[\w/]+\.py)`", where
        ):
            assert (ROOT / "console" / path).exists(), path


def test_no_number_is_used_twice_for_one_name() -> None:
    names = [found[1] for text in TESTS.values() for found in NAME.finditer(text)]
    assert len(names) == len(set(names))
    assert {int(name[5:7]) for name in names} == set(range(1, 61))
