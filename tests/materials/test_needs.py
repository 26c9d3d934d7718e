"""Which papers are needed follows from nature, filing type and province."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules.filing import Filing, FilingType
from console.rules.materials import KINDS, check_materials, check_name, needs, served_name
from tests.support.filings import person, valid_filing, website


def demanded(filing: Filing, *reasons: str) -> set[str]:
    """The keys of what must be brought."""
    return {need.key for need in needs(filing, reasons) if need.demanded}


def test_a_company_led_by_one_person_brings_licence_card_form_and_domain() -> None:
    assert demanded(valid_filing(1)) == {
        "entity-certificate",
        "entity-leader-front",
        "entity-leader-back",
        "authenticity-form",
        "domain-certificate-1",
    }


def test_another_website_leader_brings_a_card_of_their_own() -> None:
    more = demanded(valid_filing(1, two_people=True)) - demanded(valid_filing(1))
    assert more == {"website-leader-front-1", "website-leader-back-1"}


def test_who_leads_two_websites_brings_the_card_once() -> None:
    leader = person(9)
    services = (website(1, 1, leader=leader), website(2, 2, leader=leader))
    keys = demanded(valid_filing(1, services=services))
    assert {key for key in keys if key.startswith("website-leader")} == {
        "website-leader-front-1",
        "website-leader-back-1",
    }


def test_an_individual_has_no_entity_certificate_besides_the_leaders() -> None:
    filing = valid_filing(1, nature="individual")
    assert "entity-certificate" not in {need.key for need in needs(filing)}
    assert "authorisation" not in {need.key for need in needs(filing)}


def test_a_passport_has_no_back() -> None:
    filing = valid_filing(1)
    leader = replace(filing.entity_leader, certificate_type="passport")
    assert "entity-leader-back" not in demanded(replace(filing, entity_leader=leader))


def test_content_that_needs_an_approval_brings_it() -> None:
    services = (website(1, content_types=("news",)),)
    assert "pre-approval-1" in demanded(valid_filing(1, services=services))
    assert "pre-approval-1" not in demanded(valid_filing(1))


def test_a_portrait_is_asked_for_in_some_provinces_alone() -> None:
    assert "portrait-1" in demanded(valid_filing(1, province="HI"))
    assert "portrait-1" not in demanded(valid_filing(1, province="ZJ"))


@pytest.mark.parametrize(
    ("reason", "key"),
    [("portrait", "portrait-1"), ("leader-not-legal-representative", "authorisation")],
)
def test_a_return_demands_the_paper_it_was_about(reason: str, key: str) -> None:
    assert key not in demanded(valid_filing(1))
    assert key in demanded(valid_filing(1), reason)


@pytest.mark.parametrize(
    ("type_", "changes", "keys"),
    [
        (FilingType.ADD_SERVICE, (), {"authenticity-form", "domain-certificate-1"}),
        (FilingType.CHANGE, ("service",), {"authenticity-form", "domain-certificate-1"}),
        (FilingType.CHANGE, ("remarks",), set()),
        (
            FilingType.CHANGE,
            ("entity",),
            {
                "authenticity-form",
                "entity-certificate",
                "entity-leader-front",
                "entity-leader-back",
            },
        ),
        (FilingType.CANCEL_ENTITY, (), {"entity-certificate", "entity-leader-front"}),
        (FilingType.CANCEL_SERVICE, (), set()),
        (FilingType.CANCEL_ACCESS, (), set()),
    ],
)
def test_other_filing_types_need_less(
    type_: FilingType, changes: tuple[str, ...], keys: set[str]
) -> None:
    filing = replace(valid_filing(1), type=type_, changes=frozenset(changes))
    assert demanded(filing) == keys


def test_add_provider_needs_all_that_a_first_filing_does() -> None:
    first = valid_filing(1, two_people=True)
    assert demanded(replace(first, type=FilingType.ADD_PROVIDER)) == demanded(first)


def test_every_order_may_bring_ten_other_papers() -> None:
    assert KINDS["other"].most == 10
    for type_ in FilingType:
        assert "other" in {need.key for need in needs(replace(valid_filing(1), type=type_))}


def test_every_kind_names_its_source_and_both_languages() -> None:
    for kind in KINDS.values():
        assert "2026" in kind.source.en
        for words in (kind.title, kind.hint, kind.why):
            assert words.en
            assert words.zh
            assert words.en != words.zh


def test_a_missing_paper_refuses_where_the_deployment_demands_it_and_else_warns() -> None:
    wanted = needs(valid_filing(1))
    present = {need.slot for need in wanted if need.key != "domain-certificate-1"}
    for required, severity in ((True, "refuse"), (False, "warn")):
        (found,) = check_materials(wanted, present, required)
        assert (found.field, found.severity, found.service) == (
            "materials-domain-certificate",
            severity,
            1,
        )


@pytest.mark.parametrize(
    "name", ["a" * 297 + ".jpg", "../../x.jpg", "..", "a\\b.png", "a\u202egpj.exe"]
)
def test_a_name_nobody_should_have_is_refused(name: str) -> None:
    assert check_name(name) is not None


def test_the_ending_of_a_name_says_what_the_content_is() -> None:
    assert served_name("执照.jpg", "image/jpeg") == "执照.jpg"
    assert served_name("scan.JPEG", "image/jpeg") == "scan.JPEG"
    assert served_name("page.html", "image/png") == "page.png"
    assert served_name("no ending", "application/pdf") == "no ending.pdf"
