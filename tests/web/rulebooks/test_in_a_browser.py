"""The rulebooks' pages in a real browser: answers at once, keyboard, no scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser


def answer_of(page: Page, book: str) -> Any:
    return page.locator(f"article[data-book='{book}']")


def test_a_change_is_answered_at_once_and_keeps_the_focus(
    browser: Callable[..., BrowserContext],
) -> None:
    context = browser()
    page = context.new_page()
    page.goto("/rulebooks")
    expect(answer_of(page, "jdcloud-2020")).to_have_attribute("data-verdict", "verify")
    page.locator("#apps").fill("2")
    page.locator("#apps").press("Tab")
    expect(answer_of(page, "jdcloud-2020")).to_have_attribute("data-verdict", "refused")
    expect(page.locator("#same_mobile")).to_be_focused()
    expect(page.locator("#apps")).to_have_value("2")
    page.locator("#type").focus()
    page.locator("#type").select_option("change")
    expect(answer_of(page, "aliyun-current")).to_have_attribute("data-verdict", "refused")
    expect(page.locator("#type")).to_be_focused()
    page.get_by_label("Information about the entity").check()
    expect(answer_of(page, "aliyun-current")).to_have_attribute("data-verdict", "verify")
    assert page.url.endswith("/rulebooks")
    assert context.violations == []  # type: ignore[attr-defined]


def test_what_changes_is_asked_of_a_change_only(browser: Callable[..., BrowserContext]) -> None:
    page = browser().new_page()
    page.goto("/rulebooks/who")
    expect(page.locator("#changes")).to_be_hidden()
    page.locator("#type").select_option("change")
    expect(page.locator("#changes")).to_be_visible()


def test_a_message_is_explained_where_it_is_chosen(browser: Callable[..., BrowserContext]) -> None:
    context = browser()
    page = context.new_page()
    page.goto("/rulebooks/messages")
    page.locator("#choose-resend-resend-limit").press("Enter")
    expect(page.locator("[data-message]")).to_have_attribute("data-message", "resend-resend-limit")
    expect(page.locator("#choose-resend-resend-limit")).to_be_focused()
    assert page.url.endswith("/rulebooks/messages?message=resend-resend-limit")
    expect(page.locator("#announcer")).to_have_text("No more codes can be sent")
    assert context.violations == []  # type: ignore[attr-defined]


def test_without_scripts_the_button_and_the_links_do_the_same(
    browser: Callable[..., BrowserContext],
) -> None:
    page = browser(java_script_enabled=False).new_page()
    page.goto("/rulebooks")
    page.locator("#websites").fill("0")
    page.locator("#apps").fill("1")
    page.get_by_role("button", name="Show who must verify").click()
    expect(answer_of(page, "aliyun-2018")).to_have_attribute("data-verdict", "refused")
    page.goto("/rulebooks/messages")
    page.locator("#choose-verify-failed").click()
    expect(page.locator("[data-message]")).to_have_attribute("data-message", "verify-failed")
