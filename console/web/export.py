"""Lists as files: CSV and XLSX, streamed, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile

from flask import Response, stream_with_context

from console.web.filters import say

FORMATS = ("csv", "xlsx")
CHUNK = 64 * 1024
# What makes a spreadsheet take a text for a formula; full-width forms count as the plain ones.
STARTS = frozenset("=+-@\t\r\n|")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Row = Sequence[object]


def neutral(value: object) -> str:
    """The text, with an apostrophe before it where a spreadsheet would calculate it."""
    text = "" if value is None else say(value)
    first = unicodedata.normalize("NFKC", text[:1])
    return f"'{text}" if first[:1] in STARTS and first else text


def as_file(name: str, kind: str, head: Row, rows: Iterable[Row]) -> Response:
    """An answer that is downloaded as `name`.csv or .xlsx; the rows are read as it goes."""
    # Said now: who asks, and so in which language, is known while the request lasts.
    head = [neutral(value) for value in head]
    made = _csv(head, rows) if kind == "csv" else _xlsx(head, rows)
    return Response(
        stream_with_context(made),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _csv(head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"  # without it Excel reads Chinese as something else
    for row in _all(head, rows):
        writer.writerow(row)
        if buffer.tell() > CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")


def _xlsx(head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    # Here, since it takes a tenth of a process's start and few ever ask for it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _all(head, rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"  # text, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while part := file.read(CHUNK):
            yield part


def _all(head: Row, rows: Iterable[Row]) -> Iterator[list[str]]:
    yield [str(value) for value in head]
    for row in rows:
        yield [neutral(value) for value in row]
