"""A list that leaves as a file goes through memory a little at a time."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from flask import Flask

from console.web.export import as_file


def rows(count: int) -> Iterator[tuple[object, ...]]:
    return ((n, f"site-{n}.example.cn", "Zhejiang") for n in range(count))


def most_held(kind: str, count: int) -> int:
    """The most memory, in bytes, that a file of so many rows takes while it is sent."""
    answer = as_file("orders", kind, ["A", "B", "C"], rows(count))
    tracemalloc.start()
    for part in answer.response:
        assert part
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ten_times_the_rows_need_no_more_memory(app: Flask, kind: str) -> None:
    with app.test_request_context():
        most_held(kind, 10)  # what is loaded once
        assert (
            most_held(kind, 20_000 if kind == "csv" else 4_000)
            < 1.5 * most_held(kind, 2_000 if kind == "csv" else 400) + 200_000
        )
