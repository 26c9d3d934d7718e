"""Looking at an uploaded file by its content, in a process that may use little time and memory.

What the file calls itself, by name or by the browser's word for its type, is not asked.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import threading
import zipfile
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from console.errors import Busy, Invalid
from console.rules.materials import LARGEST
from console.rules.text import T, Text

SECONDS = 4  # of one look; the process is ended then
MEMORY = 400 * 1024 * 1024  # address space of one look, in bytes
AT_ONCE = 2  # looks at the same time in one process of the web server
THUMBNAIL, PAGE = 320, 1600  # pixels on the longer side of a PDF's page
WAIT = 15  # seconds to wait for one's turn
INSPECTORS = Path(__file__).with_name("inspectors")

WHICH: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"%PDF-", "pdf"),
)
# What else it could be, so that the refusal can name it.
ELSE: tuple[tuple[re.Pattern[bytes], Text], ...] = (
    (
        re.compile(rb"PK\x03\x04|PK\x05\x06"),
        T("It is an archive or an office document, not a picture."),
    ),
    (re.compile(rb"GIF8"), T("It is a GIF picture.")),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), T("It is a WebP picture.")),
    (
        re.compile(rb"....ftyp(hei|mif|msf|avi)", re.DOTALL),
        T("It is a HEIC or AVIF picture, as some telephones make them."),
    ),
    (re.compile(rb"BM....\0\0\0\0", re.DOTALL), T("It is a BMP picture.")),
    (re.compile(rb"II\*\0|MM\0\*"), T("It is a TIFF picture.")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), T("It is an office document, not a picture.")),
    (
        re.compile(rb"(?is)\W*(<\?xml[^>]*>|<!--.*?-->|<!doctype svg[^>]*>|\s)*<svg\b"),
        T("It is an SVG drawing."),
    ),
    (
        re.compile(rb"(?is)\W*(<!doctype html|<html|<head|<body|<script|<\?xml)"),
        T("It is a web page."),
    ),
)
# What has no place in a picture or a scan: such a file is two things at once.
HIDDEN = re.compile(rb"(?i)<script[\s>]|<!doctype html|<html[\s>]|<svg[\s>]|<\?php|<iframe[\s>]")

ALLOWED = T("Upload a JPEG, a PNG or a PDF.")
REFUSED: dict[str, Text] = {
    "damaged": T("It cannot be read: it is damaged or incomplete. Save or scan it anew."),
    "pixels": T("It has too many pixels. Save it with at most 30 million."),
    "bomb": T("It unpacks to far more than it seems. Save or scan it anew."),
    "memory": T("It takes too much memory to read. Save it smaller."),
    "time": T("It takes too long to read. Save or scan it anew."),
    "encrypted": T("The PDF is protected. Save it without a password."),
    "script": T("The PDF holds a program. Print it into a new PDF, or scan it."),
    "action": T("The PDF starts something when it is opened. Print it into a new PDF, or scan it."),
    "attachment": T("The PDF carries other files. Print it into a new PDF, or scan it."),
    "objects": T("The PDF has too many parts. Print it into a new PDF, or scan it."),
    "pages": T("The PDF has more than 50 pages. Upload the pages that matter."),
    "no-pages": T("The PDF has no page."),
}

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Inspected:
    """A file that may be kept: `data` are the bytes to keep, `thumbnail` is base64 of a JPEG."""

    data: bytes
    content_type: str
    pages: int | None = None
    thumbnail: str | None = None


def inspect(data: bytes) -> Inspected:
    """Look at a file's content and clean it. Raises Invalid saying what is wrong, Busy."""
    if not data:
        raise Invalid(T("It is empty."))
    if len(data) > LARGEST:
        raise Invalid(T("It is larger than 10 MB. Save it smaller, or with fewer pages."))
    which = next((name for magic, name in WHICH if data.startswith(magic)), None)
    if which is None:
        raise Invalid(T("%(what)s %(allowed)s", what=_what(data), allowed=ALLOWED))
    if HIDDEN.search(data) or zipfile.is_zipfile(BytesIO(data)) or _is_pdf_inside(which, data):
        raise Invalid(
            T("It is two things at once: something else is hidden in it. Save or scan it anew.")
        )
    told, kept = _look(data, which)
    if refused := told.get("refused"):
        raise Invalid(REFUSED.get(str(refused), REFUSED["damaged"]))
    pages, thumbnail = told.get("pages"), told.get("thumbnail")
    if which == "pdf":
        thumbnail = b64encode(picture_of_page(data, 0, THUMBNAIL) or b"").decode() or None
    return Inspected(
        kept or data,
        str(told["type"]),
        pages if isinstance(pages, int) else None,
        thumbnail if isinstance(thumbnail, str) else None,
    )


def picture_of_page(data: bytes, number: int, side: int = PAGE) -> bytes | None:
    """A page (from 0) of a PDF that `inspect` let pass, as a JPEG `side` pixels long; None where
    it cannot be drawn. Raises Busy.
    """
    _told, drawn = _look(data, "page", str(number), str(side))
    return drawn or None


def _what(data: bytes) -> Text:
    start = data[:4096]
    return next((text for sign, text in ELSE if sign.match(start)), T("It is no picture."))


def _is_pdf_inside(which: str, data: bytes) -> bool:
    return which != "pdf" and b"%PDF-" in data


def _look(data: bytes, which: str, *words: str) -> tuple[dict[str, object], bytes]:
    if not _turns.acquire(timeout=WAIT):
        raise Busy(
            T("Too many files are being looked at. Nothing was kept; try again in a moment.")
        )
    try:
        return _run(data, which, *words)
    finally:
        _turns.release()


def _run(data: bytes, which: str, *words: str) -> tuple[dict[str, object], bytes]:
    """Run an inspector. It gets the file only after its limits are set."""
    command = [sys.executable, "-I", str(INSPECTORS / f"{which}.py"), *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, close_fds=True
    ) as process:
        for limit, value in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, SECONDS),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.prlimit(process.pid, limit, (value, value))
        try:
            answer, _nothing = process.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return {"refused": "time"}, b""
    line, _, kept = answer.partition(b"\n")
    if process.returncode or not line:
        return {
            "refused": "damaged" if process.returncode and process.returncode > 0 else "memory"
        }, b""
    told: dict[str, object] = json.loads(line)
    return told, kept
