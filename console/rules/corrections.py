"""What a returned order opens for correction: what the return points at, and what hangs on it.

A point is written as in `return_points`: `service-name:1`, `materials-portrait:1`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from console.rules.changes import differences
from console.rules.filing import Filing, Person
from console.rules.materials import Slot
from console.rules.return_points import PAPERS, split

_WHOLE_ORDER = "filing"  # the type is wrong: no answer mends that
SAME = "service-same_as_entity_leader"
_IDENTITY = ("name", "certificate_type", "certificate_number")
# Answers of which one can seldom be corrected without the others.
_TOGETHER: Mapping[str, tuple[frozenset[str], ...]] = {
    "entity": (
        frozenset({"nature", "superior_unit", *_IDENTITY}),
        frozenset({"city", "district", "contact_address"}),
    ),
    "person": (
        frozenset({"certificate_type", "certificate_number", "valid_from", "valid_to"})
        | {"long_term"},
        frozenset({"mobile", "emergency_phone"}),
    ),
    "service": (
        frozenset({"domain", "home_address"}),
        frozenset({"content_types", "pre_approval_kind", "pre_approval_number"}),
        frozenset({"ip_addresses", "access_mode", "server_province"}),
    ),
}
_PERSON = tuple(name for name in vars(Person()) if name != "language")
_SYSTEMS = ("android_", "ios_", "harmonyos_")
# The paper that shows an answer is taken anew with it; the others with any answer.
_SHOWS: Mapping[str, tuple[str, ...]] = {
    "entity-certificate": ("entity-certificate_number", "entity-certificate_address"),
    "entity-leader-front": ("entity_leader-certificate_number",),
    "entity-leader-back": ("entity_leader-certificate_number",),
    "website-leader-front": ("website_leader-certificate_number",),
    "website-leader-back": ("website_leader-certificate_number",),
    "domain-certificate": ("service-domain",),
    "pre-approval": ("service-pre_approval_number",),
    "portrait": ("website_leader-name",),
}

Opened = frozenset[str]


def opened(
    filing: Filing,
    reasons: Sequence[str],
    details: Iterable[Mapping[str, Any]],
    refused: Iterable[str] = (),
) -> Opened | None:
    """The points that are open; None where everything is, as a reason points at nothing.

    `refused` are answers that cannot be handed in as they stand, whatever the return was about.
    """
    found = {one["reason"]: {*one["fields"], *one["materials"]} for one in details}
    points = set().union(*found.values())
    if not reasons or not all(found.get(reason) for reason in reasons):
        return None
    if any(point.startswith(f"{_WHOLE_ORDER}-") for point in points):
        return None
    return frozenset(_with_what_hangs_on_it(filing, points | set(refused)))


def _with_what_hangs_on_it(filing: Filing, points: set[str]) -> set[str]:
    found: set[str] = set()
    while points != found:
        found = points
        points = found | {more for point in found for more in _together(filing, point)}
    return found


def _together(filing: Filing, point: str) -> Iterator[str]:
    field, position = split(point)
    part, _, name = field.partition("-")
    if part == PAPERS:
        return
    tail = "" if position is None else f":{position}"
    if part.endswith("_leader"):
        names = set(_PERSON) if name == "name" else _beside("person", name)
        yield from (f"{part}-{one}{tail}" for one in names)
        if name == "name" and tail:
            yield f"{SAME}{tail}"
        yield from _same_person(filing, part, name, position)
    else:
        yield from (f"{part}-{one}{tail}" for one in _beside(part, name))
        if name.startswith(_SYSTEMS):
            yield f"service-platforms{tail}"
        if point == f"{SAME}{tail}":
            yield f"website_leader-name{tail}"
    if filing.entity.nature == "individual" and name in _IDENTITY and part.startswith("entity"):
        yield f"entity-{name}"
        yield f"entity_leader-{name}"


def _beside(part: str, name: str) -> set[str]:
    return {one for group in _TOGETHER.get(part, ()) if name in group for one in group}


def _same_person(filing: Filing, part: str, name: str, position: int | None) -> Iterator[str]:
    """The same answer wherever the same person is named: one person's must agree everywhere."""
    leaders = {"entity_leader": filing.entity_leader}
    for service in filing.services:
        if not service.same_as_entity_leader:
            leaders[f"website_leader:{service.position}"] = service.leader
    mine = leaders.get(part if position is None else f"{part}:{position}")
    for key, other in leaders.items():
        if mine is not None and mine.mobile and mine.mobile == other.mobile:
            who, _, where = key.partition(":")
            yield f"{who}-{name}{f':{where}' if where else ''}"


def is_open(points: Opened | None, field: str, service: int | None = None) -> bool:
    """Whether an answer can be corrected. The language of a leader always can: it is not filed."""
    if points is None or field.endswith("-language"):
        return True
    part, _, name = field.partition("-")
    if part == "service" and name.startswith(_SYSTEMS):
        field = "service-platforms"
    return (field if service is None else f"{field}:{service}") in points


def paper_is_open(points: Opened | None, slot: Slot) -> bool:
    """Whether a paper that is there can be replaced or taken away."""
    if points is None:
        return True
    code, service = slot
    tail = "" if service is None else f":{service}"
    if f"{PAPERS}-{code}{tail}" in points:
        return True
    shown = _SHOWS.get(code)
    if shown is None:
        return any(not point.startswith(f"{PAPERS}-") for point in points)
    return any(f"{field}{tail}" in points for field in shown)


def closed_changes(points: Opened | None, before: Filing, after: Filing) -> Collection[str]:
    """What of an edit is not open: fields by their HTML names."""
    if points is None:
        return ()
    touched = [(one.field, one.service) for one in differences(before, after)]
    kept = {service.position: service for service in before.services}
    if kept.keys() != {service.position for service in after.services}:
        touched.append(("filing-services", None))
    for service in after.services:
        was = kept.get(service.position)
        if was and was.same_as_entity_leader != service.same_as_entity_leader:
            touched.append((SAME, service.position))
    return [field for field, position in touched if not is_open(points, field, position)]
