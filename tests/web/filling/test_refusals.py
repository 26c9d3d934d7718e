"""Each answer that cannot be accepted is refused at its field, in words that say what to enter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.costs import cost
from tests.support.filings import app as an_app
from tests.support.filings import entity_form, id_number, service_form, valid_filing
from tests.web.filling.desk import Applicant, problems

FILING = valid_filing(1, two_people=True)
ENTITY = entity_form(FILING)
SERVICE = service_form(FILING.services[0])
LEADER = FILING.entity_leader

REFUSED_ENTITY: list[tuple[str, Any, str]] = [
    ("entity-name", "", "name as on its certificate"),
    ("entity-name", "Tea Company", "in Chinese"),
    ("entity-name", "茶" * 101, "at most 100 characters"),
    ("entity-name", "茶\u200b叶", "cannot be seen"),
    ("entity-name", "茶\x00叶", "cannot be seen"),
    ("entity-nature", "", "what kind of entity"),
    ("entity-nature", "castle", "kinds of entity listed"),
    ("entity-certificate_type", "id-card", "this kind of entity can have"),
    ("entity-certificate_number", "91330106MA20000010", "check digit"),
    ("entity-certificate_number", "12", "18 characters"),
    ("entity-certificate_address", "", "printed on the certificate"),
    ("entity-province", "", "Choose the province"),
    ("entity-province", "XX", "31 provinces"),
    ("entity-city", "", "city"),
    ("entity-contact_address", "", "contact address"),
    ("entity-contact_address", "浙江省杭州市文三路100号", "province out"),
    ("entity-remarks", "x" * 501, "at most 500 characters"),
    ("entity_leader-name", "", "person's name"),
    ("entity_leader-name", "周1", "without digits"),
    ("entity_leader-certificate_number", "330106198504120012", "last character"),
    ("entity_leader-certificate_number", id_number(1, born="20990101"), "date of birth"),
    ("entity_leader-valid_from", "", "from which the certificate is valid"),
    ("entity_leader-valid_from", "2016-02-30", "year-month-day"),
    ("entity_leader-valid_from", "２０１６-０３-０１", "year-month-day"),
    ("entity_leader-valid_to", "2017-01-01", "has ended"),
    ("entity_leader-valid_to", "", "long-term"),
    ("entity_leader-mobile", "", "mainland China"),
    ("entity_leader-mobile", "010-88886666", "11 digits"),
    ("entity_leader-mobile", "+852 9123 4567", "11 digits"),
    ("entity_leader-emergency_phone", LEADER.mobile, "another number"),
    ("entity_leader-emergency_phone", "110", "landline"),
    ("entity_leader-email", "nobody", "e-mail address"),
]
REFUSED_SERVICE: list[tuple[str, Any, str]] = [
    ("service-name", "茶叶", "at least 3 characters"),
    ("service-name", "xizi-tea-1.cn", "the domain is no name"),
    ("service-domain", "", "Enter a domain"),
    ("service-domain", "https://xizi-tea-1.cn", "without a scheme"),
    ("service-domain", "xizi-tea-1.cn:80", "without a port"),
    ("service-domain", "xizi-tea-1.cn/", "without a path"),
    ("service-domain", "xizi-tea-1.cn.", "without a dot"),
    ("service-domain", "47.96.0.2", "not an IP address"),
    ("service-domain", "com.cn", "not only a suffix"),
    ("service-domain", "xizi\u00adtea.cn", "cannot be seen"),
    ("service-home_address", "www.example.com", "within the domain"),
    ("service-ip_addresses", "", "at least one IP address"),
    ("service-ip_addresses", "300.1.1.1", "IP"),
    ("service-access_mode", "carrier pigeon", "from the list"),
    ("service-server_province", "", "where the server stands"),
    ("service-content_types", ["news"], ""),
    ("service-content_types", [], "kind of content"),
    ("service-languages", [], "language"),
    ("service-pre_approval_kind", "castle", "from the list"),
    ("website_leader-certificate_number", LEADER.certificate_number, "another mobile number"),
    ("website_leader-email", LEADER.email, "another mobile number"),
    ("website_leader-mobile", LEADER.mobile, ""),
    ("website_leader-name", "", "person's name"),
]
WHERE = {"service-content_types": "service-pre_approval_kind", "website_leader-mobile": None}


@pytest.mark.parametrize(("field", "value", "part"), REFUSED_ENTITY)
def test_an_answer_about_the_entity_is_refused(
    owner: Applicant, field: str, value: str, part: str
) -> None:
    answer = owner.send("entity", {**ENTITY, field: value})
    assert answer.status_code == 422
    assert part in problems(answer)[field]
    assert 'aria-invalid="true"' in answer.text
    assert owner.filing().entity.name == ""


@pytest.mark.parametrize(("field", "value", "part"), REFUSED_SERVICE)
def test_an_answer_about_the_website_is_refused(
    owner: Applicant, field: str, value: Any, part: str
) -> None:
    owner.send("entity", ENTITY)
    answer = owner.send("services/1", {**SERVICE, field: value})
    assert answer.status_code == 422
    found = problems(answer)
    at = WHERE.get(field, field) if not part else field
    assert part in (found[at] if at else " ".join(found.values()))
    assert owner.filing().services[0].name == ""


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("service-platforms", [], "at least one platform"),
        ("service-platforms", ["harmonyos"], ""),
        ("service-android_package_name", "tea", "package name"),
        ("service-android_fingerprint", "12:34", "32 hexadecimal digits"),
        ("service-ios_public_key", "", "public key"),
        ("service-domain", "www.xizi-tea-1.cn", "without www"),
    ],
)
def test_an_answer_about_the_app_is_refused(
    owner: Applicant, field: str, value: Any, part: str
) -> None:
    owner.start(websites="0", apps="1")
    owner.send("entity", ENTITY)
    answer = owner.send("services/1", {**service_form(an_app(1)), field: value})
    assert answer.status_code == 422
    assert part in problems(answer)[field if part else "service-harmonyos_package_name"]


def test_particulars_of_a_platform_that_is_not_ticked_are_left_out(owner: Applicant) -> None:
    owner.start(websites="0", apps="1")
    owner.send("entity", ENTITY)
    data = {**service_form(an_app(1)), "service-platforms": ["ios"]}
    assert owner.send("services/1", data).status_code == 303
    (service,) = owner.filing().services
    assert [platform.system for platform in service.platforms] == ["ios"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"websites": "0", "apps": "0"}, 422),
        ({"websites": "21"}, 422),
        ({"websites": "many"}, 422),
        ({"websites": "-1"}, 422),
        ({"websites": "99999999999999"}, 422),
        ({"type": "change"}, 422),
        ({"type": "castle"}, 422),
        ({"websites": "2", "apps": "18"}, 303),
    ],
)
def test_an_order_is_started_only_with_something_to_file(
    owner: Applicant, data: dict[str, str], status: int
) -> None:
    answer = owner.client.submit("/orders/new", {"type": "first-filing", "websites": "1", **data})
    assert answer.status_code == status


@pytest.mark.parametrize("filler", ["x", "茶", "1", "\u0301", "a.", "😀", "\x00"])
def test_very_long_answers_are_refused_at_once(owner: Applicant, filler: str) -> None:
    long = filler * (50_000 // len(filler))
    for step, data in (("entity", ENTITY), ("services/1", SERVICE)):
        names = [name for name, value in data.items() if isinstance(value, str)]
        for name in names[:1] + [
            n for n in names if "domain" in n or "address" in n or "mobile" in n
        ]:
            answer, spent = cost(lambda: owner.send(step, {**data, name: long}))  # noqa: B023
            assert answer.status_code == 422, name
            assert spent < 1, name


def test_fields_that_no_page_has_change_nothing(owner: Applicant) -> None:
    extra = {
        "state": "accepted",
        "entity-icp_number": "浙ICP备2026000001号",
        "applicant_id": "2",
        "id": "9",
        "round": "3",
        "entity-__class__": "x",
    }
    assert owner.send("entity", {**ENTITY, **extra}).status_code == 303
    order = owner.order()
    assert (order.state, order.round) == ("draft", 0)
    assert owner.filing().entity == FILING.entity


def test_a_field_sent_twice_counts_once(owner: Applicant) -> None:
    answer = owner.send("entity", {**ENTITY, "entity-name": ["", "杭州西子茶叶有限公司"]})
    assert answer.status_code == 422
    path = owner.path("entity") + "?entity-name=" + FILING.entity.name
    data = {**ENTITY, "entity-name": "", "revision": str(owner.order().revision)}
    assert owner.client.submit(path, data).status_code == 422
