"""A finding says where it belongs, what to enter and where that comes from; nothing is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from console.errors import NotFound
from console.rules.checks import check_filing
from console.rules.checks.desk import check_for_desk
from console.rules.checks.finding import FORM, GUIDES, REFUSE, WARN, Collector, Finding
from console.rules.filing import Filing, FilingType
from console.rules.provinces import PROVINCES, province
from console.rules.text import T
from tests.support.filings import person, valid_filing, website

TODAY = date(2026, 11, 21)
SAY = T("Say something.")


def test_a_finding_carries_its_form_its_service_and_its_source() -> None:
    collector = Collector("service", 3)
    assert collector.refuse("name", SAY) == Finding("service-name", REFUSE, SAY, GUIDES, 3)
    assert collector.warn("name", SAY) == Finding("service-name", WARN, SAY, GUIDES, 3)
    assert collector.refuse("name", SAY, FORM).source is FORM
    assert collector.warn("name", SAY, FORM).source is FORM
    assert (REFUSE, WARN) == ("refuse", "warn")


def test_what_is_missing_is_refused_field_by_field() -> None:
    found = Collector("entity").missing(
        {"name": "", "city": "杭州", "district": ""}, {"name": SAY, "city": SAY, "district": SAY}
    )
    assert [(one.field, one.source) for one in found] == [
        ("entity-name", FORM),
        ("entity-district", FORM),
    ]


CANCELLED = replace(
    valid_filing(
        1, type=FilingType.CANCEL_SERVICE, icp_number="浙ICP备2026000001号", two_people=True
    ),
)


def cancelling(**changes: object) -> Filing:
    """A cancellation whose website has a leader of its own, its number given."""
    service = replace(CANCELLED.services[0], icp_number="浙ICP备2026000001号-1", **changes)
    return replace(CANCELLED, services=(replace(service, position=2),))


def told(filing: Filing) -> list[tuple[str, int | None]]:
    """Fields and services of what is refused."""
    return [(f.field, f.service) for f in check_filing(filing, TODAY) if f.severity == REFUSE]


def test_a_cancellation_asks_of_its_leaders_only_what_they_verify_with() -> None:
    assert told(cancelling()) == []
    other = replace(person(2), name="", email="", emergency_phone="", valid_to=TODAY)
    assert told(cancelling(leader=other)) == []
    assert told(cancelling(leader=replace(other, mobile="1"))) == [("website_leader-mobile", 2)]
    entity_leader = replace(person(1), mobile="1", valid_to=TODAY - timedelta(days=1))
    filing = replace(cancelling(), entity_leader=entity_leader)
    assert ("entity_leader-mobile", None) in told(filing)
    assert told(replace(filing, type=FilingType.CANCEL_ENTITY)) == [("entity_leader-mobile", None)]


def test_a_shared_leader_of_a_cancellation_is_looked_at_once() -> None:
    shared = cancelling(leader=replace(person(1), mobile="1"), same_as_entity_leader=True)
    assert told(shared) == []


def test_what_is_cancelled_is_named_by_its_number() -> None:
    (found,) = check_filing(
        replace(cancelling(), services=(replace(cancelling().services[0], icp_number="x"),)), TODAY
    )
    assert (found.field, found.service, found.source) == ("service-icp_number", 2, FORM)
    assert found.message is not None


def test_the_desk_is_warned_of_mixed_scripts_at_the_service_they_are_in() -> None:
    mixed = website(2, position=2, domain="xn--pple-43d.cn")
    filing = valid_filing(1, services=(website(1), mixed))
    (found,) = check_for_desk(filing)
    assert (found.field, found.severity, found.service) == ("service-domain", WARN, 2)
    assert found.source is GUIDES
    assert "scripts" in str(found.message)


def test_the_desk_is_warned_of_an_address_in_another_province() -> None:
    (found,) = check_for_desk(valid_filing(1, certificate_address="广东省深圳市南山区1号"))
    assert (found.field, found.severity, found.service) == ("entity-province", WARN, None)
    assert found.source is FORM
    assert "Guangdong" in str(found.message)
    assert "Zhejiang" in str(found.message)


@pytest.mark.parametrize("address", ["浙江省杭州市1号", "西湖区文三路1号", ""])
def test_an_address_in_its_province_or_in_none_is_nothing_to_the_desk(address: str) -> None:
    assert check_for_desk(valid_filing(1, certificate_address=address)) == []


def test_without_a_province_there_is_nothing_to_compare() -> None:
    assert check_for_desk(valid_filing(1, province="")) == []


def test_there_are_thirty_one_provinces_each_known_by_its_code() -> None:
    assert len(PROVINCES) == 31
    assert all(province(code).code == code for code in PROVINCES)
    assert len({one.character for one in PROVINCES.values()}) == 31
    found = province("ZJ")
    assert (found.name.en, found.name.zh, found.character) == ("Zhejiang", "浙江", "浙")


def test_an_unknown_province_is_named_beside_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"There is no province XX\. Enter one of: .*\bZJ\b"):
        province("XX")
