"""Valid filings of people and companies that do not exist, as data and as what a form sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from stdnum.cn import ric, uscc

from console.rules.filing import (
    Entity,
    Filing,
    FilingType,
    Person,
    Platform,
    Service,
    ServiceKind,
)


def id_number(n: int = 1, born: str = "19850412", area: str = "330106") -> str:
    """The n-th resident ID number of this day and place, with its check digit."""
    body = f"{area}{born}{n:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(n: int = 1) -> str:
    """The n-th unified social credit code of an enterprise in Hangzhou, with its check digits."""
    body = f"91330106MA2{n:06d}"
    return body + uscc.calc_check_digit(body)


def mobile(n: int = 1) -> str:
    """The n-th mobile number (China Mobile's range 138)."""
    return f"1380571{n:04d}"


def person(n: int = 1, **changes: Any) -> Person:
    """The n-th person: no two share a name, certificate, mobile or e-mail."""
    family, given = "陈周吴郑王冯褚卫蒋沈"[n % 10], ("晓岚", "启明", "思远", "若谷")[n % 4]
    values: dict[str, Any] = {
        "name": f"{family}{given}",
        "certificate_type": "id-card",
        "certificate_number": id_number(n),
        "valid_from": date(2016, 3, 1),
        "valid_to": date(2036, 3, 1),
        "mobile": mobile(n),
        "emergency_phone": mobile(5000 + n),
        "email": f"leader-{n}@example.cn",
        "language": "en",
    }
    return Person(**{**values, **changes})


def entity(n: int = 1, **changes: Any) -> Entity:
    """The n-th company."""
    values: dict[str, Any] = {
        "name": f"杭州西子茶叶{'一二三四五六七八九十'[n % 10]}号有限公司",
        "nature": "enterprise",
        "certificate_type": "business-licence",
        "certificate_number": credit_code(n),
        "certificate_address": "浙江省杭州市西湖区文三路100号3幢502室",
        "province": "ZJ",
        "city": "杭州市",
        "district": "西湖区",
        "contact_address": "文三路100号3幢502室",
        "superior_unit": "陈晓岚",
    }
    return Entity(**{**values, **changes})


def website(n: int = 1, position: int = 1, **changes: Any) -> Service:
    """The n-th website, led by the entity leader unless `leader` says otherwise."""
    domain = f"xizi-tea-{n}.cn"
    values: dict[str, Any] = {
        "position": position,
        "kind": ServiceKind.WEBSITE,
        "name": "西子茶叶官方网站",
        "domain": domain,
        "home_address": f"www.{domain}",
        "ip_addresses": (f"47.96.{n // 250}.{n % 250 + 1}",),
        "access_mode": "cloud-server",
        "server_province": "ZJ",
        "content_types": ("unit-portal",),
        "languages": ("zh-hans",),
        "same_as_entity_leader": "leader" not in changes,
    }
    return Service(**{**values, **changes})


def app(n: int = 1, position: int = 1, **changes: Any) -> Service:
    """The n-th app, for Android and iOS."""
    platforms = (
        Platform("android", f"cn.xizitea.shop{n}", "a1" * 64, "0F" * 16),
        Platform("ios", f"cn.xizitea.shop{n}", "b2" * 64, "0E" * 20),
    )
    values: dict[str, Any] = {
        "kind": ServiceKind.APP,
        "name": "西子茶叶",
        "domain": f"api.xizi-tea-{n}.cn",
        "home_address": "",
        "platforms": platforms,
    }
    return website(n, position, **{**values, **changes})


def valid_filing(
    n: int = 1,
    *,
    type: FilingType = FilingType.FIRST_FILING,
    two_people: bool = False,
    services: Sequence[Service] | None = None,
    **entity_changes: Any,
) -> Filing:
    """A filing that no check refuses: one website, led by the entity leader or by a second one.

    Two filings of different `n` share nothing by which they could stand in each other's way.
    """
    leader = person(2 * n - 1)
    if services is None:
        second = {"leader": person(2 * n)} if two_people else {"leader": leader}
        services = (website(n, same_as_entity_leader=not two_people, **second),)
    return Filing(
        type=type,
        entity=entity(n, **entity_changes),
        entity_leader=leader,
        services=tuple(
            replace(service, leader=leader) if service.same_as_entity_leader else service
            for service in services
        ),
    )


def form_data(filing: Filing) -> dict[str, dict[str, Any]]:
    """What the browser sends for each step: {"entity": {…}, "services/1": {…}}."""
    data = {"entity": entity_form(filing)}
    for service in filing.services:
        data[f"services/{service.position}"] = service_form(service)
    return data


def entity_form(filing: Filing) -> dict[str, Any]:
    """The fields of the step `entity`."""
    return dict(
        [*_fields("entity", filing.entity), *_fields("entity_leader", filing.entity_leader)]
    )


def service_form(service: Service) -> dict[str, Any]:
    """The fields of a step `services/<n>`; the leader's only where it is somebody else."""
    data = dict(_fields("service", service))
    if service.platforms:
        data["service-platforms"] = [platform.system for platform in service.platforms]
    for platform in service.platforms:
        for name in ("package_name", "public_key", "fingerprint"):
            data[f"service-{platform.system}_{name}"] = getattr(platform, name)
    if service.same_as_entity_leader:
        return data
    return data | dict(_fields("website_leader", service.leader))


NOT_ASKED = {"icp_number", "position", "kind", "leader", "platforms"}


def _fields(prefix: str, about: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(about):
        value = getattr(about, field.name)
        if field.name not in NOT_ASKED and value is not False:
            yield f"{prefix}-{field.name}", _sent(field.name, value)


def _sent(name: str, value: Any) -> Any:
    if value is True:
        return "y"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "\n".join(value) if name == "ip_addresses" else list(value)
    return "" if value is None else value
