"""The Chinese catalogue: what the sources say, what is translated, and how the files are written.

The .po file is a function of the sources and the translations alone: sorted, without line numbers
or dates, so that two people's changes seldom touch the same lines.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = "zh_Hans_CN"
FOLDER = ROOT / "console" / "translations" / LOCALE / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
PLACES = ("console", "templates")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "T": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
}
NO_DATE = datetime(2026, 11, 1, tzinfo=UTC)

Key = str | tuple[str, str]  # a text, or its singular and plural


def _found() -> Iterator[tuple[Key, str | None]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    # From the root, since the patterns in babel.cfg are.
    for _, _, message, _, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_ours
    ):
        yield message, context


def _ours(folder: str | Path) -> bool:
    path = Path(folder)
    return path == ROOT or path.relative_to(ROOT).parts[0] in PLACES


def from_sources() -> Catalog:
    """Every text of the sources, untranslated."""
    made = Catalog(
        LOCALE,
        project="ICP filing console",
        version="1",
        last_translator="the project",
        language_team="the project",
        msgid_bugs_address="-",
        fuzzy=False,
    )
    made.header_comment = "# Texts of the console in Simplified Chinese; see tools/translations.py."
    made.creation_date = made.revision_date = NO_DATE
    for message, context in _found():
        made.add(message, context=context)
    return made


def from_file(path: Path = PO) -> Catalog:
    """What the .po file holds; an empty catalogue where there is none."""
    if not path.exists():
        return Catalog(LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def merged(sources: Catalog, old: Catalog, new: Mapping[str, str]) -> Catalog:
    """The sources' texts, translated by `new`, else as in the old catalogue."""
    for message in sources:
        if not message.id:
            continue
        single = message.id if isinstance(message.id, str) else message.id[0]
        known = old.get(message.id, message.context)
        chinese = new.get(single) or _text(known.string if known else "")
        message.string = chinese if isinstance(message.id, str) else (chinese,)
    return sources


def _text(string: str | list[str] | tuple[str, ...]) -> str:
    return string if isinstance(string, str) else string[0] if string else ""


def missing(catalogue: Catalog) -> list[Key]:
    """The texts without a translation."""
    return [message.id for message in catalogue if message.id and not _text(message.string)]


def po_bytes(catalogue: Catalog) -> bytes:
    """As the .po file is written."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """As the .mo file is written."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def write(catalogue: Catalog) -> None:
    """Write both files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalogue))
    MO.write_bytes(mo_bytes(from_file()))
