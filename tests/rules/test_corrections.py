"""What a return opens: the answers it points at, what hangs on them, and no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from console.rules.corrections import Opened, closed_changes, is_open, opened, paper_is_open
from console.rules.filing import Filing
from console.rules.return_points import FIELDS, MATERIALS
from tests.support.filings import app, person, valid_filing, website

TWO = valid_filing(1, two_people=True)


def detail(reason: str, *points: str) -> dict[str, Any]:
    fields = [point for point in points if not point.startswith("materials-")]
    return {"reason": reason, "fields": fields, "materials": sorted({*points} - {*fields})}


def of(filing: Filing, *points: str, reason: str = "phone") -> Opened:
    """What these points open."""
    found = opened(filing, [reason], [detail(reason, *points)])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("reasons", "details"),
    [
        ([], []),
        (["phone"], []),
        (["phone", "other"], [detail("phone", "entity_leader-mobile")]),
        (["phone"], [detail("phone")]),
        (["wrong-filing-type"], [detail("wrong-filing-type", "filing-changes")]),
    ],
)
def test_a_reason_that_points_at_nothing_opens_everything(reasons: Any, details: Any) -> None:
    points = opened(TWO, reasons, details)
    assert points is None
    assert is_open(points, "entity-name")
    assert paper_is_open(points, ("portrait", 1))


@pytest.mark.parametrize(
    ("point", "open_", "closed"),
    [
        ("service-name:1", ["service-name:1"], ["service-domain:1", "entity-name"]),
        (
            "entity_leader-mobile",
            ["entity_leader-mobile", "entity_leader-emergency_phone"],
            ["entity_leader-email", "entity_leader-name", "website_leader-mobile:1"],
        ),
        (
            "entity-contact_address",
            ["entity-contact_address", "entity-city", "entity-district"],
            ["entity-province", "entity-certificate_address"],
        ),
        (
            "service-content_types:1",
            ["service-content_types:1", "service-pre_approval_number:1"],
            ["service-languages:1"],
        ),
        (
            "website_leader-name:1",
            ["website_leader-mobile:1", "service-same_as_entity_leader:1"],
            ["entity_leader-name", "service-name:1"],
        ),
    ],
)
def test_a_point_opens_its_answer_with_what_hangs_on_it(
    point: str, open_: list[str], closed: list[str]
) -> None:
    points = of(TWO, point)
    assert set(open_) <= points
    assert not set(closed) & points


def test_the_same_person_is_opened_wherever_they_are_named() -> None:
    leader = person(1)
    filing = replace(TWO, services=(website(1, leader=leader), website(2, 2, leader=person(9))))
    points = of(filing, "entity_leader-mobile")
    assert "website_leader-mobile:1" in points
    assert "website_leader-mobile:2" not in points
    assert points == {
        f"{who}-{name}{where}"
        for who, where in (("entity_leader", ""), ("website_leader", ":1"))
        for name in ("mobile", "emergency_phone")
    }
    assert of(filing, "website_leader-mobile:1") == points


def test_who_leads_one_website_alone_is_opened_there_alone() -> None:
    filing = replace(TWO, services=(website(1), website(2, 2, leader=person(9))))
    assert of(filing, "website_leader-email:2") == {"website_leader-email:2"}
    # Two people without a number yet are not one person.
    blank = replace(person(9), mobile="")
    unknown = replace(filing, entity_leader=blank, services=(website(2, 2, leader=blank),))
    assert of(unknown, "website_leader-email:2") == {"website_leader-email:2"}


def test_of_an_individual_entity_and_leader_are_opened_together() -> None:
    alone = replace(TWO, entity=replace(TWO.entity, nature="individual"))
    assert "entity_leader-certificate_number" in of(alone, "entity-certificate_number")
    assert "entity-name" in of(alone, "entity_leader-name")


def test_what_cannot_be_handed_in_as_it_stands_is_open_too() -> None:
    details = [detail("phone", "entity_leader-mobile")]
    points = opened(TWO, ["phone"], details, ["website_leader-valid_to:1"])
    assert is_open(points, "website_leader-valid_to", 1)
    assert is_open(points, "website_leader-long_term", 1)
    assert not is_open(points, "website_leader-name", 1)
    unanswered = opened(TWO, ["phone"], details, ["answers-empty-shell"])
    assert is_open(unanswered, "answers-empty-shell")


def test_papers_are_open_where_pointed_at_or_where_they_show_what_changes() -> None:
    points = of(TWO, "materials-portrait:1", "entity_leader-certificate_number")
    assert paper_is_open(points, ("portrait", 1))
    assert paper_is_open(points, ("entity-leader-front", None))
    assert paper_is_open(points, ("authenticity-form", None))
    assert not paper_is_open(points, ("website-leader-front", 1))
    assert not paper_is_open(points, ("entity-certificate", None))
    only_a_paper = of(TWO, "materials-portrait:1")
    assert not paper_is_open(only_a_paper, ("authenticity-form", None))


def test_edits_of_what_is_closed_are_found_and_others_are_not() -> None:
    points = of(TWO, "service-name:1")
    named = replace(TWO, services=(replace(TWO.services[0], name="新的名字"),))
    assert not closed_changes(points, TWO, named)
    moved = replace(TWO, entity=replace(TWO.entity, name="别的公司"))
    assert closed_changes(points, TWO, moved) == ["entity-name"]
    more = replace(TWO, services=(*TWO.services, website(5, 2)))
    assert "filing-services" in closed_changes(points, TWO, more)
    assert closed_changes(points, more, TWO) == ["filing-services"]
    # Opening every answer there is does not let websites come and go.
    assert closed_changes(of(TWO, "service-name:1", "service-domain:1"), more, TWO)
    shared = replace(TWO.services[0], same_as_entity_leader=True)
    assert closed_changes(points, TWO, replace(TWO, services=(shared,))) == [
        "service-same_as_entity_leader"
    ]
    assert not closed_changes(None, TWO, more)


@pytest.mark.parametrize("who", ["entity_leader", "website_leader"])
def test_what_a_leader_is_written_to_in_is_never_closed(who: str) -> None:
    assert is_open(of(TWO, "service-name:1"), f"{who}-language")
    assert not is_open(of(TWO, "service-name:1"), f"{who}-email")


def test_an_app_s_systems_are_closed_as_one_answer() -> None:
    filing = valid_filing(1, services=(app(1),))
    assert not is_open(of(filing, "service-name:1"), "service-android_fingerprint", 1)
    details = [detail("phone", "service-name:1")]
    points = opened(filing, ["phone"], details, ["service-android_fingerprint:1"])
    assert is_open(points, "service-platforms", 1)
    assert is_open(points, "service-ios_public_key", 1)
    assert is_open(points, "service-harmonyos_package_name", 1)
    assert not is_open(points, "service-ios_public_key", 2)
    assert not is_open(points, "service-sdks", 1)


def test_every_point_a_reviewer_can_choose_opens_itself() -> None:
    for reason, fields in FIELDS.items():
        for field in fields:
            if field.startswith("filing-"):
                continue
            service = 1 if field.startswith(("service", "website")) else None
            point = field if service is None else f"{field}:1"
            assert is_open(of(TWO, point, reason=reason), field, service)
        for code in MATERIALS.get(reason, ()):
            assert paper_is_open(of(TWO, f"materials-{code}", reason=reason), (code, None))
