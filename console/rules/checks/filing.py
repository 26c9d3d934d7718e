"""Checks of a whole filing: which parts its type needs, and how they fit together."""

from __future__ import annotations

from collections import Counter
from datetime import date

from console.errors import Invalid
from console.rules.bilingual import Bilingual
from console.rules.book import Rulebook
from console.rules.checks.entity import check_entity, check_filed_entity
from console.rules.checks.finding import FORM, GUIDES, REFUSE, RULEBOOKS, Finding, unique
from console.rules.checks.leaders import check_individual, check_leaders
from console.rules.checks.person import check_person
from console.rules.checks.service import check_filed_service, check_service
from console.rules.domains import parse_domain
from console.rules.filing import Filing, FilingType, Service
from console.rules.text import T, Text
from console.rules.verifiers import facts_of, refuse_empty_change, refuse_unknown

MOBILE_CHANGED, EMPTY_SHELL = "mobile-changed", "empty-shell"

_CANCELLATIONS = (FilingType.CANCEL_ENTITY, FilingType.CANCEL_SERVICE, FilingType.CANCEL_ACCESS)
_WITHOUT_SERVICES = (FilingType.CANCEL_ENTITY,)
_FILED_SERVICES = (
    FilingType.ADD_PROVIDER,
    FilingType.CHANGE,
    FilingType.CANCEL_SERVICE,
    FilingType.CANCEL_ACCESS,
)


def check_filing(filing: Filing, today: date, book: Rulebook | None = None) -> list[Finding]:
    """Every finding about a filing, in the order of the form; refusals stop its submission.

    `today` is the day in China. With a `book`, what it does not know is refused, and its
    questions must be answered.
    """
    found = _order(filing, today, book)
    if filing.type in _CANCELLATIONS:
        found += _cancellation(filing, today)
    else:
        found += _entity_part(filing, today) + _service_part(filing, today)
        found += check_individual(filing) + check_leaders(filing) + _twice(filing)
    return unique(found)


def refuses(findings: list[Finding]) -> bool:
    """Whether any finding stops the order."""
    return any(finding.severity == REFUSE for finding in findings)


def _refuse(field: str, message: Text | Bilingual, source: Text | Bilingual) -> Finding:
    return Finding(field, REFUSE, message, source)


def _order(filing: Filing, today: date, book: Rulebook | None) -> list[Finding]:
    """What is wrong with the order as such."""
    found = []
    facts = facts_of(filing, today)
    try:
        refuse_empty_change(facts)
    except Invalid as refusal:
        found.append(_refuse("filing-changes", refusal.text, RULEBOOKS))
    if book is not None and not found:
        try:
            refuse_unknown(book, facts)
        except Invalid as refusal:
            found.append(_refuse("filing-services", refusal.text, book.title))
    if not filing.services and _needs_services(filing):
        found.append(
            _refuse("filing-services", T("Add at least one website or app to the order."), FORM)
        )
    return found + _answers(filing, book)


def _needs_services(filing: Filing) -> bool:
    if filing.type is FilingType.CHANGE:
        return "service" in filing.changes
    return filing.type not in _WITHOUT_SERVICES


def _answers(filing: Filing, book: Rulebook | None) -> list[Finding]:
    """The two questions of `add-provider`, where the book has advice about them."""
    if filing.type is not FilingType.ADD_PROVIDER or book is None or book.add_provider is None:
        return []
    given = dict(filing.answers)
    asked = (
        (MOBILE_CHANGED, book.add_provider.changed_mobile),
        (EMPTY_SHELL, book.add_provider.empty_shell),
    )
    found = []
    for question, advice in asked:
        answer = given.get(question)
        if answer is None:
            found.append(_refuse(f"answers-{question}", T("Answer yes or no."), book.title))
        elif answer and given.get(MOBILE_CHANGED):
            # Without a changed mobile, an empty shell has nothing to ask of its old provider.
            found.append(_refuse(f"answers-{question}", advice, book.title))
    return found


def _cancellation(filing: Filing, today: date) -> list[Finding]:
    """A cancellation files nothing new: only what names the filed and what verifies it."""
    found = check_filed_entity(filing.entity)
    found += check_person(filing.entity_leader, "entity_leader", today, contact_only=True)
    if filing.type in _WITHOUT_SERVICES:
        return found
    for service in filing.services:
        found += check_filed_service(service)
        if not service.same_as_entity_leader:
            found += check_person(
                service.leader, "website_leader", today, service.position, contact_only=True
            )
    return found


def _entity_part(filing: Filing, today: date) -> list[Finding]:
    found = []
    if filing.type is not FilingType.FIRST_FILING:
        found += check_filed_entity(filing.entity)
    if filing.type is FilingType.CHANGE and "entity" not in filing.changes:
        return found + check_person(filing.entity_leader, "entity_leader", today, contact_only=True)
    found += check_entity(filing.entity, today)
    return found + check_person(filing.entity_leader, "entity_leader", today)


def _service_part(filing: Filing, today: date) -> list[Finding]:
    if filing.type is FilingType.CHANGE and "service" not in filing.changes:
        return []
    found = []
    for service in filing.services:
        if filing.type in _FILED_SERVICES:
            found += check_filed_service(service)
        found += check_service(service) + _leader(service, today)
    return found


def _leader(service: Service, today: date) -> list[Finding]:
    if service.same_as_entity_leader:
        return []
    return check_person(service.leader, "website_leader", today, service.position)


def _twice(filing: Filing) -> list[Finding]:
    """A domain may be filed for one website of the order only."""
    domains = {}
    for service in filing.services:
        try:
            domains[service.position] = (service.kind, parse_domain(service.domain))
        except Invalid:
            continue
    count = Counter(domains.values())
    message = T("Another service of this order has the same domain; enter another one.")
    first = {domain: position for position, domain in reversed(domains.items())}
    return [
        Finding("service-domain", REFUSE, message, GUIDES, position)
        for position, domain in domains.items()
        if count[domain] > 1 and first[domain] != position
    ]
