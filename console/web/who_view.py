"""Who must verify, why, until when and from which sender: one answer for each rulebook, as data.

Pure: facts and books in, texts out. `templates/rulebooks/_answer.html` draws an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from console.errors import Invalid
from console.rules import book_words as words
from console.rules.bilingual import Bilingual
from console.rules.book import Portal, Rulebook
from console.rules.book_words import Said
from console.rules.carriers import sender_for
from console.rules.explain import why, why_none
from console.rules.filing import FilingType, ServiceKind
from console.rules.labels import VERIFIER_ROLES
from console.rules.rulebook import verification_applies
from console.rules.text import T, Text
from console.rules.verifiers import OrderFacts, ServiceFacts, Verifier, who_must_verify


@dataclass(frozen=True)
class Texted:
    """Someone who gets a code. `services`: the positions they verify for as website leader."""

    key: str
    roles: tuple[Text, ...]
    services: tuple[int, ...]
    why: Text
    senders: tuple[tuple[Text, Said], ...]


@dataclass(frozen=True)
class Answer:
    """One book's answer. `reason`: why nobody must, or why the book refuses the order.

    `frame` is what those who verify must know, as pairs of a name and what the book says;
    `advice` what to see to before such an order.
    """

    book: Rulebook | None
    verdict: Literal["verify", "nobody", "refused"]
    people: tuple[Texted, ...] = ()
    reason: Text | Bilingual | None = None
    frame: tuple[tuple[Text, Said], ...] = ()
    portal: Portal | None = None
    advice: tuple[Bilingual, ...] = ()

    @property
    def title(self) -> Text:
        """The answer in a few words."""
        if self.verdict == "refused":
            return T("Refused")
        if self.verdict == "nobody":
            return T("No verification")
        if len(self.people) == 1:
            return T("One person must verify")
        return T("%(count)s people must verify", count=len(self.people))


def order_facts(
    type: FilingType,
    province: str,
    day: date,
    kinds: Iterable[ServiceKind],
    changes: Iterable[str] = (),
    same_mobile: bool = False,
) -> OrderFacts:
    """An order in outline: every leader is another person unless all share one mobile."""
    services = tuple(
        ServiceFacts(n, kind, "entity-leader" if same_mobile else f"website-leader-{n}")
        for n, kind in enumerate(kinds, 1)
    )
    changed = frozenset(changes) if type is FilingType.CHANGE else frozenset()
    return OrderFacts(type, province, day, services, "entity-leader", changed)


def answer(book: Rulebook | None, facts: OrderFacts) -> Answer:
    """What the book says to an order with these facts. `book` None: none is in force."""
    try:
        verifiers = who_must_verify(book, facts)
    except Invalid as refusal:
        return Answer(book, "refused", reason=refusal.text)
    advice = _advice(book, facts)
    if book is None or not verifiers:
        return Answer(book, "nobody", reason=why_none(book, facts), advice=advice)
    return Answer(
        book,
        "verify",
        people=tuple(_texted(book, facts, verifier) for verifier in verifiers),
        frame=_frame(book),
        portal=book.portal_in(facts.province),
        advice=advice,
    )


def _texted(book: Rulebook, facts: OrderFacts, verifier: Verifier) -> Texted:
    return Texted(
        verifier.key,
        tuple(VERIFIER_ROLES[role] for role in verifier.roles),
        verifier.services,
        why(book, facts, verifier),
        _senders(book, verifier.person),
    )


def _senders(book: Rulebook, person: str) -> tuple[tuple[Text, Said], ...]:
    """Who texts this person: one line where the mobile number is known, else by carrier."""
    if not person.isdigit():
        return words.senders(book)
    return ((T("The text comes from"), words.sender(sender_for(book, person))),)


def _frame(book: Rulebook) -> tuple[tuple[Text, Said], ...]:
    frame: list[tuple[Text, Said]] = [
        (T("Time to verify"), words.window(book)),
        (T("The code arrives"), words.dispatch(book)),
        (T("Tries before the order fails"), words.tries(book)),
        (T("What counts as a failed try"), words.counted(book)),
        (T("Resends by hand"), words.resends(book)),
        (T("Asked for when verifying"), words.entries(book.captcha_verify, True)),
    ]
    if book.resend_automatic:
        frame.insert(5, (T("Sent again by itself"), words.automatic_resend(book)))
    return tuple(frame)


def _advice(book: Rulebook | None, facts: OrderFacts) -> tuple[Bilingual, ...]:
    known = book.add_provider if book else None
    if (
        book is None
        or known is None
        or facts.type is not FilingType.ADD_PROVIDER
        or not verification_applies(book, facts.province, facts.day)
    ):
        return ()
    return (known.changed_mobile, known.empty_shell)
