"""The rulebooks: how the ministry verifies mobile numbers for one provider in one period.

Each is one file of `books/`, dated, with its source, and frozen once in force. A new one needs no
code. Dates are days in China.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from console.errors import NotFound
from console.rules.book import Rulebook
from console.rules.book_reader import BookError
from console.rules.book_schema import book_from
from console.rules.text import T

__all__ = [
    "BookError",
    "Rulebook",
    "families",
    "in_force",
    "load_books",
    "load_folder",
    "verification_applies",
]

BOOKS = Path(__file__).with_name("books")


@cache
def load_books() -> Mapping[str, Rulebook]:
    """Every book by name, oldest first. Raises BookError naming book and key."""
    return MappingProxyType(load_folder(BOOKS))


def load_folder(folder: Path) -> dict[str, Rulebook]:
    """The books of a folder. Raises BookError; a file's name must be its book's name."""
    books = []
    for path in folder.glob("*.toml"):
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BookError(path.stem, "the file", f"is not readable TOML ({error})") from error
        books.append(book_from(path.stem, data))
    return {book.name: book for book in sorted(books, key=lambda b: (b.in_force_from, b.name))}


def families() -> dict[str, tuple[Rulebook, ...]]:
    """The books of each family in the order in which they replaced one another."""
    found: dict[str, tuple[Rulebook, ...]] = {}
    for book in load_books().values():
        found[book.family] = (*found.get(book.family, ()), book)
    return found


def in_force(name_or_family: str, china_day: date) -> Rulebook | None:
    """The book that applies on a day; None before a family's first day.

    A book named outright applies on any day; within a family the next book replaces the one
    before on its day (decision 13). Raises NotFound for a name that is neither.
    """
    books = load_books()
    if name_or_family in books:
        return books[name_or_family]
    family = families().get(name_or_family)
    if family is None:
        raise NotFound(
            T(
                "There is no rulebook %(name)s. Choose one of: %(known)s.",
                name=name_or_family,
                known=", ".join([*books, *families()]),
            )
        )
    begun = [book for book in family if book.in_force_from <= china_day]
    return begun[-1] if begun else None


def verification_applies(book: Rulebook | None, province: str, china_day: date) -> bool:
    """Whether orders of this province's entities are verified under the book on that day."""
    if book is None:
        return False
    if book.provinces is None:
        return True
    rule = book.provinces.get(province)
    if rule is None:
        return False
    return rule.in_force_from is None or china_day >= rule.in_force_from
