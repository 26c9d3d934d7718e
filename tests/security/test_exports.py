"""SECURITY 50: files that a spreadsheet opens hold text, and nothing that it would calculate."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from console.web.export import as_file, neutral

# What spreadsheets and their add-ons take for the beginning of something to run, and what they
# skip before they look for it.
RUN = "=+-@|＝＋－＠﹦"
SKIPPED = " \u3000\u00a0\u200b\ufeff\u202e\x00\x1f\x7f"
cells = st.text(
    st.sampled_from(f"{RUN}{SKIPPED}\t\r\n'\",;a1(张𠮷") | st.characters(exclude_categories=["Cn"]),
    max_size=12,
)


def _runs(cell: str) -> bool:
    """Whether a generous spreadsheet would take the cell for a formula."""
    seen = [c for c in cell if unicodedata.category(c)[0] not in "CZ" and c not in "\u3164\ufe0f"]
    return unicodedata.normalize("NFKC", "".join(seen[:1]))[:1] in tuple("=+-@|")


def _read_back(app: Flask, kind: str, rows: list[list[str]]) -> list[list[str]]:
    with app.test_request_context():
        data = as_file("x", kind, ["A", "B"], rows).get_data()
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert "f" not in {cell.data_type for row in sheet.rows for cell in row}
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(
    max_examples=40, derandomize=True, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(rows=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=4))
def test_50_whatever_is_in_a_cell_it_is_read_back_as_text_that_nothing_runs(
    app: Flask, kind: str, rows: list[list[str]]
) -> None:
    found = _read_back(app, kind, rows)
    assert len(found) == len(rows)
    for row, read in zip(rows, found, strict=True):
        for cell, text in zip(row, read, strict=True):
            assert not _runs(text), (cell, text)
            # Nothing that can be seen is lost: one apostrophe at most comes before it.
            assert text in (cell, f"'{cell}") or not cell.isprintable(), (cell, text)


@pytest.mark.parametrize("hidden", SKIPPED)
@pytest.mark.parametrize("first", RUN)
def test_50_nothing_hides_the_sign_that_a_formula_begins_with(hidden: str, first: str) -> None:
    assert neutral(f"{hidden}{first}1+1").startswith("'")
    assert neutral(f"1{hidden}{first}1") == f"1{hidden}{first}1".translate({0: "", 31: ""})
