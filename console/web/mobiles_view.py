"""The mobile numbers that get a code, in an order that asks for nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from console.rules.bilingual import Bilingual
from console.rules.filing import FilingType, Person
from console.rules.text import T, Text
from console.web.desk import Desk


@dataclass(frozen=True)
class MobileTyped:
    """A number that was not taken: of whom (0: the entity leader), as typed, and why not."""

    position: int
    value: str
    error: Text | Bilingual | None = None


@dataclass(frozen=True)
class VerifierTyped:
    """A number that was not taken for a verifier while the order is verified."""

    key: str
    value: str
    error: Text | Bilingual


@dataclass(frozen=True)
class MobileLine:
    """A leader of the order and the number to be texted. `position` 0: the entity leader."""

    position: int
    who: Text
    name: str
    value: str
    error: Text | Bilingual | None = None


def mobiles(desk: Desk, typed: MobileTyped | None = None) -> list[MobileLine]:
    """The leaders whose number can be corrected; where the entity goes, its leader alone."""
    if not desk.sections.mobiles or not desk.editable:
        return []
    filing = desk.filing
    of_services = () if filing.type is FilingType.CANCEL_ENTITY else filing.services
    found = []
    if not of_services or any(service.same_as_entity_leader for service in of_services):
        found.append(_line(0, T("Entity leader"), filing.entity_leader, typed))
    found += [
        _line(s.position, T("Leader of %(service)s", service=s.name), s.leader, typed)
        for s in of_services
        if not s.same_as_entity_leader
    ]
    return found


def _line(position: int, who: Text, person: Person, typed: MobileTyped | None) -> MobileLine:
    if typed is not None and typed.position == position:
        return MobileLine(position, who, person.name, typed.value, typed.error)
    return MobileLine(position, who, person.name, person.mobile)
