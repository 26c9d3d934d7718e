"""Who must verify under each rulebook, by filing type and by what is filed or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.rules.book import Rulebook
from console.rules.filing import FilingType
from console.rules.labels import FILING_TYPES, VERIFIER_ROLES
from console.rules.text import T, Text
from console.web.book_notes import Mark, marks

PARTS: dict[str, Text] = {
    "website": T("website"),
    "website-and-app": T("website and app"),
    "app": T("app"),
    "entity": T("entity information"),
    "service": T("website or app information"),
    "entity-and-service": T("entity and website or app information"),
    "remarks": T("remarks only"),
}


@dataclass(frozen=True)
class WhoCell:
    """`refused`: the book knows no such order. `later`: named, but not in force yet."""

    book: Rulebook
    roles: tuple[Text, ...]
    later: tuple[Text, ...]
    refused: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class WhoRow:
    """A line of the table; `part` None where the filing type is one line."""

    key: str
    type_label: Text
    part: Text | None
    cells: tuple[WhoCell, ...]


def who_rows(books: Sequence[Rulebook]) -> tuple[WhoRow, ...]:
    """Every line that any of the books has, under all of them."""
    return tuple(_row(key, books) for key in _keys(books))


def _keys(books: Sequence[Rulebook]) -> list[str]:
    known = {key for book in books for key in book.who}
    ordered = [key for kind in FilingType for key in (kind.value, *_parts_of(kind))]
    return [key for key in ordered if key in known]


def _parts_of(kind: FilingType) -> list[str]:
    return [f"{kind}.{part}" for part in PARTS]


def _row(key: str, books: Sequence[Rulebook]) -> WhoRow:
    kind, _, part = key.partition(".")
    cells = tuple(_cell(key, book) for book in books)
    return WhoRow(key, FILING_TYPES[kind], PARTS[part] if part else None, cells)


def _cell(key: str, book: Rulebook) -> WhoCell:
    roles = book.roles_for(key)
    later = book.future_roles_for(key)
    return WhoCell(
        book,
        tuple(VERIFIER_ROLES[role] for role in roles or ()),
        tuple(VERIFIER_ROLES[role] for role in later),
        roles is None,
        marks(book, ("future",)) if later else (),
    )
