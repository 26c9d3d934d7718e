"""The rulebooks' notes for the page: readings by book, numbered decisions once for all books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.rules.bilingual import Bilingual
from console.rules.book import Note, Rulebook


@dataclass(frozen=True)
class Mark:
    """A link from a cell to a note. `label` is what stands in the cell: "a", "3"."""

    label: str
    anchor: str
    decision: bool


@dataclass(frozen=True)
class Reading:
    """One reading of one book, with its letter and the id it is linked by."""

    mark: Mark
    text: Bilingual


@dataclass(frozen=True)
class Ruling:
    """One sentence of a decision; `books` are those it holds under, empty where all of them."""

    text: Bilingual
    books: tuple[Rulebook, ...]


@dataclass(frozen=True)
class Decision:
    """A numbered decision, with all that the books say of it."""

    mark: Mark
    number: int
    rulings: tuple[Ruling, ...]


def readings(book: Rulebook) -> tuple[Reading, ...]:
    """What the book's source leaves open and how it is read, in the book's order."""
    notes = [note for note in book.notes if note.decision is None]
    return tuple(
        Reading(Mark(_letter(n), f"reading-{book.name}-{n + 1}", False), note.text)
        for n, note in enumerate(notes)
    )


def _letter(n: int) -> str:
    # Without those that look like a digit or like each other.
    letters = "abcdefghkmnpqrstuvwxyz"
    return letters[n] if n < len(letters) else str(n + 1)


def decisions(books: Sequence[Rulebook]) -> tuple[Decision, ...]:
    """Every decision that a book carries, by number."""
    found: dict[int, dict[Bilingual, list[Rulebook]]] = {}
    for book in books:
        for note in book.notes:
            if note.decision is not None:
                found.setdefault(note.decision, {}).setdefault(note.text, []).append(book)
    return tuple(
        Decision(
            _decision_mark(number),
            number,
            tuple(
                Ruling(text, () if len(under) == len(books) else tuple(under))
                for text, under in found[number].items()
            ),
        )
        for number in sorted(found)
    )


def marks(book: Rulebook, about: Iterable[str]) -> tuple[Mark, ...]:
    """The links to every note of the book that is about one of these attributes."""
    wanted = set(about)
    letters = iter(readings(book))
    found = []
    for note in book.notes:
        mark = _mark(note) or next(letters).mark
        if note.about in wanted:
            found.append(mark)
    return tuple(dict.fromkeys(found))


def _mark(note: Note) -> Mark | None:
    return None if note.decision is None else _decision_mark(note.decision)


def _decision_mark(number: int) -> Mark:
    return Mark(str(number), f"decision-{number}", True)
