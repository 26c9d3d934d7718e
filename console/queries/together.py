"""Several small reads in one question: what a page needs is mostly a few rows of many tables."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import cast, literal, null, select, union_all

from console.extensions import db


class Together:
    """Some queries with bound parameters, put together once and then asked in one go.

    Each has columns of its own in one UNION ALL, so that every value keeps its type. Building it
    costs a hundred times what asking it does: keep it with the module.
    """

    def __init__(self, *queries: Any) -> None:
        parts = [query.subquery() for query in queries]
        self._ends = [1]
        for part in parts:
            self._ends.append(self._ends[-1] + len(part.c))
        branches = []
        for place, own in enumerate(parts):
            columns: list[Any] = [literal(place)]
            for part in parts:
                columns += part.c if part is own else [cast(null(), c.type) for c in part.c]
            branches.append(select(*(c.label(f"c{n}") for n, c in enumerate(columns))))
        self.query = union_all(*branches)

    def __call__(self, **values: Any) -> list[list[tuple[Any, ...]]]:
        """The rows of each query, sorted by its first column. `values` are the parameters."""
        ends = list(pairwise(self._ends))
        found: list[list[tuple[Any, ...]]] = [[] for _ in ends]
        for row in db.session.execute(self.query, values):
            begin, end = ends[row[0]]
            found[row[0]].append(tuple(row[begin:end]))
        for rows in found:
            rows.sort(key=itemgetter(0))
        return found
