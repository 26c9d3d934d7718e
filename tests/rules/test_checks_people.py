"""Checks of leaders: each field, and people against one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from console.rules.checks import check_filing, check_person
from console.rules.checks.certificates import CHECKED
from console.rules.filing import FilingType
from tests.rules.makers import (
    FILING,
    LEADER,
    OTHER,
    TODAY,
    WEBSITE,
    filed,
    id_number,
    the_only,
    told,
)


def person(**changes):
    return told(check_person(replace(LEADER, **changes), "entity_leader", TODAY))


def test_a_leader_with_everything_right_has_no_finding():
    assert person() == set()
    assert check_person(OTHER, "website_leader", TODAY, 1) == []


@pytest.mark.parametrize(
    "field",
    ["name", "certificate_type", "certificate_number", "mobile", "emergency_phone", "email"],
)
def test_each_field_left_empty_is_asked_for(field):
    assert (f"entity_leader-{field}", "refuse") in person(**{field: ""})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "12345"),
        ("name", "John Smith"),
        ("name", "ＡＢＣ"),
        ("name", "张3"),
        ("name", "张\u200b三"),
        ("name", "张\n三"),
        ("name", "张" * 51),
        ("name", "か\u3099 三"),
        ("mobile", "12345678901"),
        ("mobile", "010-88886666"),
        ("mobile", "+852 9123 4567"),
        ("mobile", "1" * 5000),
        ("emergency_phone", "13800001111"),
        ("emergency_phone", "+86 138 0000 1111"),
        ("emergency_phone", "88"),
        ("email", "zhang"),
        ("email", "zhang@"),
        ("email", "a b@example.cn"),
        ("email", "z" * 50_000 + "@example.cn"),
        ("certificate_type", "library-card"),
        ("certificate_number", "110101199003071230"),
        ("certificate_number", id_number("11010119900231123")),
        ("certificate_number", id_number("11010120990307123")),
        ("certificate_number", id_number("11010118990307123")),
        ("certificate_number", "1101011990030712"),
        ("certificate_number", "１１０１０１１９９００３０７１２３３"),
        ("valid_from", date(2026, 11, 22)),
        ("valid_from", None),
        ("valid_to", None),
        ("valid_to", date(2026, 11, 20)),
        ("valid_to", date(2019, 1, 1)),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, value):
    assert (f"entity_leader-{field}", "refuse") in person(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "𠮷田"),
        ("name", "阿卜杜拉·买买提"),
        ("emergency_phone", "0571-87654321"),
        ("emergency_phone", "13700003333"),
        ("certificate_number", LEADER.certificate_number.lower()),
        ("valid_to", date(2027, 2, 21)),
        ("mobile", "+86 138-0000-2222"),
    ],
)
def test_what_people_really_have_is_taken(field, value):
    assert person(**{field: value}) == set()


@pytest.mark.parametrize(
    ("end", "severity"),
    [
        (date(2026, 11, 20), "refuse"),
        (date(2026, 11, 21), "warn"),
        (date(2027, 2, 20), "warn"),
        (date(2027, 2, 21), None),
    ],
)
def test_a_certificate_that_ends_within_three_months_is_warned_about(end, severity):
    expected = {("entity_leader-valid_to", severity)} if severity else set()
    assert person(valid_to=end) == expected


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 9, 30), date(2026, 12, 30)),
    ],
)
def test_three_months_from_the_end_of_a_month_are_its_last_day(today, last):
    assert check_person(replace(LEADER, valid_to=last), "x", today) == []
    sooner = replace(LEADER, valid_to=last - timedelta(days=1))
    assert told(check_person(sooner, "x", today)) == {("x-valid_to", "warn")}


def test_a_long_term_certificate_has_no_end():
    assert person(long_term=True, valid_to=None) == set()


def test_someone_under_18_is_warned_about_until_the_birthday():
    number = id_number("11010120081122123")
    assert person(certificate_number=number) == {("entity_leader-certificate_number", "warn")}
    assert person(certificate_number=id_number("11010120081121123")) == set()
    assert person(certificate_number=id_number("11010120080229123")) == set()


def test_someone_born_on_29_february_is_18_on_1_march():
    leader = replace(LEADER, certificate_number=id_number("11010120080229123"))
    warned = {("x-certificate_number", "warn")}
    assert told(check_person(leader, "x", date(2026, 2, 28))) == warned
    assert told(check_person(leader, "x", date(2026, 3, 1))) == set()


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("passport", "E12345678", "E-12"),
        ("hk-macao-permit", "H12345678", "K12345678"),
        ("taiwan-permit", "12345678", "A2345678"),
        ("foreigner-permanent-residence", "ABC123456789012", "AB123456789012"),
        ("foreigner-permanent-residence", "911123198002120036", "811123198002120036"),
        ("hk-macao-residence-permit", id_number("81000019800212003"), "810000198002120030"),
        ("taiwan-residence-permit", id_number("83000019800212003"), "820000198002120033"),
    ],
)
def test_each_kind_of_certificate_has_its_own_numbers(kind, good, bad):
    assert person(certificate_type=kind, certificate_number=good) == set()
    assert person(certificate_type=kind, certificate_number=bad) == {
        ("entity_leader-certificate_number", "refuse")
    }


@pytest.mark.parametrize(
    ("born", "severity"),
    [
        ("18991231", "refuse"),
        ("19000101", None),
        ("20261121", "warn"),  # today
        ("20261122", "refuse"),
    ],
)
def test_a_person_is_born_between_1900_and_today(born, severity):
    expected = {("entity_leader-certificate_number", severity)} if severity else set()
    assert person(certificate_number=id_number(f"110101{born}123")) == expected


def test_a_foreigner_s_name_may_be_latin():
    assert person(name="John Smith", certificate_type="passport",
                  certificate_number="E12345678") == set()  # fmt: skip


def test_only_numbers_with_a_date_of_birth_are_looked_at_for_age():
    assert CHECKED == ("id-card", "hk-macao-residence-permit", "taiwan-residence-permit")


def test_a_fault_of_a_website_s_leader_is_told_at_that_website():
    service = replace(WEBSITE, position=7, leader=replace(OTHER, name=""))
    found = the_only(check_filing(replace(FILING, services=(service,)), TODAY))
    assert (found.field, found.service) == ("website_leader-name", 7)


def test_a_cancellation_looks_only_at_what_verification_needs():
    ended = replace(LEADER, valid_to=date(2020, 1, 1), emergency_phone="", email="")
    assert check_filing(filed(FilingType.CANCEL_ENTITY, entity_leader=ended), TODAY) == []
    gone = replace(ended, mobile="")
    found = check_filing(filed(FilingType.CANCEL_ENTITY, entity_leader=gone), TODAY)
    assert told(found) == {("entity_leader-mobile", "refuse")}
