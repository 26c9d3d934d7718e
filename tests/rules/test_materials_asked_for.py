"""Which papers are needed follows from nature, filing type and province."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules import materials
from console.rules.filing import Filing, FilingType
from console.rules.materials import KINDS, check_materials, check_name, needs, served_name
from tests.support.filings import app, person, valid_filing, website


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


def cards(filing: Filing) -> set[str]:
    """The website leaders' papers among what must be brought."""
    return {key for key in demanded(filing) if key.startswith("website-leader")}


@pytest.mark.parametrize(
    ("numbers", "same"),
    [(("11010119900307123X", " 11010119900307123x "), True), (("H12345678", "H12345679"), False)],
)
def test_one_certificate_is_one_person_however_it_is_typed(
    numbers: tuple[str, str], same: bool
) -> None:
    one, other = (person(7, certificate_number=number) for number in numbers)
    for first, second in ((one, other), (other, one)):
        filing = valid_filing(1, services=(website(1, leader=first), website(2, 2, leader=second)))
        assert ("website-leader-front-2" not in cards(filing)) is same
        alone = replace(valid_filing(1, services=(website(1, leader=second),)), entity_leader=first)
        assert (not cards(alone)) is same


def test_leaders_whose_certificates_are_not_told_yet_bring_one_each() -> None:
    blank = person(7, certificate_number="")
    services = (website(1, leader=blank), website(2, 2, leader=blank))
    filing = replace(valid_filing(1, services=services), entity_leader=blank)
    assert {key[-1] for key in cards(filing)} == {"1", "2"}


def test_who_is_said_to_be_the_entity_leader_brings_no_card_of_their_own() -> None:
    filing = valid_filing(1)
    shared = replace(filing.services[0], leader=person(8), same_as_entity_leader=True)
    assert not cards(replace(filing, services=(shared,)))


def test_a_website_leader_s_passport_has_no_back_whatever_the_entity_leader_shows() -> None:
    filing = valid_filing(1, services=(website(1, leader=person(8, certificate_type="passport")),))
    assert cards(filing) == {"website-leader-front-1"}
    assert "entity-leader-back" in demanded(filing)


def test_an_individual_has_no_entity_certificate_besides_the_leaders() -> None:
    filing = valid_filing(1, nature="individual")
    assert "entity-certificate" not in {need.key for need in needs(filing)}
    assert "authorisation" not in {need.key for need in needs(filing)}


def test_a_passport_has_no_back() -> None:
    filing = valid_filing(1)
    leader = replace(filing.entity_leader, certificate_type="passport")
    assert "entity-leader-back" not in demanded(replace(filing, entity_leader=leader))


def test_content_that_needs_an_approval_brings_it() -> None:
    services = (website(1), website(2, 2, content_types=("games", "news")))
    found = demanded(valid_filing(1, services=services))
    assert "pre-approval-2" in found
    assert "pre-approval-1" not in found


def test_an_approval_that_is_named_is_brought_whatever_the_content() -> None:
    services = (website(1, pre_approval_kind="religion"),)
    assert "pre-approval-1" in demanded(valid_filing(1, services=services))


def test_an_app_without_a_domain_brings_no_domain_certificate() -> None:
    services = (app(1), app(2, 2, domain=""))
    found = demanded(valid_filing(1, services=services))
    assert {key for key in found if key.startswith("domain")} == {"domain-certificate-1"}


def test_a_condition_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = replace(KINDS["domain-certificate"], when=("full-moon",))
    monkeypatch.setattr(materials, "KINDS", {"odd": odd})
    with pytest.raises(ValueError, match="there is no condition full-moon"):
        needs(valid_filing(1))


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
    for code, kind in KINDS.items():
        assert kind.code == code
        assert "2026" in kind.source.en
        assert "2026" in kind.source.zh
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
        assert found.source == KINDS["domain-certificate"].source
        assert "Domain certificate" in str(found.message)


def test_no_paper_is_missed_that_nobody_demands_or_that_is_there() -> None:
    wanted = needs(valid_filing(1))
    assert {need.key for need in wanted if not need.demanded} == {"authorisation", "other"}
    assert not check_materials(wanted, {need.slot for need in wanted if need.demanded}, True)
    elsewhere = {(code, service and service + 1) for code, service in (n.slot for n in wanted)}
    (found,) = check_materials(wanted, elsewhere, True)
    assert found.field == "materials-domain-certificate"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a" * 197 + ".jpg", "too long"),
        ("../x.jpg", "path"),
        ("a/b.png", "path"),
        ("a\\b.png", "path"),
        (".", "path"),
        ("..", "path"),
        ("a\u202egpj.exe", "nobody can see"),
        ("a\tb.png", "nobody can see"),
    ],
)
def test_a_name_nobody_should_have_is_refused(name: str, words: str) -> None:
    assert words in str(check_name(name))


def test_the_longest_name_is_told_to_who_named_a_file_too_long() -> None:
    assert "at most 200 characters" in str(check_name("a" * 201))


@pytest.mark.parametrize("name", ["a" * 196 + ".jpg", "执照 扫描件.pdf", "v1.2..jpg", "...", ""])
def test_a_plain_name_is_taken(name: str) -> None:
    assert check_name(name) is None


@pytest.mark.parametrize(
    ("name", "content_type", "served"),
    [
        ("执照.jpg", "image/jpeg", "执照.jpg"),
        ("scan.JPEG", "image/jpeg", "scan.JPEG"),
        ("scan.JPG", "image/jpeg", "scan.JPG"),
        ("scan.jpeg", "image/png", "scan.png"),
        ("scan.jpg", "image/png", "scan.png"),
        ("scan.png", "image/png", "scan.png"),
        ("scan.PDF", "application/pdf", "scan.PDF"),
        ("page.html", "image/png", "page.png"),
        ("two.dots.html", "image/png", "two.dots.png"),
        ("version 1.final draft", "application/pdf", "version 1.final draft.pdf"),
        ("page.xhtml", "image/png", "page.png"),
        ("page.xhtmls", "image/png", "page.xhtmls.png"),
        (".html", "image/png", ".html.png"),
        ("no ending", "application/pdf", "no ending.pdf"),
        ("pdf", "application/pdf", "pdf.pdf"),
    ],
)
def test_the_ending_of_a_name_says_what_the_content_is(
    name: str, content_type: str, served: str
) -> None:
    assert served_name(name, content_type) == served
