"""Who must verify: the facts of an order and a rulebook in, the people out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from console.errors import Invalid
from console.rules.book import ENTITY_LEADER, WEBSITE_LEADER, Rulebook
from console.rules.filing import Filing, FilingType, Person, Service, ServiceKind
from console.rules.mobiles import normalise_mobile
from console.rules.rulebook import verification_applies
from console.rules.text import T

CHANGES = ("entity", "service", "remarks")


@dataclass(frozen=True)
class ServiceFacts:
    """A service as far as verification goes. `leader` tells people apart: their mobile number."""

    position: int
    kind: ServiceKind
    leader: str


@dataclass(frozen=True)
class OrderFacts:
    """An order as far as verification goes.

    `day`: in China, on which the ministry received the order; `province`: the entity's
    (decision 14). `services` of a change are those changed.
    """

    type: FilingType
    province: str
    day: date
    services: tuple[ServiceFacts, ...] = ()
    entity_leader: str = ""
    changes: frozenset[str] = frozenset()

    @property
    def row(self) -> str:
        """The line of the book's table: "change.entity", "first-filing.website" …"""
        if self.type is FilingType.CHANGE:
            changed = [name for name in ("entity", "service") if name in self.changes]
            return f"{self.type}.{'-and-'.join(changed) or 'remarks'}"
        kinds = {service.kind for service in self.services}
        if kinds == set(ServiceKind):
            return f"{self.type}.website-and-app"
        return f"{self.type}.{ServiceKind.APP if ServiceKind.APP in kinds else 'website'}"


@dataclass(frozen=True)
class Verifier:
    """One person who must verify, with the roles that ask it of them.

    `key` names the person within the order, the same for console and ministry. `services`: the
    positions of those they verify for as website leader. `person`: as in the facts.
    """

    key: str
    roles: tuple[str, ...]
    services: tuple[int, ...]
    person: str


def refuse_apps(book: Rulebook, facts: OrderFacts) -> None:
    """Raise Invalid for an app where the book knows none."""
    if not book.knows_apps and any(s.kind is ServiceKind.APP for s in facts.services):
        raise Invalid(
            T(
                "The rulebook %(book)s knows no apps. File the website only, or choose a rulebook"
                " that knows apps.",
                book=book.name,
            )
        )


def refuse_unknown(book: Rulebook, facts: OrderFacts) -> None:
    """Raise Invalid for an order that the book does not know: an app, or a change of nothing."""
    refuse_apps(book, facts)
    refuse_empty_change(facts)


def refuse_empty_change(facts: OrderFacts) -> None:
    """Raise Invalid for a change order in which nothing is changed, whatever the book."""
    if facts.type is FilingType.CHANGE and not facts.changes & set(CHANGES):
        raise Invalid(
            T(
                "This order changes nothing. Say what changes: the entity, a website or app, or"
                " the remarks."
            )
        )


def who_must_verify(book: Rulebook | None, facts: OrderFacts) -> tuple[Verifier, ...]:
    """The people who must verify, the entity leader first, then by service; often nobody.

    One mobile number is one person (decisions 4, 5, 8). Raises Invalid for an order that the book
    does not know. `book` None: before the family's first day, when nothing is verified.
    """
    if book is None:
        refuse_empty_change(facts)
        return ()
    refuse_unknown(book, facts)
    if not verification_applies(book, facts.province, facts.day):
        return ()
    return _people(book.roles_for(facts.row) or (), facts)


def _people(roles: tuple[str, ...], facts: OrderFacts) -> tuple[Verifier, ...]:
    positions: dict[str, list[int]] = {}
    if ENTITY_LEADER in roles:
        positions[facts.entity_leader] = []
    if WEBSITE_LEADER in roles:
        for service in sorted(facts.services, key=lambda s: s.position):
            positions.setdefault(service.leader, []).append(service.position)
    return tuple(
        _verifier(person, ENTITY_LEADER in roles and person == facts.entity_leader, services)
        for person, services in positions.items()
    )


def _verifier(person: str, is_entity_leader: bool, services: list[int]) -> Verifier:
    leads = (ENTITY_LEADER,) if is_entity_leader else ()
    owns = (WEBSITE_LEADER,) if services else ()
    key = ENTITY_LEADER if is_entity_leader else f"{WEBSITE_LEADER}-{services[0]}"
    return Verifier(key, leads + owns, tuple(services), person)


def leader_of_service(filing: Filing, service: Service) -> Person:
    """The service's leader: the entity leader himself where the service says so."""
    return filing.entity_leader if service.same_as_entity_leader else service.leader


def leader_of(filing: Filing, verifier: Verifier) -> Person:
    """The person behind a verifier of this filing."""
    if ENTITY_LEADER in verifier.roles:
        return filing.entity_leader
    first = next(s for s in filing.services if s.position == verifier.services[0])
    return leader_of_service(filing, first)


def facts_of(filing: Filing, day: date) -> OrderFacts:
    """A filing's facts for the day in China on which the ministry received it.

    Leaders without a mobile number yet count as different people.
    """
    services = tuple(
        ServiceFacts(
            service.position,
            service.kind,
            normalise_mobile(leader_of_service(filing, service).mobile)
            or (
                "?entity-leader"
                if service.same_as_entity_leader
                else f"?website-leader-{service.position}"
            ),
        )
        for service in filing.services
    )
    entity_leader = normalise_mobile(filing.entity_leader.mobile) or "?entity-leader"
    return OrderFacts(
        filing.type, filing.entity.province, day, services, entity_leader, filing.changes
    )
