"""From registering to ICP numbers, in a browser, as the people themselves would."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Worker
from tests.browser.hands import Applicant, Leader, Reviewer, fill, press, row, wrong
from tests.support.filings import entity_form, service_form, valid_filing
from tests.support.people import PASSWORD

pytestmark = pytest.mark.browser

FILING = valid_filing(1, two_people=True)
FIRST, SECOND = FILING.entity_leader, FILING.services[0].leader
ENTITY, WEBSITE = "entity-leader", "website-leader-1"
FIVE_SECONDS = 5_000


def register(page: Page) -> None:
    """Create an account from the landing page on, sign out, and sign in again."""
    page.goto("/")
    page.locator('main a[href^="/register"]').first.click()
    fill(page, {"email": "new@example.cn", "password": PASSWORD, "password_confirm": PASSWORD})
    press(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    Applicant(page).sign_in("new@example.cn", PASSWORD)


def fill_in_with_a_break_and_a_mistake(applicant: Applicant) -> None:
    """Leave half-way and come back; enter something wrong and be led to it."""
    page, entity = applicant.page, entity_form(FILING)
    some = {name: entity.pop(name) for name in ("entity-name", "entity-nature")}
    fill(page, some)
    with page.expect_navigation():
        page.get_by_role("button", name="Save for later").click()
    page.locator(f'tr[data-order="{applicant.number}"] a').first.click()
    page.locator('a[href$="/edit/entity"], a[href$="/edit"]').first.click()
    applicant.open("entity")
    expect(page.locator('[name="entity-name"]')).to_have_value(some["entity-name"])
    fill(page, entity | {"entity_leader-mobile": "12345"})
    press(page)
    expect(page.locator(".summary")).to_be_focused()
    page.locator('.summary a[href="#entity_leader-mobile"]').click()
    field = page.locator('[name="entity_leader-mobile"]')
    expect(field).to_be_focused()
    expect(field).to_have_value("12345")
    field.fill(FIRST.mobile)
    press(page)
    expect(page).to_have_url(re.compile("/edit/services$"))


def see_who_must_verify_and_submit(applicant: Applicant) -> None:
    """Who and why stand on the page before anything is handed in."""
    page = applicant.page
    applicant.open("services/1")
    fill(page, service_form(FILING.services[0]))
    press(page)
    press(page)
    press(page)
    expect(page).to_have_url(re.compile("/edit/check$"))
    for key, person in ((ENTITY, FIRST), (WEBSITE, SECOND)):
        expect(row(page, key)).to_contain_text(person.name)
        expect(row(page, key).locator(".verifier-why")).not_to_be_empty()
    applicant.submit()


def be_returned_and_resubmit(applicant: Applicant, reviewer: Reviewer) -> None:
    """The reviewer's reasons and note are on the applicant's page, and the name is corrected."""
    page, note = applicant.page, "网站名称与内容不符"
    expect(page.locator(".turn")).to_contain_text("review")
    reviewer.send_back(applicant.number, ["site-name"], note)
    applicant.see_before_long("returned")
    expect(page.locator('[data-returned-by="provider"] [data-reason="site-name"]')).to_be_visible()
    expect(page.locator('[data-returned-by="provider"]')).to_contain_text(note)
    applicant.open("services/1")
    expect(page.locator(".came-back")).to_contain_text(note)
    fill(page, {"service-name": "西子茶叶展示网站"})
    press(page)
    applicant.open("check")
    applicant.submit()


def verify_both(applicant: Applicant, leader: Leader) -> None:
    """The open page follows each entry by itself, within five seconds."""
    page = applicant.page
    applicant.wait_for_state("verifying")
    page.evaluate("window.neverReloaded = true")
    first = leader.code(FIRST)
    assert leader.enter(FIRST, wrong(first)) == "no-record"
    expect(row(page, ENTITY).locator("[data-tries-left]")).to_have_text("4", timeout=FIVE_SECONDS)
    assert leader.enter(FIRST, first) == "verified-others-waiting"
    expect(row(page, ENTITY)).to_have_attribute("data-state", "verified", timeout=FIVE_SECONDS)
    expect(row(page, WEBSITE)).to_have_attribute("data-state", "waiting")
    old = leader.code(SECOND)
    assert leader.resend(SECOND) == "resent"
    expect(row(page, WEBSITE).locator("[data-resends-left]")).to_have_text("1")
    assert leader.enter(SECOND, leader.code(SECOND, other_than=old)) == "verified"
    applicant.wait_for_state("administration-review")
    assert page.evaluate("window.neverReloaded")


def polls_during(page: Page, seconds: int) -> int:
    """How often the page asks for news when its clock runs on by so much."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(seconds * 1000)
    page.evaluate("fetch('/healthz').then(answer => answer.text())")
    return sum(url.endswith("/checklist") for url in asked)


def test_an_applicant_gets_from_registering_to_icp_numbers(
    visit: Visit,
    reviewer: Reviewer,
    leader: Leader,
    desk: Callable[[str], None],
    worker: Worker,
) -> None:
    applicant = Applicant(visit())
    applicant.page.clock.install()
    register(applicant.page)
    applicant.start()
    fill_in_with_a_break_and_a_mistake(applicant)
    see_who_must_verify_and_submit(applicant)
    be_returned_and_resubmit(applicant, reviewer)
    reviewer.approve(applicant.number)
    applicant.open()
    verify_both(applicant, leader)
    assert polls_during(applicant.page, 20) > 0
    desk(applicant.number)
    applicant.see_before_long("accepted")
    numbers = applicant.page.locator(".icp-number")
    expect(numbers.first).to_have_text(re.compile(r"浙ICP备\d+号"))
    assert polls_during(applicant.page, 120) == 0
