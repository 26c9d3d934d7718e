"""One fault of an entity or a leader: the one finding, what it tells to enter, by what source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from console.rules.checks import check_entity, check_person
from console.rules.checks.entity import check_filed_entity
from console.rules.checks.finding import (
    CREDIT_CODES,
    FORM,
    GUIDES,
    ID_NUMBERS,
    NUMBERING,
    Finding,
    clean,
)
from console.rules.text import Text
from tests.rules.makers import ENTITY, LEADER, TODAY, id_number, the_only

FOUNDATION = {"nature": "foundation", "certificate_type": "foundation-certificate"}
ALONE = {"nature": "individual", "certificate_type": "id-card"}


@pytest.mark.parametrize(
    ("changes", "field", "severity", "source", "words"),
    [
        ({"name": ""}, "name", "refuse", FORM, "name as on its certificate"),
        ({"city": ""}, "city", "refuse", FORM, "Enter the city"),
        ({"nature": ""}, "nature", "refuse", FORM, "what kind of entity"),
        ({"certificate_type": ""}, "certificate_type", "refuse", FORM, "the kind of certificate"),
        ({"certificate_number": ""}, "certificate_number", "refuse", FORM, "Enter the certificate"),
        (
            {"certificate_number": "9" * 40},
            "certificate_number",
            "refuse",
            CREDIT_CODES,
            "Enter the 18 characters",
        ),
        (
            {"certificate_number": "9" * 41},
            "certificate_number",
            "refuse",
            FORM,
            "at most 40 characters",
        ),
        ({"contact_address": "西" * 200}, "contact_address", "warn", GUIDES, "the door number"),
        ({"contact_address": "西" * 201}, "contact_address", "refuse", FORM, "at most 200"),
        ({"province": ""}, "province", "refuse", FORM, "Choose the province"),
        ({"province": "XX"}, "province", "refuse", FORM, "one of the 31 provinces"),
        ({"name": "Example Ltd"}, "name", "refuse", GUIDES, "in Chinese"),
        ({"nature": "kingdom"}, "nature", "refuse", FORM, "kinds of entity listed"),
        (
            {"certificate_type": "id-card"},
            "certificate_type",
            "refuse",
            FORM,
            "that this kind of entity can have",
        ),
        (
            {"certificate_number": "123456789012345"},
            "certificate_number",
            "refuse",
            CREDIT_CODES,
            "Enter the 18 characters",
        ),
        (
            {"certificate_number": "91110000600037341X"},
            "certificate_number",
            "refuse",
            CREDIT_CODES,
            "check digit does not fit",
        ),
        (FOUNDATION, "certificate_number", "warn", CREDIT_CODES, "begin with 53; compare"),
        (
            {"certificate_number": "53110000600037341L"},
            "certificate_number",
            "refuse",
            CREDIT_CODES,
            "check digit",
        ),
        (
            {**ALONE, "certificate_number": id_number("11010120990307123")},
            "certificate_number",
            "refuse",
            ID_NUMBERS,
            "no date of birth",
        ),
        (
            {"certificate_number": "53110000600037341J"},
            "certificate_number",
            "warn",
            CREDIT_CODES,
            "begin with 91, 92, 93; compare",
        ),
        ({"superior_unit": ""}, "superior_unit", "warn", FORM, "superior unit or the investor"),
        (
            {"contact_address": "浙江省杭州市西湖区文三路1号"},
            "contact_address",
            "refuse",
            FORM,
            "Leave the province out",
        ),
        (
            {"contact_address": "西湖区文三路"},
            "contact_address",
            "warn",
            GUIDES,
            "down to the door number",
        ),
        ({"remarks": "x" * 501}, "remarks", "refuse", FORM, "at most 500 characters"),
        ({"city": "杭\u200b州"}, "city", "refuse", GUIDES, "cannot be seen"),
        ({"city": "e\u0301"}, "city", "refuse", GUIDES, "in parts"),
    ],
)
def test_of_the_entity(
    changes: dict[str, Any], field: str, severity: str, source: Text, words: str
) -> None:
    found = the_only(check_entity(replace(ENTITY, **changes), TODAY))
    assert (found.field, found.severity, found.service) == (f"entity-{field}", severity, None)
    assert found.source is source
    assert words in str(found.message)


@pytest.mark.parametrize(
    ("changes", "field", "severity", "source", "words"),
    [
        ({"email": ""}, "email", "refuse", FORM, "Enter an e-mail address"),
        ({"certificate_type": ""}, "certificate_type", "refuse", FORM, "the kind of certificate"),
        ({"certificate_number": ""}, "certificate_number", "refuse", FORM, "Enter the certificate"),
        ({"certificate_number": "1" * 41}, "certificate_number", "refuse", FORM, "at most 40"),
        ({"name": "张3"}, "name", "refuse", GUIDES, "without digits"),
        ({"mobile": "12345678901"}, "mobile", "refuse", NUMBERING, "11 digits that begin with 1"),
        ({"emergency_phone": "88"}, "emergency_phone", "refuse", NUMBERING, "010-88886666"),
        (
            {"emergency_phone": "+86 138 0000 1111"},
            "emergency_phone",
            "refuse",
            FORM,
            "another number here",
        ),
        ({"email": "zhang"}, "email", "refuse", GUIDES, "name@example.cn"),
        ({"email": "z" * 100}, "email", "refuse", GUIDES, "name@example.cn"),
        ({"email": "z" * 101}, "email", "refuse", FORM, "at most 100 characters"),
        (
            {"certificate_type": "library-card"},
            "certificate_type",
            "refuse",
            FORM,
            "certificates listed",
        ),
        (
            {"certificate_number": "1101011990030712"},
            "certificate_number",
            "refuse",
            ID_NUMBERS,
            "17 digits and a digit or X",
        ),
        (
            {"certificate_number": "110101199003071230"},
            "certificate_number",
            "refuse",
            ID_NUMBERS,
            "last character does not fit",
        ),
        (
            {"certificate_type": "passport", "certificate_number": "E-12"},
            "certificate_number",
            "refuse",
            FORM,
            "5 to 17 letters and digits",
        ),
        (
            {"certificate_number": id_number("11010120081122123")},
            "certificate_number",
            "warn",
            GUIDES,
            "under 18",
        ),
        ({"valid_from": date(2026, 11, 22)}, "valid_from", "refuse", GUIDES, "not after today"),
        ({"valid_to": None}, "valid_to", "refuse", FORM, "mark it long-term"),
        ({"valid_to": date(2020, 1, 1)}, "valid_to", "refuse", GUIDES, "after the first day"),
        ({"valid_to": date(2026, 11, 20)}, "valid_to", "refuse", GUIDES, "has ended"),
        ({"valid_to": date(2027, 1, 5)}, "valid_to", "warn", GUIDES, "3 months, on 2027-01-05"),
        ({"name": "张" * 51}, "name", "refuse", FORM, "at most 50 characters"),
    ],
)
def test_of_a_leader(
    changes: dict[str, Any], field: str, severity: str, source: Text, words: str
) -> None:
    leader = replace(LEADER, **changes)
    found = the_only(check_person(leader, "website_leader", TODAY, 3))
    assert (found.field, found.severity) == (f"website_leader-{field}", severity)
    assert (found.source, found.service) == (source, 3)
    assert words in str(found.message)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": TODAY},
        # What stands for a day of birth in an ID number is nothing in a passport's.
        {"certificate_type": "passport", "certificate_number": "E1234520200101"},
    ],
)
def test_of_a_leader_s_certificate_there_is_nothing_to_say(changes: dict[str, Any]) -> None:
    assert check_person(replace(LEADER, **changes), "entity_leader", TODAY) == []


def test_of_an_individual_s_latin_name_there_is_nothing_to_say() -> None:
    alone = {"nature": "individual", "certificate_type": "passport", "name": "John Smith"}
    assert check_entity(replace(ENTITY, certificate_number="E12345678", **alone), TODAY) == []


def test_of_a_filed_entity_its_number_is_asked_for() -> None:
    found = the_only(check_filed_entity(ENTITY))
    assert (found.field, found.source) == ("entity-icp_number", FORM)
    assert "as in 京ICP备2026000001号." in str(found.message)
    both = check_filed_entity(replace(ENTITY, province="XX"))
    assert [one.field for one in both] == ["entity-province", "entity-icp_number"]


@pytest.mark.parametrize(
    ("field", "severity", "is_clean"),
    [
        ("x-number", "refuse", False),
        ("x-number", "warn", True),
        ("x-name", "refuse", True),
        ("x-name", "warn", True),
    ],
)
def test_a_field_is_clean_until_it_is_refused_itself(
    field: str, severity: str, is_clean: bool
) -> None:
    assert clean([Finding(field, severity, Text("x"), FORM)], "number") is is_clean
