"""Orders that are no first filing, in a real browser: the panel, the steps, the confirmation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from console.rules.filing import FilingType
from tests.browser.looks import english_leftovers, sticking_out
from tests.support.browsers import sign_in_page
from tests.support.filings import mobile
from tests.support.people import PASSWORD
from tests.web.types.cases import ELSEWHERE, provider_form, ready, register
from tests.web.types.office import Office

pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 760}


@pytest.fixture
def settings_for_app(request: pytest.FixtureRequest) -> dict[str, str]:
    """An older book where the test is about its questions."""
    return {"RULEBOOK": "jdcloud-2020"} if "provider" in request.node.name else {}


@pytest.fixture
def page(browser: Callable[..., BrowserContext], office: Office) -> Iterator[Page]:
    """The owner's page; whatever breaks the security policy or raises fails the test."""
    context = browser(viewport=NARROW)
    page = context.new_page()
    sign_in_page(page, office.people.owner.email, PASSWORD)
    yield page
    assert context.violations == []  # type: ignore[attr-defined]


def looks_right(page: Page) -> None:
    """Nothing sticks out of a narrow window; axe has every page of its own run (`make pages`)."""
    assert sticking_out(page) <= 0, page.url


def go_on(page: Page) -> None:
    """Press the page's main button."""
    with page.expect_navigation():
        page.locator("main button.btn-primary[type=submit], main .confirming button").first.click()


def choose(page: Page, filing_type: FilingType) -> None:
    """Choose a type on the first page."""
    page.goto("/orders/new")
    expect(page.locator("#who")).to_be_visible()
    page.locator(f"#type-{filing_type}").check()
    expect(page.locator(".only-first-filing")).to_be_hidden()
    expect(page.locator("#who")).to_be_hidden()
    looks_right(page)
    go_on(page)


def number_of(page: Page) -> str:
    """The number of the order that was just started, once its page is there."""
    page.wait_for_url(re.compile(r"/orders/\d{8}-"))
    return page.url.split("/orders/")[1].split("/")[0]


def test_a_change_from_the_tick_to_the_hand_in(page: Page, office: Office) -> None:
    register(office)
    choose(page, FilingType.CHANGE)
    people: Any = page.locator("#who [data-verifier]")
    expect(people).to_have_count(0)
    page.locator("#changes-entity").check()
    expect(people).to_have_count(1)
    page.get_by_text("西子茶叶商城").click()
    expect(people).to_have_count(2)
    expect(page.locator("#changes-entity")).to_be_checked()
    looks_right(page)
    go_on(page)
    office.number = number_of(page)
    page.locator('[name="entity_leader-mobile"]').fill(mobile(77))
    go_on(page)
    page.goto(f"/orders/{office.number}/edit/check")
    expect(page.locator("del").first).to_have_text(mobile(1))
    expect(page.locator("ins").first).to_have_text(mobile(77))
    looks_right(page)
    with page.expect_navigation():
        page.locator('form[action$="/submit"] button').click()
    expect(page.locator("#live")).to_have_attribute("data-state", "in-review")


def test_a_provider_is_added_after_the_books_questions(page: Page, office: Office) -> None:
    known = provider_form(office)
    choose(page, FilingType.ADD_PROVIDER)
    page.locator("#icp_number").fill(known["icp_number"])
    page.locator("#certificate_number").fill(known["certificate_number"])
    go_on(page)
    expect(page.locator(".summary")).to_contain_text("Answer yes or no.")
    page.locator('[name="mobile-changed"][value="yes"]').check()
    page.locator('[name="empty-shell"][value="no"]').check()
    go_on(page)
    expect(page.locator(".summary")).to_contain_text("Let the original provider change")
    expect(page.locator("#icp_number")).to_have_value(known["icp_number"])
    looks_right(page)
    page.locator('[name="mobile-changed"][value="no"]').check()
    go_on(page)
    office.number = number_of(page)
    expect(page.locator("#entity-name")).to_contain_text(ELSEWHERE.entity.name)
    expect(page.locator('input[name="entity-name"]')).to_have_count(0)
    looks_right(page)
    office.fill(ELSEWHERE)
    office.hand_over()
    page.goto(f"/orders/{office.number}")
    expect(page.locator("#live")).to_have_attribute("data-state", "verifying")
    expect(page.locator('[data-verifier="website-leader-1"]')).to_be_visible()


def test_an_entity_is_cancelled_once_confirmed_and_its_phone_corrected(
    page: Page, office: Office
) -> None:
    ready(office, FilingType.CANCEL_ENTITY)
    page.goto(f"/orders/{office.number}/edit/check")
    looks_right(page)
    go_on(page)
    expect(page.locator("#confirm-error")).to_be_visible()
    page.locator("#confirm").check()
    go_on(page)
    expect(page.locator("#live")).to_have_attribute("data-state", "in-review")
    office.hand_over()
    page.goto(f"/orders/{office.number}")
    page.locator("#correct-entity-leader summary").click()
    page.locator("#mobile-entity-leader").fill(mobile(70))
    looks_right(page)
    with page.expect_navigation():
        page.locator('[data-action="correct-mobile"]').click()
    office.work()
    assert office.verifiers()[0].mobile == mobile(70)
    office.verify()
    office.decide()
    page.goto("/filed")
    expect(page.locator(".filed.is-gone")).to_be_visible()
    looks_right(page)


def test_every_page_that_starts_an_order_is_in_chinese(
    browser: Callable[..., BrowserContext], office: Office
) -> None:
    ready(office, FilingType.CHANGE)
    page = browser(locale="zh-CN", viewport=NARROW).new_page()
    sign_in_page(page, office.people.owner.email, PASSWORD)
    paths = ["/orders/new", "/orders/new/cancel-entity", "/orders/new/add-provider", "/filed"]
    for path in [*paths, f"/orders/{office.number}/edit/check"]:
        page.goto(path)
        assert english_leftovers(page) == [], path
