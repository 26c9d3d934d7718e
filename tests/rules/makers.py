"""Filings that pass every check, to be broken one field at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from stdnum.cn import ric

from console.rules.bilingual import Bilingual
from console.rules.checks.finding import Finding
from console.rules.filing import Entity, Filing, FilingType, Person, Platform, Service, ServiceKind
from console.rules.text import Text

TODAY = date(2026, 11, 21)


def id_number(first_17: str) -> str:
    """The ID number that begins with 17 digits, with its check digit."""
    return first_17 + str(ric.calc_check_digit(first_17 + "0"))


LEADER = Person(
    name="张三",
    certificate_type="id-card",
    certificate_number=id_number("11010119900307123"),
    valid_from=date(2020, 1, 1),
    valid_to=date(2040, 1, 1),
    mobile="13800001111",
    emergency_phone="010-88886666",
    email="zhang@example.cn",
)
OTHER = Person(
    name="李四",
    certificate_type="id-card",
    certificate_number=id_number("33010219850415456"),
    valid_from=date(2020, 1, 1),
    long_term=True,
    mobile="13900002222",
    emergency_phone="13700003333",
    email="li@example.cn",
)
ENTITY = Entity(
    name="杭州示例科技有限公司",
    nature="enterprise",
    certificate_type="business-licence",
    certificate_number="91110000600037341L",
    certificate_address="杭州市西湖区文三路1号",
    province="ZJ",
    city="杭州",
    district="西湖区",
    contact_address="西湖区文三路1号201室",
    superior_unit="张三",
)
WEBSITE = Service(
    position=1,
    name="示例网站",
    domain="example.cn",
    home_address="www.example.cn",
    ip_addresses=("8.8.8.8", "1.1.1.1-1.1.1.9"),
    access_mode="cloud-server",
    server_province="ZJ",
    content_types=("unit-portal",),
    languages=("zh-hans",),
    leader=OTHER,
)
APP = replace(
    WEBSITE,
    position=2,
    kind=ServiceKind.APP,
    name="示例应用",
    domain="api.example.com",
    home_address="",
    platforms=(Platform("android", "cn.example.app", "KEY", ":".join(["AB"] * 16)),),
)
FILING = Filing(
    type=FilingType.FIRST_FILING, entity=ENTITY, entity_leader=LEADER, services=(WEBSITE,)
)
FILED = replace(
    FILING,
    entity=replace(ENTITY, icp_number="浙ICP备2026000001号"),
    services=(replace(WEBSITE, icp_number="浙ICP备2026000001号-1"),),
)


def filed(kind: FilingType, **changes: Any) -> Filing:
    """An order of this type about what is filed already."""
    return replace(FILED, type=kind, **changes)


def told(findings: Any) -> set[tuple[str, str]]:
    """The fields found fault with, and how gravely; each says what to enter, and by what source."""
    for finding in findings:
        assert isinstance(finding.message, Text | Bilingual)
        assert isinstance(finding.source, Text | Bilingual)
        assert "None" not in str(finding.message)
    return {(finding.field, finding.severity) for finding in findings}


def the_only(found: list[Finding]) -> Finding:
    """What is said where one thing is wrong."""
    assert len(found) == 1, found
    return found[0]
