"""What a change order changes: the filing as registered beside the filing as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from console.rules.filing import Filing, Service

ENTITY, SERVICE, REMARKS = "entity", "service", "remarks"
# Of an entity and of a person.
_NOT_FILED = frozenset({"icp_number", "language"})
# Of a service, what is no answer of the applicant.
_NOT_ASKED = frozenset({"position", "kind", "icp_number", "leader", "same_as_entity_leader"})


@dataclass(frozen=True)
class Difference:
    """One answer that differs. `field` is its HTML name, `service` the position it belongs to."""

    field: str
    old: Any
    new: Any
    service: int | None = None


def differences(old: Filing, new: Filing) -> list[Difference]:
    """Every answer of `new` that differs from `old`, in the order of the forms.

    Services are matched by ICP number where they have one, else by position.
    """
    found = [
        *_differ("entity", old.entity, new.entity),
        *_differ("entity_leader", old.entity_leader, new.entity_leader),
    ]
    before = {_identity(service): service for service in old.services}
    for service in new.services:
        found += _service(before.get(_identity(service), Service()), service)
    return found


def _identity(service: Service) -> str | int:
    return service.icp_number or service.position


def _service(old: Service, new: Service) -> Iterator[Difference]:
    for difference in _differ("service", old, new, _NOT_ASKED):
        yield replace(difference, service=new.position)
    for difference in _differ("website_leader", old.leader, new.leader):
        yield replace(difference, service=new.position)


def _differ(
    prefix: str, old: object, new: object, skip: frozenset[str] = _NOT_FILED
) -> Iterator[Difference]:
    for item in fields(new):  # type: ignore[arg-type]
        if item.name in skip:
            continue
        before, after = getattr(old, item.name), getattr(new, item.name)
        if before != after:
            yield Difference(f"{prefix}-{item.name}", before, after)


def only_changed(old: Filing, new: Filing) -> Filing:
    """The filing as a change order hands it over: what it changes named, other services left out.

    A change of remarks alone is one of "remarks" (RULEBOOKS, decision 7).
    """
    found = differences(old, new)
    touched = {difference.service for difference in found}
    plain = {d.field for d in found if not d.field.endswith("-remarks")}
    changes = set()
    if any(field.startswith("entity") for field in plain):
        changes.add(ENTITY)
    if any(not field.startswith("entity") for field in plain):
        changes.add(SERVICE)
    if found and not changes:
        changes.add(REMARKS)
    services = tuple(service for service in new.services if service.position in touched)
    return replace(new, services=services, changes=frozenset(changes))
