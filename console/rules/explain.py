"""Why someone must verify, or why nobody must, in words for the check page."""

from __future__ import annotations

from console.rules.bilingual import Bilingual
from console.rules.book import ENTITY_LEADER, WEBSITE_LEADER, Rulebook
from console.rules.filing import FilingType, ServiceKind
from console.rules.labels import VERIFIER_ROLES
from console.rules.provinces import PROVINCES
from console.rules.rulebook import verification_applies
from console.rules.text import T, Text
from console.rules.verifiers import OrderFacts, Verifier


def occasion(facts: OrderFacts) -> Text:
    """What the order does, to stand after "because"."""
    if facts.type is FilingType.CHANGE:
        return _change(facts.changes)
    if facts.type in (FilingType.FIRST_FILING, FilingType.ADD_SERVICE):
        return _new(facts)
    return {
        FilingType.ADD_PROVIDER: T("this provider is added to a filing"),
        FilingType.CANCEL_ENTITY: T("the entity is cancelled"),
        FilingType.CANCEL_SERVICE: T("a website or app is cancelled"),
        FilingType.CANCEL_ACCESS: T("this provider is taken off a filing"),
    }[facts.type]


def _change(changes: frozenset[str]) -> Text:
    if {"entity", "service"} <= changes:
        return T("information about the entity and about a website or app changes")
    if "entity" in changes:
        return T("information about the entity changes")
    if "service" in changes:
        return T("information about a website or app changes")
    return T("only remarks change")


def _new(facts: OrderFacts) -> Text:
    kinds = {service.kind for service in facts.services}
    first = facts.type is FilingType.FIRST_FILING
    if kinds == set(ServiceKind):
        return T("a website and an app are filed") if first else T("a website and an app are added")
    if ServiceKind.APP in kinds:
        return T("an app is filed") if first else T("an app is added")
    return T("a website is filed") if first else T("a website is added")


def why(book: Rulebook, facts: OrderFacts, verifier: Verifier) -> Text:
    """Why this person must verify, in one sentence."""
    values = {"book": book.title, "occasion": occasion(facts)}
    if verifier.roles == (ENTITY_LEADER,):
        return T(
            "The entity leader must verify because %(occasion)s (%(book)s).",
            **values,
        )
    positions = ", ".join(str(position) for position in verifier.services)
    if ENTITY_LEADER in verifier.roles:
        return T(
            "The entity leader, who also leads website or app %(positions)s, must verify because"
            " %(occasion)s; one code is enough for both roles (%(book)s).",
            positions=positions,
            **values,
        )
    return T(
        "The leader of website or app %(positions)s must verify because %(occasion)s (%(book)s).",
        positions=positions,
        **values,
    )


def why_none(book: Rulebook | None, facts: OrderFacts) -> Text:
    """Why nobody must verify: the book, the province, the day, or the kind of order."""
    if book is None:
        return T("Nobody has to verify: no rulebook was in force on %(day)s.", day=facts.day)
    if not verification_applies(book, facts.province, facts.day):
        return _out_of_force(book, facts)
    values = {"book": book.title, "occasion": occasion(facts)}
    future = book.future_roles_for(facts.row)
    if future:
        return T(
            "Nobody has to verify for the time being although %(occasion)s. The rulebook “%(book)s”"
            " names for this: %(role)s, from a day still open.",
            role=_role(future),
            **values,
        )
    return T("Nobody has to verify when %(occasion)s (%(book)s).", **values)


def _role(roles: tuple[str, ...]) -> Text:
    return VERIFIER_ROLES[WEBSITE_LEADER if WEBSITE_LEADER in roles else ENTITY_LEADER]


def _out_of_force(book: Rulebook, facts: OrderFacts) -> Text:
    known = PROVINCES.get(facts.province)
    name: Bilingual | str = known.name if known else facts.province
    rule = (book.provinces or {}).get(facts.province)
    if rule is not None:
        return T(
            "Nobody has to verify: in %(province)s verification began on %(begin)s (%(book)s).",
            province=name,
            begin=rule.in_force_from,
            book=book.title,
        )
    return T(
        "Nobody has to verify: the rulebook “%(book)s” is not in force in %(province)s.",
        province=name,
        book=book.title,
    )
