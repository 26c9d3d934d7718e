"""The rulebooks side by side: rows of facts in groups, a cell for each book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.rules.book import Rulebook
from console.rules.book_words import Said
from console.rules.text import Text
from console.web.book_notes import Mark, marks


@dataclass(frozen=True)
class Fact:
    """A row to be: what the fact is called, how a book words it, the attributes it shows."""

    key: str
    label: Text
    words: Callable[[Rulebook], tuple[Said, ...]]
    about: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """What one book says; without lines where it says nothing."""

    book: Rulebook
    lines: tuple[Said, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Row:
    """One fact under every book. `marks`: the notes that every book has on it."""

    key: str
    label: Text
    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Group:
    """Rows that belong together."""

    key: str
    title: Text
    rows: tuple[Row, ...]


def group(key: str, title: Text, facts: Sequence[Fact], books: Sequence[Rulebook]) -> Group:
    """The facts under every book."""
    return Group(key, title, tuple(row(fact, books) for fact in facts))


def row(fact: Fact, books: Sequence[Rulebook]) -> Row:
    """One fact under every book; a note that all of them have stands with the row's name."""
    noted = {book.name: marks(book, fact.about) for book in books}
    shared = tuple(
        mark for mark in noted[books[0].name] if all(mark in own for own in noted.values())
    )
    cells = tuple(
        Cell(book, fact.words(book), tuple(m for m in noted[book.name] if m not in shared))
        for book in books
    )
    return Row(fact.key, fact.label, cells, shared)
