"""What is filed, as plain data: the same for a draft, a submission and the register.

Every text defaults to "" so that a draft may be partly filled; `checks` says what is missing.
Field names are those of the forms (`entity-name`, `entity_leader-mobile`, `service-domain`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class FilingType(StrEnum):
    """The seven kinds of order."""

    FIRST_FILING = "first-filing"
    ADD_SERVICE = "add-service"
    ADD_PROVIDER = "add-provider"
    CHANGE = "change"
    CANCEL_ENTITY = "cancel-entity"
    CANCEL_SERVICE = "cancel-service"
    CANCEL_ACCESS = "cancel-access"


class ServiceKind(StrEnum):
    """What a service is."""

    WEBSITE = "website"
    APP = "app"


@dataclass(frozen=True)
class Person:
    """A leader. `mobile` is contact method 1 and gets the code; `emergency_phone` is method 2.

    `language`: what this console writes to them in. It is not filed: two filings that differ in
    nothing else are equal.
    """

    name: str = ""
    certificate_type: str = ""
    certificate_number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    long_term: bool = False
    mobile: str = ""
    emergency_phone: str = ""
    email: str = ""
    language: str = field(default="zh_Hans_CN", compare=False)


@dataclass(frozen=True)
class Entity:
    """Who files. `province` is an ISO 3166-2:CN code without the country, e.g. "ZJ"."""

    name: str = ""
    nature: str = ""
    certificate_type: str = ""
    certificate_number: str = ""
    certificate_address: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    contact_address: str = ""
    superior_unit: str = ""
    remarks: str = ""
    icp_number: str = ""


@dataclass(frozen=True)
class Platform:
    """An app on one operating system (`android`, `ios`, `harmonyos`)."""

    system: str = ""
    package_name: str = ""
    public_key: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class Service:
    """A website or an app. `position` counts from 1 within the order.

    `domain` is the website's domain as an A-label; an app's back-end domain is there too.
    `same_as_entity_leader`: the leader is the entity leader, and `leader` repeats that person.
    """

    position: int = 1
    kind: ServiceKind = ServiceKind.WEBSITE
    name: str = ""
    domain: str = ""
    home_address: str = ""
    ip_addresses: tuple[str, ...] = ()
    access_mode: str = ""
    server_province: str = ""
    content_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pre_approval_kind: str = ""
    pre_approval_number: str = ""
    remarks: str = ""
    platforms: tuple[Platform, ...] = ()
    sdks: str = ""
    same_as_entity_leader: bool = False
    leader: Person = Person()
    icp_number: str = ""


@dataclass(frozen=True)
class Filing:
    """The whole content of an order.

    `changes` (for `change`): some of "entity", "service", "remarks". `answers` holds the two
    questions of `add-provider` ("mobile-changed", "empty-shell") when they were asked.
    """

    type: FilingType
    entity: Entity = Entity()
    entity_leader: Person = Person()
    services: tuple[Service, ...] = ()
    changes: frozenset[str] = frozenset()
    answers: tuple[tuple[str, bool], ...] = ()


def to_json(filing: Filing) -> dict[str, Any]:
    """A form that `json` can write and `from_json` can read back to an equal filing."""
    return _plain(asdict(filing))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _person(data: dict[str, Any]) -> Person:
    days = {
        name: date.fromisoformat(data[name]) if data[name] else None
        for name in ("valid_from", "valid_to")
    }
    return Person(**{**data, **days})


def _service(data: dict[str, Any]) -> Service:
    lists = {name: tuple(data[name]) for name in ("ip_addresses", "content_types", "languages")}
    return Service(
        **{
            **data,
            **lists,
            "kind": ServiceKind(data["kind"]),
            "platforms": tuple(Platform(**item) for item in data["platforms"]),
            "leader": _person(data["leader"]),
        }
    )


def from_json(data: dict[str, Any]) -> Filing:
    """The filing that `to_json` wrote."""
    return Filing(
        type=FilingType(data["type"]),
        entity=Entity(**data["entity"]),
        entity_leader=_person(data["entity_leader"]),
        services=tuple(_service(item) for item in data["services"]),
        changes=frozenset(data["changes"]),
        answers=tuple((name, bool(answer)) for name, answer in data["answers"]),
    )
