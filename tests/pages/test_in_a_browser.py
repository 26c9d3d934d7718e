"""A few of the pages, looked over as `make pages` looks over all of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.pages.checks import by_keyboard, printed, seen_and_used
from tests.pages.every import EVERY
from tests.support.browsers import sign_in_page
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD, People

pytestmark = pytest.mark.browser

LISTED = {page.name: page for page in EVERY}


@pytest.fixture
def page(browser: Callable[..., BrowserContext], people: People) -> Page:
    """The owner's page, signed in."""
    page = browser().new_page()
    sign_in_page(page, people.owner.email, PASSWORD)
    return page


def test_a_form_and_an_order_can_be_seen_and_used_by_everyone(page: Page, drive: Drive) -> None:
    number = drive.draft(valid_filing(1))
    faults = []
    for path in (f"/orders/{number}/edit/entity", f"/orders/{number}"):
        page.goto(path)
        faults += seen_and_used(page) + by_keyboard(page, LISTED["order-draft"])
    assert faults == []


def test_an_order_is_printed_as_a_document_without_what_can_only_be_pressed(
    page: Page, drive: Drive
) -> None:
    number = drive.approve(drive.draft(valid_filing(1, two_people=True)))
    page.goto(f"/orders/{number}")
    assert page.locator(".btn").first.is_visible()
    assert printed(page) == []
