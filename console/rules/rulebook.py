"""A rulebook: how the ministry verifies mobile numbers for one provider in one period.

Each is one file of `books/`, dated, with its source, and frozen once in force. A new one needs no
code. Dates are days in China.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from console.errors import NotFound
from console.rules.bilingual import Bilingual
from console.rules.text import T

BOOKS = Path(__file__).with_name("books")
CARRIERS = ("telecom", "unicom", "mobile", "virtual")
ENTITY_LEADER, WEBSITE_LEADER = "entity-leader", "website-leader"
VERIFIER_ROLES = (ENTITY_LEADER, WEBSITE_LEADER)


@dataclass(frozen=True)
class Source:
    """The document the book was read from. `day`: when it is from, None where it does not say."""

    document: str
    title: str
    day: date | None


@dataclass(frozen=True)
class Portal:
    """Where leaders verify. `host` alone, and the address to open."""

    host: str
    url: str


@dataclass(frozen=True)
class ProvinceRule:
    """A province under a book: from which day (None: no day of its own), and its own portal."""

    in_force_from: date | None
    portal: Portal


@dataclass(frozen=True)
class Note:
    """Something the book's source leaves open, and how it is read.

    `about` names the attribute; `decision` is the number of the decision, None for a reading.
    """

    about: str
    decision: int | None
    text: Bilingual


@dataclass(frozen=True)
class AddProviderAdvice:
    """What to do first when a filed service comes from another provider (`add-provider`)."""

    changed_mobile: Bilingual
    empty_shell: Bilingual


@dataclass(frozen=True)
class Rulebook:
    """All that one book says. Spans are (least, most) in minutes.

    `who` maps "<filing type>" or "<filing type>.<what>" to the roles that must verify; <what> is
    "website", "app", "website-and-app", or for a change "entity", "service",
    "entity-and-service", "remarks". `future` are rows that the book names but that are not in
    force. `resends_manual` None: no limit said. `certificates` None: whichever the leader has.
    """

    name: str
    family: str
    title: Bilingual
    source: Source
    in_force_from: date
    provinces: Mapping[str, ProvinceRule] | None
    portal: Portal | None
    portal_link_in_message: bool
    entry_verify: Bilingual
    entry_resend: Bilingual
    window_hours: int
    window_starts_at: str
    dispatch_minutes: tuple[int, int]
    synchronisation_minutes: tuple[int, int]
    answer_lag_minutes: tuple[int, int]
    code_digits: int
    code_unique_per_person: bool
    sent_to: Bilingual
    senders: Mapping[str, str | None]
    captcha_verify: bool
    captcha_resend: bool
    certificates: tuple[str, ...] | None
    counted_failure: str
    tries: int
    tries_in_row: bool
    on_tries_used_up: str
    on_expiry: str
    cancel_after_tries_hours: int | None
    resends_manual: int | None
    resend_automatic: str | None
    resend_minutes: tuple[int, int]
    unmodified_resubmission: bool
    resubmission: Bilingual
    mobile_correction: frozenset[str]
    mobile_unreachable: Bilingual
    knows_apps: bool
    who: Mapping[str, tuple[str, ...]]
    future: Mapping[str, tuple[str, ...]]
    add_provider: AddProviderAdvice | None
    no_text_help: tuple[Bilingual, ...]
    legal_basis: Bilingual | None
    notes: tuple[Note, ...]

    def portal_in(self, province: str) -> Portal | None:
        """The portal for an entity of this province; None where the book is not in force."""
        if self.provinces is None:
            return self.portal
        rule = self.provinces.get(province)
        return rule.portal if rule else None

    def roles_for(self, row: str) -> tuple[str, ...] | None:
        """Who must verify for a row ("change.entity"); None where the book has no such row."""
        return self.who.get(row, self.who.get(row.partition(".")[0]))

    def future_roles_for(self, row: str) -> tuple[str, ...]:
        """Who the book names for later, without it being in force yet."""
        return self.future.get(row, self.future.get(row.partition(".")[0], ()))


@cache
def load_books() -> Mapping[str, Rulebook]:
    """Every book by name, oldest first. Raises BookError naming book and key."""
    return MappingProxyType(load_folder(BOOKS))


def load_folder(folder: Path) -> dict[str, Rulebook]:
    """The books of a folder. Raises BookError; a file's name must be its book's name."""
    from console.rules.book_schema import book_from

    books = []
    for path in folder.glob("*.toml"):
        with path.open("rb") as file:
            books.append(book_from(path.stem, tomllib.load(file)))
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
