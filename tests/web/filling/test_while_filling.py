"""What a field tells while it is filled in, before anything is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import expect
from werkzeug.test import TestResponse

from console.rules.advice import ADVICE, advice_for
from console.rules.provinces import PROVINCES
from tests.support.browsers import sign_in_page
from tests.support.filings import entity_form, service_form, valid_filing
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People
from tests.web.filling.desk import Applicant

FILING = valid_filing(1, two_people=True)
ENTITY = entity_form(FILING)
LEADER = FILING.entity_leader
SERVICE = service_form(FILING.services[0])


def look(owner: Applicant, step: str, name: str, data: dict[str, Any]) -> TestResponse:
    """The field alone, as htmx asks for it when it changes."""
    headers = {"HX-Request": "true"}
    return owner.client.submit(f"{owner.path(step)}/look/{name}", data, headers=headers)


def said(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("entity-certificate_number", "91330106MA20000010", "its check digit does not fit"),
        ("entity-certificate_number", ENTITY["entity-certificate_number"], "check digit fits"),
        ("entity_leader-certificate_number", "330106198504120012", "last character does not fit"),
        (
            "entity_leader-certificate_number",
            ENTITY["entity_leader-certificate_number"],
            "check digit fits",
        ),
        ("entity_leader-mobile", "12345", "11 digits that begin with 1"),
        ("entity_leader-mobile", "138 0571 0001", "China Mobile. The ministry's text comes from"),
        ("entity_leader-mobile", "17012345678", "Virtual operator"),
        ("entity-province", "HI", "has to be the legal representative"),
    ],
)
def test_an_answer_is_looked_at_as_it_is_typed(
    owner: Applicant, name: str, value: str, told: str
) -> None:
    assert told in said(look(owner, "entity", name, {**ENTITY, name: value}))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("https://例子.中国/", "without a scheme"),
        ("例子.中国", "A domain that can be registered: 例子.中国 (xn--fsqu00a.xn--fiqs8s)"),
    ],
)
def test_a_domain_is_read_back(owner: Applicant, value: str, told: str) -> None:
    data = {**SERVICE, "service-domain": value}
    assert told in said(look(owner, "services/1", "service-domain", data))


def test_looking_saves_nothing_and_an_empty_field_is_not_complained_of(owner: Applicant) -> None:
    before = owner.filing()
    look(owner, "entity", "entity-province", ENTITY)
    assert owner.filing() == before
    empty = look(owner, "entity", "entity_leader-mobile", {**ENTITY, "entity_leader-mobile": ""})
    assert "field-error" not in empty.text


@pytest.mark.parametrize("name", ["entity-name", "csrf_token", "x"])
def test_other_fields_do_not_look(owner: Applicant, name: str) -> None:
    assert look(owner, "entity", name, ENTITY).status_code == 404


def test_the_page_itself_says_it_where_there_are_no_scripts(owner: Applicant) -> None:
    owner.send("entity", {**ENTITY, "entity-province": "HI"})
    page = owner.get("entity").text
    assert "Huawei Cloud, rules of Hainan" in page
    assert "January 29, 2021" in page
    assert "The ministry&#39;s text comes from" in page


def test_once_submitted_or_signed_out_a_field_says_nothing(
    owner: Applicant, client: LintingClient
) -> None:
    address = f"{owner.path('entity')}/look/entity-province"
    sent = {**ENTITY, "revision": "1"}
    signed_out = client.post(address, data=sent, headers={"HX-Request": "true"})
    assert "HX-Redirect" not in signed_out.headers
    owner.fill(FILING)
    assert owner.act("submit").status_code == 303
    assert look(owner, "entity", "entity-province", ENTITY).status_code == 204


def test_all_advice_names_provinces_that_are_and_a_source_with_a_day() -> None:
    for advice in ADVICE:
        assert set(advice.provinces) <= set(PROVINCES)
        assert advice.source.en
        assert advice.as_of.year >= 2019


def test_advice_for_units_is_not_given_to_individuals() -> None:
    units, persons = advice_for("GS", "enterprise"), advice_for("GS", "individual")
    assert units
    assert persons
    assert not set(units) & set(persons)
    assert set(advice_for("GS")) == {*units, *persons}
    assert advice_for("ZJ", "enterprise") == ()


@pytest.mark.browser
def test_a_field_speaks_up_while_one_goes_on_to_the_next(
    owner: Applicant, people: People, browser: Callable[..., Any]
) -> None:
    page = browser().new_page()
    sign_in_page(page, people.owner.email, PASSWORD)
    page.goto(owner.path("entity"))
    mobile, phone = (
        page.locator(f'[name="entity_leader-{n}"]') for n in ("mobile", "emergency_phone")
    )
    told = page.locator("#entity_leader-mobile-said")
    mobile.fill("12345")
    phone.press_sequentially("138")
    expect(told).to_contain_text("11 digits that begin with 1")
    expect(mobile).to_have_attribute("aria-invalid", "true")
    mobile.fill(LEADER.mobile)
    phone.focus()
    expect(told).to_contain_text("China Mobile")
    expect(mobile).not_to_have_attribute("aria-invalid", "true")
    expect(phone).to_be_focused()
    expect(phone).to_have_value("138")
    page.select_option('[name="entity-province"]', "HI")
    expect(page.locator("#entity-province-said")).to_contain_text("legal representative")
    page.context.clear_cookies()
    mobile.fill("1")
    with page.expect_response(lambda answer: "/look/" in answer.url) as answer:
        phone.focus()
    assert answer.value.status in (400, 401)
    expect(phone).to_have_value("138")
    assert page.url.endswith("/edit/entity")
