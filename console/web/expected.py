"""Who will have to verify, told before anything is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from console.errors import Invalid
from console.rules.bilingual import Bilingual
from console.rules.book import Portal, Rulebook
from console.rules.carriers import sender_for
from console.rules.codes import certificate_label
from console.rules.explain import why, why_none
from console.rules.filing import Filing, Person
from console.rules.text import Text
from console.rules.verifiers import Verifier, facts_of, leader_of, who_must_verify
from console.web.portal_links import sender_words


@dataclass(frozen=True)
class ExpectedVerifier:
    """A person who will get a code. `sender` None: where it comes from is not fixed."""

    verifier: Verifier
    person: Person
    why: Text
    sender: Text | str | None

    @property
    def certificate(self) -> Text | None:
        """The certificate whose last six characters are asked for."""
        kind = self.person.certificate_type
        return certificate_label(kind) if kind else None


@dataclass(frozen=True)
class Expected:
    """All that is known beforehand. `refused`: why the book in force takes no such order."""

    book: Rulebook | None
    people: tuple[ExpectedVerifier, ...] = ()
    why_none: Text | None = None
    refused: Text | Bilingual | None = None
    portal: Portal | None = None
    province_missing: bool = False


def expected(filing: Filing, book: Rulebook | None, today: date) -> Expected:
    """Who would have to verify if the ministry received the filing today."""
    facts = facts_of(filing, today)
    if not filing.entity.province:
        return Expected(book, province_missing=True)
    try:
        verifiers = who_must_verify(book, facts)
    except Invalid as refusal:
        return Expected(book, refused=refusal.text)
    if book is None or not verifiers:
        return Expected(book, why_none=why_none(book, facts))
    people = []
    for verifier in verifiers:
        person = leader_of(filing, verifier)
        sender = sender_for(book, person.mobile) if person.mobile else None
        words = sender_words(sender) if sender else None
        people.append(ExpectedVerifier(verifier, person, why(book, facts, verifier), words))
    return Expected(book, tuple(people), portal=book.portal_in(filing.entity.province))
