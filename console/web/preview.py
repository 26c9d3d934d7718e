"""Who will get a code, from which sender, until when: told while an order is being chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from console.queries.register import FiledEntity
from console.rules.filing import Filing, FilingType, Person, Service, ServiceKind
from console.rules.icp_numbers import parse_icp_number
from console.rules.masking import mask_mobile, mask_name
from console.rules.rulebook import Rulebook
from console.rules.verifiers import OrderFacts, facts_of, leader_of_service
from console.services.contents import registered_filing
from console.web.who_view import Answer, Texted, answer, order_facts


@dataclass(frozen=True)
class PreviewPerson:
    """Someone who will get a code; `name` and `mobile`, masked, only where they are filed."""

    texted: Texted
    name: str = ""
    mobile: str = ""


@dataclass(frozen=True)
class Preview:
    """The answer of the book in force. `answer` None: something has to be chosen first."""

    book: Rulebook | None
    answer: Answer | None = None
    people: tuple[PreviewPerson, ...] = ()
    asks_province: bool = False


def of_outline(
    book: Rulebook | None,
    filing_type: FilingType,
    kinds: Sequence[ServiceKind],
    province: str,
    today: date,
) -> Preview:
    """For an order of which nothing is filed here: its kinds and province are all that is known."""
    if not kinds:
        return Preview(book)
    if not province and book is not None and book.provinces is not None:
        return Preview(book, asks_province=True)
    facts = order_facts(filing_type, province, today, kinds)
    return _preview(book, facts)


def of_icp_number(book: Rulebook | None, typed: str, today: date) -> Preview:
    """For an access filing: the number says the province, and whether it is an app."""
    number = parse_icp_number(typed)
    province = number.province if number else ""
    kind = ServiceKind.APP if number and number.app else ServiceKind.WEBSITE
    return of_outline(book, FilingType.ADD_PROVIDER, (kind,), province, today)


def of_filed(
    book: Rulebook | None,
    filing_type: FilingType,
    entity: FiledEntity,
    numbers: Sequence[str],
    kinds: Sequence[ServiceKind],
    changes: frozenset[str],
    today: date,
) -> Preview:
    """For an order about what is filed here; `kinds` of services it adds."""
    filing = registered_filing(entity.id, numbers, filing_type)
    if filing_type is FilingType.ADD_SERVICE:
        added = tuple(Service(position=n, kind=kind) for n, kind in enumerate(kinds, 1))
        filing = replace(filing, services=added)
    if filing_type is FilingType.CHANGE:
        filing = replace(filing, changes=changes)
    nothing = not (filing.services or filing.changes or filing_type is FilingType.CANCEL_ENTITY)
    if nothing:
        return Preview(book)
    return _preview(book, facts_of(filing, today), filing)


def _preview(book: Rulebook | None, facts: OrderFacts, filing: Filing | None = None) -> Preview:
    found = answer(book, facts)
    people = tuple(_person(texted, filing) for texted in found.people)
    return Preview(book, found, people)


def _person(texted: Texted, filing: Filing | None) -> PreviewPerson:
    person = _leader(texted, filing) if filing else Person()
    if not person.mobile:
        return PreviewPerson(texted)
    return PreviewPerson(texted, mask_name(person.name), mask_mobile(person.mobile))


def _leader(texted: Texted, filing: Filing) -> Person:
    if texted.key == "entity-leader":
        return filing.entity_leader
    first = next(s for s in filing.services if s.position == texted.services[0])
    return leader_of_service(filing, first)
