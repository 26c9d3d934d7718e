"""The papers' page in Chromium, with and without its script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.materials import files
from tests.materials.conftest import Uploader
from tests.support.browsers import sign_in_page
from tests.support.people import PASSWORD, People

pytestmark = pytest.mark.browser


@pytest.fixture
def chosen(tmp_path: Path) -> dict[str, str]:
    """Files on the applicant's disk."""
    made = {"good.jpg": files.picture(), "bad.png": files.HTML, "form.pdf": files.pdf(2)}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in made}


def opened(context: BrowserContext, owner: Uploader) -> Page:
    """The page, signed in."""
    page = context.new_page()
    sign_in_page(page, "owner@example.cn", PASSWORD)
    page.goto(owner.path("materials"))
    return page


@pytest.mark.parametrize("script", [True, False])
def test_good_files_are_taken_and_bad_ones_told_with_and_without_the_script(
    browser: Callable[..., BrowserContext], owner: Uploader, chosen: dict[str, str], script: bool
) -> None:
    page = opened(browser(java_script_enabled=script), owner)
    page.set_input_files("#file-entity-certificate", chosen["good.jpg"])
    page.set_input_files("#file-other", [chosen["bad.png"], chosen["form.pdf"]])
    page.get_by_role("button", name="Upload what you chose").click()
    expect(page.locator(".summary")).to_contain_text("It is a web page.")
    expect(page.locator('[data-material="entity-certificate"]')).to_have_attribute(
        "data-state", "uploaded"
    )
    assert [m.name for m in owner.materials()] == ["good.jpg", "form.pdf"]


def test_progress_is_shown_and_the_form_can_be_used_again(
    browser: Callable[..., BrowserContext], owner: Uploader, chosen: dict[str, str]
) -> None:
    context: Any = browser()
    page = opened(context, owner)
    page.evaluate(
        "() => { window.told = []; new MutationObserver(() => told.push("
        "document.querySelector('.upload-says')?.textContent)).observe("
        "document.querySelector('.upload-says'), {childList: true}); }"
    )
    for key in ("entity-certificate", "domain-certificate-1"):
        page.set_input_files(f"#file-{key}", chosen["good.jpg"])
        page.get_by_role("button", name="Upload what you chose").click()
        expect(page.locator(f'[data-material="{key}"]')).to_have_attribute("data-state", "uploaded")
    told = page.evaluate("told")
    assert told[0] == "Files chosen: 1"
    assert "Looking at the files …" in told
    assert context.violations == []


def test_a_reviewer_turns_and_enlarges_a_sheet(
    browser: Callable[..., BrowserContext], owner: Uploader, people: People, hand_in: Any
) -> None:
    owner.one()
    hand_in()
    context: Any = browser()
    page = context.new_page()
    assert people.reviewer
    sign_in_page(page, "reviewer@example.cn", PASSWORD)
    page.goto(f"/review/{owner.number}")
    page.locator("form[action$=reveal] button").first.click()
    sheet = page.locator("[data-sheet]")
    page.get_by_role("button", name="Turn", exact=True).click()
    page.get_by_role("button", name="Larger").click()
    expect(sheet).to_have_attribute("data-turned", "1")
    expect(sheet).to_have_attribute("data-zoomed", "2")
    assert context.violations == []
