"""What a reason for a return can point at, in an order as it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules.filing import Filing, FilingType
from console.rules.return_points import FIELDS, MATERIALS, points_of, split
from tests.support.filings import app, person, valid_filing, website

# The first website is led by the entity leader, the second by somebody else.
TWO = valid_filing(1, services=(website(1), website(2, 2, leader=person(9))))


def points(reason: str, filing: Filing = TWO) -> list[str]:
    return list(points_of(reason, filing))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("site-name", ["service-name:1", "service-name:2"]),
        (
            "domain-holder",
            [
                "service-domain:1",
                "service-domain:2",
                "materials-domain-certificate:1",
                "materials-domain-certificate:2",
            ],
        ),
        (
            "phone",
            [
                "entity_leader-mobile",
                "entity_leader-emergency_phone",
                "website_leader-mobile:2",
                "website_leader-emergency_phone:2",
            ],
        ),
        (
            "address-differs",
            [
                "entity-certificate_address",
                "entity-contact_address",
                "materials-entity-certificate",
            ],
        ),
        (
            "leader-not-legal-representative",
            [
                "entity_leader-name",
                "entity_leader-certificate_number",
                "materials-authorisation",
            ],
        ),
        ("portrait", ["materials-portrait:1", "materials-portrait:2"]),
        ("wrong-filing-type", []),
        ("expired", []),
    ],
)
def test_a_reason_points_at_what_it_is_about_for_each_service(
    reason: str, expected: list[str]
) -> None:
    assert points(reason) == expected


@pytest.mark.parametrize("reason", sorted(MATERIALS))
def test_a_reason_points_at_its_own_fields_and_papers_alone(reason: str) -> None:
    for field, _service in map(split, points(reason)):
        assert field in FIELDS[reason] or field.removeprefix("materials-") in MATERIALS[reason]


def test_an_unclear_document_can_be_any_paper_of_the_order_and_no_other() -> None:
    assert set(points("document-unclear")) == {
        "materials-entity-certificate",
        "materials-entity-leader-front",
        "materials-entity-leader-back",
        "materials-website-leader-front:2",
        "materials-website-leader-back:2",
        "materials-authenticity-form",
        "materials-authorisation",
        "materials-domain-certificate:1",
        "materials-domain-certificate:2",
        "materials-other",
    }


def test_an_approval_is_pointed_at_where_the_content_needs_one() -> None:
    news = app(3, 2, content_types=("news",))
    filing = valid_filing(1, services=(website(1), news))
    found = points("content-beyond-approval", filing)
    assert [point for point in found if point.startswith("materials")] == [
        "materials-pre-approval:2"
    ]


def test_only_a_change_can_be_of_another_kind_than_it_says() -> None:
    changed = replace(TWO, type=FilingType.CHANGE, changes=frozenset({"entity"}))
    assert points("wrong-filing-type", changed) == ["filing-changes"]


@pytest.mark.parametrize(
    ("point", "field", "position"),
    [
        ("service-name:2", "service-name", 2),
        ("service-name:12", "service-name", 12),
        ("entity-name", "entity-name", None),
        ("service-name:", "service-name", None),
        ("service-name:two", "service-name", None),
        ("service-name:²", "service-name", None),
        ("service-name:１", "service-name", None),
        ("service-name:-1", "service-name", None),
        ("service-name:1:2", "service-name", None),
    ],
)
def test_a_point_is_read_as_field_and_position(
    point: str, field: str, position: int | None
) -> None:
    assert split(point) == (field, position)
