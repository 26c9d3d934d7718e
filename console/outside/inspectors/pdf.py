"""Read a PDF through: every object it holds, without showing or running anything of it."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import zlib
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

MOST_PAGES = 50
MOST_OBJECTS = 50_000
MOST_UNPACKED = 128 * 1024 * 1024  # bytes of all packed streams together
MOST_PIXELS = 40_000_000  # of one picture in it; A4 in colour at 600 dots per inch has 35
DEEPEST = 60

SCRIPTS = {"/JavaScript", "/JS", "/XFA"}
ACTIONS = {"/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/RichMedia"}
FILES = {"/EmbeddedFile", "/EmbeddedFiles", "/Filespec", "/FileAttachment", "/Movie", "/Sound"}
# What an object that the table of contents leaves out could still hold.
RAW = re.compile(rb"/(JavaScript|EmbeddedFiles?|RichMedia|SubmitForm)\b")
FLATE = {"/FlateDecode", "/Fl"}


class Refused(Exception):
    """The file is not taken; the code says why."""


def objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that the file's tables name. Raises Refused where they are too many."""
    named = {(number, made) for made, table in reader.xref.items() for number in table}
    named |= {(number, 0) for number in reader.xref_objStm}
    if len(named) > MOST_OBJECTS:
        raise Refused("objects")
    yield reader.trailer
    for number, made in sorted(named):
        try:
            yield reader.get_object(IndirectObject(number, made, reader))
        except LimitReachedError:
            raise
        except Exception:
            continue  # a table that names what is not there harms nobody


def parts(thing: Any, depth: int = 0) -> Iterator[Any]:
    """The thing and all that is inside it, without following references."""
    if depth > DEEPEST:
        raise Refused("objects")
    yield thing
    inner: list[Any] = []
    if isinstance(thing, DictionaryObject):
        inner = list(dict.values(thing))
    elif isinstance(thing, ArrayObject):
        inner = list(list.__iter__(thing))
    for item in inner:
        yield from parts(item, depth + 1)


def look_at(thing: Any) -> None:
    """Refuse what acts, or carries other files. Raises Refused."""
    if isinstance(thing, DictionaryObject):
        keys = {str(key) for key in thing}
        if keys & SCRIPTS:
            raise Refused("script")
        if keys & FILES or "/EF" in keys:
            raise Refused("attachment")
        if "/Width" in keys and "/Height" in keys:
            _picture(thing)
    elif isinstance(thing, NameObject):
        if thing in SCRIPTS:
            raise Refused("script")
        if thing in ACTIONS:
            raise Refused("action")
        if thing in FILES:
            raise Refused("attachment")


def _picture(thing: DictionaryObject) -> None:
    width, height = thing["/Width"], thing["/Height"]
    if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS:
        raise Refused("pixels")


def unpacked(stream: StreamObject, left: int) -> int:
    """How many bytes a stream unpacks to. Raises Refused when there are more than `left`."""
    # Not `get`, which gives a reference as it stands.
    filters: Any = stream["/Filter"] if "/Filter" in stream else ()  # noqa: SIM401
    names = [filters] if isinstance(filters, NameObject) else list(filters)
    packed = [str(name) for name in names if str(name) in FLATE]
    if len(packed) > 1:
        raise Refused("bomb")  # packed twice: nothing but a bomb needs it
    if not packed:
        return 0
    unpack, seen, rest = zlib.decompressobj(), 0, stream._data
    while rest:
        try:
            seen += len(unpack.decompress(rest, 1 << 20))
        except zlib.error:
            break
        if seen > left:
            raise Refused("bomb")
        rest = unpack.unconsumed_tail
    return seen


def inspect(data: bytes) -> dict[str, object]:
    """What is to be said of the document. Raises Refused."""
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    if RAW.search(data):
        raise Refused("script" if b"/JavaScript" in data else "attachment")
    left = MOST_UNPACKED
    for thing in objects(reader):
        for part in parts(thing):
            look_at(part)
        if isinstance(thing, StreamObject):
            left -= unpacked(thing, left)
    pages = len(reader.pages)
    if pages == 0:
        raise Refused("no-pages")
    if pages > MOST_PAGES:
        raise Refused("pages")
    for page in reader.pages:
        _ = page.mediabox
    return {"type": "application/pdf", "pages": pages}


def main() -> None:
    """Look at stdin. Whatever the reader stumbles over is a file that cannot be read."""
    logging.disable(logging.CRITICAL)
    try:
        told = inspect(sys.stdin.buffer.read())
    except Refused as refusal:
        told = {"refused": str(refusal)}
    except LimitReachedError:
        told = {"refused": "bomb"}
    except MemoryError:
        told = {"refused": "memory"}
    except Exception:
        told = {"refused": "damaged"}
    sys.stdout.buffer.write(json.dumps(told).encode("ascii") + b"\n")


if __name__ == "__main__":
    main()
