"""Leaders held against each other, and against an entity that is an individual."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules.checks import check_filing
from console.rules.checks.finding import GUIDES, ONE_MOBILE_ONE_PERSON
from tests.rules.makers import ENTITY, FILING, LEADER, OTHER, TODAY, WEBSITE, the_only, told


def pair(**changes):
    service = replace(WEBSITE, leader=replace(OTHER, **changes))
    return told(check_filing(replace(FILING, services=(service,)), TODAY))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"certificate_number": LEADER.certificate_number.lower()}, {"certificate_number"}),
        ({"email": "ZHANG@example.cn"}, {"email"}),
        ({"mobile": LEADER.mobile}, {"name", "certificate_number", "email"}),
        ({"mobile": "+86 13800001111", "name": "张三", "email": LEADER.email},
         {"certificate_number"}),
        ({"mobile": LEADER.mobile, "name": "张三", "email": LEADER.email,
          "certificate_number": LEADER.certificate_number}, set()),
        ({"name": "张三"}, set()),
    ],
)  # fmt: skip
def test_one_mobile_is_one_person_and_two_mobiles_are_two(changes, fields):
    assert pair(**changes) == {(f"website_leader-{field}", "refuse") for field in fields}


def test_two_website_leaders_are_held_against_each_other_too():
    second = replace(WEBSITE, position=2, domain="example.com", home_address="example.com",
                     leader=replace(OTHER, mobile="13500004444"))  # fmt: skip
    findings = check_filing(replace(FILING, services=(WEBSITE, second)), TODAY)
    assert {(f.field, f.service) for f in findings} == {
        ("website_leader-certificate_number", 2),
        ("website_leader-email", 2),
    }
    assert {str(f.source) for f in findings} == {"decision 5: one mobile number is one person"}


def test_a_leader_in_order_hides_no_fault_of_the_one_before():
    third = replace(
        OTHER, mobile="13500004444", email="w@example.cn", certificate_type="passport",
        certificate_number="E12345678",
    )  # fmt: skip
    first = replace(WEBSITE, leader=replace(OTHER, email=LEADER.email))
    second = replace(WEBSITE, position=2, domain="example.com", home_address="example.com",
                     leader=third)  # fmt: skip
    found = the_only(check_filing(replace(FILING, services=(first, second)), TODAY))
    assert (found.field, found.service) == ("website_leader-email", 1)


def test_the_same_person_in_both_roles_needs_no_second_form():
    service = replace(WEBSITE, same_as_entity_leader=True, leader=type(OTHER)())
    assert check_filing(replace(FILING, services=(service,)), TODAY) == []


INDIVIDUAL = replace(
    ENTITY,
    name=LEADER.name,
    nature="individual",
    certificate_type="id-card",
    certificate_number=LEADER.certificate_number,
    superior_unit="",
)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"certificate_number": LEADER.certificate_number.lower()}, set()),
        ({"name": "王五"}, {"entity_leader-name"}),
        ({"certificate_number": OTHER.certificate_number}, {"entity_leader-certificate_number"}),
        ({"certificate_type": "passport", "certificate_number": "E12345678"},
         {"entity_leader-certificate_type", "entity_leader-certificate_number"}),
    ],
)  # fmt: skip
def test_an_individual_is_the_entity_leader_himself(changes, fields):
    filing = replace(FILING, entity=replace(INDIVIDUAL, **changes))
    assert told(check_filing(filing, TODAY)) == {(field, "refuse") for field in fields}


def test_an_individual_is_told_so_at_the_leader():
    named = replace(INDIVIDUAL, name="王五")
    numbered = replace(INDIVIDUAL, certificate_number=OTHER.certificate_number)
    for entity in (named, numbered):
        found = the_only(check_filing(replace(FILING, entity=entity), TODAY))
        assert "An individual is the entity leader" in str(found.message)
        assert found.source is GUIDES


def test_an_individual_s_own_certificate_number_is_checked_too():
    filing = replace(FILING, entity=replace(INDIVIDUAL, certificate_number="110101199003071230"))
    assert ("entity-certificate_number", "refuse") in told(check_filing(filing, TODAY))


def test_what_one_leader_has_not_filled_in_yet_is_not_compared():
    for leader in (replace(OTHER, name=""), replace(LEADER, name="")):
        filing = replace(FILING, services=(replace(WEBSITE, leader=leader),))
        found = the_only(check_filing(filing, TODAY))
        assert str(found.message) == "Enter the person's name as on the certificate."


def test_a_leader_without_a_mobile_yet_is_nobody_s_double():
    same = {"certificate_number": LEADER.certificate_number, "email": LEADER.email}
    assert pair(mobile="", **same) == {("website_leader-mobile", "refuse")}
    strangers = replace(
        FILING,
        entity_leader=replace(LEADER, email=""),
        services=(replace(WEBSITE, leader=replace(OTHER, email="")),),
    )
    found = check_filing(strangers, TODAY)
    assert {str(finding.message) for finding in found} == {"Enter an e-mail address."}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mobile": LEADER.mobile, "name": LEADER.name, "email": LEADER.email},
         "the same mobile number, so they are one person"),
        ({"certificate_number": LEADER.certificate_number}, "with another mobile number has this"),
    ],
)  # fmt: skip
def test_the_later_of_two_leaders_is_told_what_does_not_fit(changes, words):
    service = replace(WEBSITE, position=7, leader=replace(OTHER, **changes))
    found = the_only(check_filing(replace(FILING, services=(service,)), TODAY))
    assert (found.field, found.service) == ("website_leader-certificate_number", 7)
    assert words in str(found.message)
    assert found.source is ONE_MOBILE_ONE_PERSON
