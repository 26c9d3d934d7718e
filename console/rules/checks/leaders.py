"""Checks of the leaders against one another and against the entity."""

from __future__ import annotations

from collections.abc import Callable

from console.rules.checks.certificates import plain
from console.rules.checks.finding import GUIDES, ONE_MOBILE_ONE_PERSON, Collector, Finding, unique
from console.rules.filing import Filing, Person
from console.rules.mobiles import normalise_mobile
from console.rules.strings import tidy
from console.rules.text import T


def check_leaders(filing: Filing) -> list[Finding]:
    """Two mobiles are two people, one mobile is one person, throughout the order (decision 5).

    The finding is put at the later of the two.
    """
    before = [filing.entity_leader]
    found: list[Finding] = []
    for service in filing.services:
        if not service.same_as_entity_leader:
            form = Collector("website_leader", service.position)
            found += [finding for one in before for finding in _pair(one, service.leader, form)]
            before.append(service.leader)
    return unique(found)


def _pair(one: Person, other: Person, form: Collector) -> list[Finding]:
    if not one.mobile or not other.mobile:
        return []
    same = _same(one, other)
    if normalise_mobile(one.mobile) == normalise_mobile(other.mobile):
        return [
            form.refuse(
                field,
                T(
                    "Another leader has the same mobile number, so they are one person: enter the"
                    " same here, or another mobile number."
                ),
                ONE_MOBILE_ONE_PERSON,
            )
            for field, equal in same.items()
            if equal is False
        ]
    return [
        form.refuse(
            field,
            T(
                "Another leader with another mobile number has this too: enter this person's own,"
                " or the same mobile number if they are one person."
            ),
            ONE_MOBILE_ONE_PERSON,
        )
        for field in ("certificate_number", "email")
        if same[field]
    ]


def _same(one: Person, other: Person) -> dict[str, bool | None]:
    """Which of the particulars are the same; None where one is still empty."""
    spelled: dict[str, Callable[[str], str]] = {
        "name": tidy,
        "certificate_type": str,
        "certificate_number": plain,
        "email": lambda text: text.strip().casefold(),
    }
    result: dict[str, bool | None] = {}
    for field, spell in spelled.items():
        first, second = getattr(one, field), getattr(other, field)
        result[field] = spell(first) == spell(second) if first and second else None
    return result


def check_individual(filing: Filing) -> list[Finding]:
    """An individual files for himself: he is the entity leader, by the same certificate."""
    entity, leader = filing.entity, filing.entity_leader
    if entity.nature != "individual":
        return []
    form = Collector("entity_leader")
    message = T("An individual is the entity leader: enter the same as for the entity.")
    found = []
    if entity.name and leader.name and tidy(entity.name) != tidy(leader.name):
        found.append(form.refuse("name", message, GUIDES))
    for field in ("certificate_type", "certificate_number"):
        mine, his = getattr(entity, field), getattr(leader, field)
        if mine and his and plain(mine) != plain(his):
            found.append(form.refuse(field, message, GUIDES))
    return found
