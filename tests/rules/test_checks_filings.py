"""Checks of entity, services and whole filings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules.checks import (
    check_entity,
    check_filing,
    check_service,
    refuses,
)
from console.rules.checks.limits import LIMITS
from console.rules.codes import CERTIFICATES_OF, ENTITY_CERTIFICATES, NATURES, PERSON_CERTIFICATES
from console.rules.filing import Entity, Filing, FilingType, Person, Platform, Service, ServiceKind
from tests.rules.makers import (
    APP,
    ENTITY,
    FILED,
    FILING,
    TODAY,
    WEBSITE,
    filed,
    told,
)


def entity(**changes):
    return told(check_entity(replace(ENTITY, **changes), TODAY))


def website(**changes):
    return told(check_service(replace(WEBSITE, **changes)))


def test_a_filing_with_everything_right_has_no_finding():
    assert check_filing(FILING, TODAY) == []
    assert check_filing(replace(FILING, services=(WEBSITE, APP)), TODAY) == []


@pytest.mark.parametrize("kind", FilingType)
def test_an_empty_draft_of_any_type_is_refused_without_an_error(kind):
    empty = Filing(type=kind, services=(Service(), Service(position=2, kind=ServiceKind.APP)))
    findings = check_filing(empty, TODAY)
    assert refuses(findings)
    assert told(findings)


@pytest.mark.parametrize("kind", [k for k in FilingType if k is not FilingType.FIRST_FILING])
def test_an_order_about_what_is_filed_needs_its_icp_number(kind):
    changes = frozenset({"entity", "service"})
    whole = filed(kind, changes=changes)
    assert not refuses(check_filing(whole, TODAY))
    bare = replace(whole, entity=ENTITY, services=(WEBSITE,))
    fields = {field for field, _ in told(check_filing(bare, TODAY))}
    with_service = kind not in (FilingType.ADD_SERVICE, FilingType.CANCEL_ENTITY)
    assert fields == {"entity-icp_number"} | ({"service-icp_number"} if with_service else set())


@pytest.mark.parametrize("kind", [FilingType.CANCEL_ENTITY, FilingType.CANCEL_ACCESS])
@pytest.mark.parametrize("province", ["", "XX"])
def test_a_cancellation_needs_the_province_whose_rules_hold(kind, province):
    order = filed(kind, entity=replace(FILED.entity, province=province))
    assert told(check_filing(order, TODAY)) == {("entity-province", "refuse")}
    bare = replace(order, entity=replace(order.entity, icp_number=""))
    assert told(check_filing(bare, TODAY)) == {
        ("entity-province", "refuse"),
        ("entity-icp_number", "refuse"),
    }


@pytest.mark.parametrize(
    ("field", "number"),
    [("entity", "浙ICP备2026000001号-1"), ("service", "浙ICP备2026000001号"), ("entity", "x")],
)
def test_an_entity_s_number_is_no_service_s_and_the_other_way_round(field, number):
    if field == "entity":
        order = replace(FILED, type=FilingType.CANCEL_SERVICE,
                        entity=replace(ENTITY, icp_number=number))  # fmt: skip
    else:
        order = filed(FilingType.CANCEL_SERVICE, services=(replace(WEBSITE, icp_number=number),))
    assert told(check_filing(order, TODAY)) == {(f"{field}-icp_number", "refuse")}


@pytest.mark.parametrize(
    "field",
    ["name", "nature", "certificate_type", "certificate_number", "certificate_address",
     "province", "city", "contact_address"],
)  # fmt: skip
def test_each_field_of_the_entity_left_empty_is_asked_for(field):
    assert (f"entity-{field}", "refuse") in entity(**{field: ""})


@pytest.mark.parametrize(
    ("field", "value", "severity"),
    [
        ("name", "Example Ltd", "refuse"),
        ("name", "12345", "refuse"),
        ("name", "例\u202e子", "refuse"),
        ("nature", "kingdom", "refuse"),
        ("certificate_type", "id-card", "refuse"),
        ("certificate_number", "91110000600037341X", "refuse"),
        ("certificate_number", "123456789012345", "refuse"),
        ("certificate_number", "9" * 50_000, "refuse"),
        ("province", "XX", "refuse"),
        ("contact_address", "浙江省杭州市西湖区文三路1号", "refuse"),
        ("contact_address", "西湖区文三路", "warn"),
        ("certificate_address", "杭州市西湖区", "warn"),
        ("superior_unit", "", "warn"),
        ("remarks", "x" * 501, "refuse"),
    ],
)
def test_each_fault_of_the_entity_is_told_at_its_field(field, value, severity):
    assert (f"entity-{field}", severity) in entity(**{field: value})


@pytest.mark.parametrize(
    ("province", "address", "refused"),
    [
        ("SH", "上海市浦东新区张江路1号", True),
        ("SH", "北京路1号", False),
        ("BJ", "北京路1号", False),
        ("JL", "吉林市昌邑区中兴街1号", False),
        ("JL", "吉林省吉林市中兴街1号", True),
        ("GX", "广西壮族自治区南宁市民族大道1号", True),
        ("NM", "内蒙古自治区呼和浩特市新华大街1号", True),
    ],
)
def test_the_contact_address_leaves_the_province_out(province, address, refused):
    found = entity(province=province, contact_address=address)
    assert (("entity-contact_address", "refuse") in found) is refused


def test_remarks_may_have_lines_and_other_fields_may_not():
    assert entity(remarks="one\ntwo") == set()
    assert entity(city="杭\n州") == {("entity-city", "refuse")}


def test_a_credit_code_of_another_kind_of_entity_is_warned_about():
    found = entity(nature="foundation", certificate_type="foundation-certificate")
    assert found == {("entity-certificate_number", "warn")}


def test_a_military_unit_has_numbers_of_its_own():
    found = entity(nature="military", certificate_type="military-certificate",
                   certificate_number="军字第 1 号")  # fmt: skip
    assert found == set()


def test_every_nature_has_certificates_and_every_certificate_a_nature():
    assert set(CERTIFICATES_OF) == set(NATURES)
    listed = {kind for kinds in CERTIFICATES_OF.values() for kind in kinds}
    assert listed == set(ENTITY_CERTIFICATES) | set(PERSON_CERTIFICATES)


@pytest.mark.parametrize(
    "field",
    ["name", "domain", "home_address", "ip_addresses", "access_mode", "server_province",
     "content_types", "languages"],
)  # fmt: skip
def test_each_field_of_a_website_left_empty_is_asked_for(field):
    empty = () if isinstance(getattr(WEBSITE, field), tuple) else ""
    assert (f"service-{field}", "refuse") in website(**{field: empty})


@pytest.mark.parametrize(
    ("field", "value", "severity"),
    [
        ("name", "示例", "refuse"),
        ("name", "EXAMPLE.CN", "refuse"),
        ("name", "www.example.cn", "refuse"),
        ("name", "Example", "refuse"),
        ("name", "123456", "refuse"),
        ("domain", "https://example.cn", "refuse"),
        ("domain", "com.cn", "refuse"),
        ("domain", "1.2.3.4", "refuse"),
        ("domain", "x" * 50_000, "refuse"),
        ("domain", "аpple.com", "warn"),
        ("domain", "www.example.cn", "warn"),
        ("home_address", "www.example.com", "refuse"),
        ("home_address", "ftp://www.example.cn", "refuse"),
        ("home_address", "http://[bad", "refuse"),
        ("ip_addresses", ("256.1.1.1",), "refuse"),
        ("ip_addresses", ("127.0.0.1",), "refuse"),
        ("ip_addresses", ("0.0.0.0",), "refuse"),
        ("ip_addresses", ("224.0.0.1",), "refuse"),
        ("ip_addresses", ("192.168.1.1",), "warn"),
        ("ip_addresses", ("8.8.8.8", "8.8.8.8"), "warn"),
        ("ip_addresses", ("8.8.8.8",) * 51, "refuse"),
        ("ip_addresses", ("8" * 101,), "refuse"),
        ("access_mode", "pigeon", "refuse"),
        ("server_province", "XX", "refuse"),
        ("content_types", ("gossip",), "refuse"),
        ("languages", ("tlh",), "refuse"),
        ("pre_approval_kind", "weather", "refuse"),
        ("remarks", "x" * 501, "refuse"),
    ],
)
def test_each_fault_of_a_website_is_told_at_its_field(field, value, severity):
    assert (f"service-{field}", severity) in website(**{field: value})


def test_a_name_of_three_characters_is_long_enough():
    assert website(name="示例站") == set()


def test_an_international_domain_may_name_the_site_s_home_in_either_form():
    found = website(domain="例子.中国", home_address="https://www.xn--fsqu00a.xn--fiqs8s/")
    assert found == set()
    assert ("service-name", "refuse") in website(domain="xn--fsqu00a.xn--fiqs8s", name="例子.中国")


@pytest.mark.parametrize("kind", ["news", "publishing", "education", "health-care",
                                  "drugs-and-devices", "culture", "broadcasting",
                                  "ride-hailing", "internet-finance", "religion"])  # fmt: skip
def test_content_that_needs_an_approval_asks_for_its_kind_and_number(kind):
    content = ("unit-portal", kind)
    assert website(content_types=content) == {("service-pre_approval_kind", "refuse")}
    assert website(content_types=content, pre_approval_kind=kind) == {
        ("service-pre_approval_number", "refuse")
    }
    whole = website(content_types=content, pre_approval_kind=kind, pre_approval_number="1")
    assert whole == set()


def test_every_text_of_a_filing_has_a_limit():
    forms = {"entity": Entity, "person": Person, "service": Service, "platform": Platform}
    unlimited = {"service-kind", "platform-system"}
    for form, kind in forms.items():
        for name, value in vars(kind()).items():
            if isinstance(value, str) and f"{form}-{name}" not in unlimited:
                assert LIMITS[f"{form}-{name}"] > 0


@pytest.mark.parametrize(
    "hostile", ["x" * 50_000, "\x00", "\u202e", "\ud800", "１" * 50, "%s%(a)d"]
)
def test_hostile_text_in_every_field_is_answered_not_raised(hostile):
    person = replace(FILING.entity_leader, **{
        name: hostile for name, value in vars(FILING.entity_leader).items()
        if isinstance(value, str)
    })  # fmt: skip
    service = replace(APP, name=hostile, domain=hostile, ip_addresses=(hostile,),
                      platforms=(Platform("android", hostile, hostile, hostile),),
                      leader=person)  # fmt: skip
    filing = replace(FILING, entity_leader=person, services=(service,), entity=Entity(
        **{name: hostile for name in vars(ENTITY)}))  # fmt: skip
    findings = check_filing(filing, TODAY)
    assert refuses(findings)
    assert told(findings)
