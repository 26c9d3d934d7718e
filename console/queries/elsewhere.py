"""What an order's filing shares with other orders and with the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, literal, null, select, union_all
from sqlalchemy.orm import aliased

from console.extensions import db
from console.models import Mark, Order, RegisteredService
from console.rules.checks import Finding
from console.rules.checks.finding import GUIDES, WARN
from console.rules.filing import Filing, FilingType
from console.rules.lifecycle import FINAL, State
from console.rules.running import BRINGS_DOMAIN, Running, in_the_way
from console.rules.text import T, Text
from console.types import digest

MOST = 300  # shared marks that are looked at, newest orders first
SHARED = ("mobile", "email", "certificate", "domain", "icp-number")
OVER = (State.CANCELLED.value, State.LAPSED.value)
TOGETHER = T("which orders may run at once")


@dataclass(frozen=True)
class Other:
    """Another order and what it shares with this one: values by purpose."""

    number: str
    type: str
    state: str
    applicant_id: int
    shared: Mapping[str, frozenset[str]]


def elsewhere(order: Order, filing: Filing) -> list[Finding]:
    """What a reviewer should know: numbers another entity uses, orders in the way, domains filed.

    Everything is found by mark, so no other filing is opened; one query.
    """
    others, filed = _look(order, filing)
    found = [*_contacts(filing, others), *_in_the_way(filing, others)]
    for domain, icp_number in filed:
        text = T("The domain is filed already, as %(number)s.", number=icp_number)
        found += [
            Finding("service-domain", WARN, text, GUIDES, service.position)
            for service in filing.services
            if service.domain == domain and service.icp_number != icp_number
        ]
    return found


def _look(order: Order, filing: Filing) -> tuple[Sequence[Other], Sequence[tuple[str, str]]]:
    mine, theirs = aliased(Mark), aliased(Mark)
    same = and_(
        theirs.purpose == mine.purpose,
        theirs.value == mine.value,
        theirs.order_id != mine.order_id,
    )
    marks = (
        select(
            Order.id,
            Order.number,
            Order.type,
            Order.state,
            Order.applicant_id,
            theirs.purpose,
            theirs.value,
        )
        .select_from(mine)
        .join(theirs, same)
        .join(Order, Order.id == theirs.order_id)
        .where(mine.order_id == order.id, mine.purpose.in_(SHARED))
        .where(Order.round > 0, Order.state.not_in(OVER))
        .order_by(Order.id.desc())
        .limit(MOST)
        .subquery()
    )
    domains = [s.domain for s in filing.services if s.domain and filing.type in BRINGS_DOMAIN]
    filed = select(
        null(),
        RegisteredService.icp_number,
        null(),
        null(),
        null(),
        literal("filed"),
        RegisteredService.domain,
    ).where(RegisteredService.domain.in_(domains), RegisteredService.cancelled_at.is_(None))
    rows = db.session.execute(union_all(select(*marks.c), filed)).all()
    return _others(rows), [(row[6], row[1]) for row in rows if row[5] == "filed"]


def _others(rows: Sequence[Sequence[object]]) -> Sequence[Other]:
    shared: dict[int, dict[str, set[str]]] = {}
    facts = {}
    for order_id, number, kind, state, applicant, purpose, value in rows:
        if purpose != "filed":
            assert isinstance(order_id, int)
            facts[order_id] = (number, kind, state, applicant)
            shared.setdefault(order_id, {}).setdefault(str(purpose), set()).add(str(value))
    return [
        Other(*facts[key], {name: frozenset(values) for name, values in found.items()})  # type: ignore[arg-type]
        for key, found in shared.items()
    ]


def _contacts(filing: Filing, others: Sequence[Other]) -> Iterator[Finding]:
    """Numbers and addresses that another entity uses too."""
    messages = {
        "mobile": T("Another entity uses this mobile number, in order %(numbers)s."),
        "email": T("Another entity uses this e-mail address, in order %(numbers)s."),
    }
    for purpose, message in messages.items():
        for part, person, service in _people(filing):
            value = getattr(person, purpose)
            key = digest(purpose, value) if value else ""
            using = [
                other.number
                for other in others
                if key in other.shared.get(purpose, ()) and "certificate" not in other.shared
            ]
            if using:
                text = Text(message.template, {"numbers": ", ".join(sorted(using)[:3])})
                yield Finding(f"{part}-{purpose}", WARN, text, GUIDES, service)


def _people(filing: Filing) -> Iterator[tuple[str, object, int | None]]:
    yield "entity_leader", filing.entity_leader, None
    for service in filing.services:
        if not service.same_as_entity_leader:
            yield "website_leader", service.leader, service.position


def _in_the_way(filing: Filing, others: Sequence[Other]) -> Iterator[Finding]:
    numbers = frozenset(s.icp_number for s in filing.services if s.icp_number)
    new = Running(filing.type, numbers)
    for other in others:
        if State(other.state) in FINAL:
            continue
        kind = FilingType(other.type)
        shared = other.shared.get("icp-number", frozenset()) & numbers
        if "certificate" in other.shared and in_the_way(new, Running(kind, shared)):
            text = T("Order %(number)s of the same entity is running.", number=other.number)
            yield Finding("filing-services", WARN, text, TOGETHER)
        elif kind in BRINGS_DOMAIN and filing.type in BRINGS_DOMAIN:
            yield from _same_domain(filing, other)


def _same_domain(filing: Filing, other: Other) -> Iterator[Finding]:
    for service in filing.services:
        if service.domain in other.shared.get("domain", ()):
            text = T("Order %(number)s for the same domain is running.", number=other.number)
            yield Finding("service-domain", WARN, text, TOGETHER, service.position)
