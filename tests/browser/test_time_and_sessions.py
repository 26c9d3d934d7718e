"""Open pages while time runs out: the order's, the session's, the link's."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Worker
from tests.browser.hands import Applicant, poll_now, press, row
from tests.support.clocks import Clock
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD, People

pytestmark = pytest.mark.browser

TWO = valid_filing(1, two_people=True)


@pytest.fixture
def at_the_end(visit: Visit, people: People, drive: Drive, clock: Clock) -> Applicant:
    """An applicant whose open page shows the last minutes of the time to verify."""
    number = drive.approve(drive.draft(TWO))
    clock.move(hours=23, minutes=50)
    applicant = Applicant(visit())
    applicant.page.clock.install()
    applicant.sign_in(people.owner.email, PASSWORD)
    applicant.number = number
    applicant.open()
    expect(row(applicant.page, "entity-leader")).to_have_attribute("data-state", "waiting")
    return applicant


def test_when_time_is_up_the_open_page_says_so_and_then_what_to_do(
    at_the_end: Applicant, clock: Clock, drive: Drive
) -> None:
    page = at_the_end.page
    clock.move(minutes=70)
    poll_now(page)
    expect(row(page, "entity-leader")).to_have_attribute("data-state", "expired")
    expect(page.locator(".turn")).to_contain_text("is awaited")
    drive.work()
    at_the_end.see_before_long("returned")
    expect(page.locator('[data-returned-by="ministry"] [data-reason="expired"]')).to_be_visible()
    with page.expect_navigation():
        page.locator('a[data-action="resubmit"]').click()
    at_the_end.submit()


def test_a_leader_s_page_is_still_there_a_day_later(
    at_the_end: Applicant, visit: Visit, clock: Clock, drive: Drive
) -> None:
    page = visit()
    page.clock.install()
    page.goto(at_the_end.link())
    clock.move(hours=25)
    poll_now(page)
    expect(row(page, "entity-leader")).to_have_attribute("data-state", "expired")
    drive.work()
    poll_now(page)
    expect(page.locator("#live")).to_have_attribute("data-state", "returned")


def test_an_order_being_verified_is_withdrawn(
    applicant: Applicant, drive: Drive, worker: Worker
) -> None:
    applicant.number = drive.approve(drive.draft(TWO))
    applicant.page.clock.install()
    applicant.open()
    applicant.page.once("dialog", lambda dialog: dialog.accept())
    applicant.page.locator('[data-action="withdraw"]').click()
    applicant.see_before_long("draft")
    expect(applicant.page.locator('a[data-action="submit"]')).to_be_visible()


def test_what_was_typed_is_there_again_when_the_session_had_ended(
    applicant: Applicant, drive: Drive, clock: Clock, people: People
) -> None:
    page = applicant.page
    applicant.number = drive.draft(TWO)
    applicant.open("entity")
    page.locator('[name="entity-remarks"]').fill("三个月内不变更")
    clock.move(hours=3)
    press(page)
    with page.context.expect_page() as opened:
        page.locator('main a[target="_blank"]').click()
    Applicant(opened.value).sign_in(people.owner.email, PASSWORD)
    press(page)
    expect(page.locator('[name="entity-remarks"]')).to_have_value("三个月内不变更")
    press(page)
    applicant.open("entity")
    expect(page.locator('[name="entity-remarks"]')).to_have_value("三个月内不变更")


def test_logging_out_elsewhere_ends_the_polling_of_an_open_page(
    applicant: Applicant, drive: Drive
) -> None:
    applicant.number = drive.approve(drive.draft(TWO))
    applicant.page.clock.install()
    applicant.open()
    other = applicant.page.context.new_page()
    other.goto("/orders")
    with other.expect_navigation():
        other.locator('form[action="/logout"] button').click()
    poll_now(applicant.page)
    expect(applicant.page.locator("[data-gone]")).to_be_visible()
    assert applicant.page.locator("[data-hx-trigger]").count() == 0


def test_a_page_older_than_half_a_day_says_that_it_no_longer_updates(
    applicant: Applicant, drive: Drive, clock: Clock
) -> None:
    applicant.number = drive.approve(drive.draft(TWO))
    applicant.page.clock.install()
    applicant.open()
    clock.move(hours=13)
    poll_now(applicant.page)
    expect(applicant.page.locator("[data-gone]")).to_be_visible()
    applicant.open()
    expect(applicant.page.locator("#password")).to_be_visible()
