"""Opening the listed pages in Chromium, each in a context of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.pages.house import ELSEWHERE, LANGUAGES, House
from tests.pages.listed import NOBODY, Listed
from tests.support.browsers import FLAGS, chromium_path
from tests.support.people import PASSWORD

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}


@dataclass
class Visit:
    """An opened page, what the server answered, and what the browser complained of."""

    listed: Listed
    language: str
    page: Page
    answer: Response
    complaints: list[str]

    @property
    def name(self) -> str:
        """For reports and pictures."""
        return f"{self.listed.name}-{'zh' if self.language != 'en' else 'en'}"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium that finds this machine under a name the console does not answer to, too."""
    rule = f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, rule])
        yield browser
        browser.close()


@contextmanager
def visited(
    browser: Browser, house: House, listed: Listed, language: str, **options: Any
) -> Iterator[Visit]:
    """Open a page as its person and do what is to be done there; options are Playwright's."""
    house.forget_limits()
    context = browser.new_context(
        base_url=house.base, locale=LANGUAGES[language], viewport=WIDE, **options
    )
    try:
        page = context.new_page()
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        if ELSEWHERE not in listed.address(house.places[language]):
            # A page for a wrong host comes without styles: nothing else is answered there.
            context.on("console", lambda said: _note(complaints, said.type, said.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        answer = _arrive(page, house, listed, language)
        if listed.act is not None:
            answer = listed.act(page)
        assert answer.status == listed.status, f"{listed.name}: {answer.status} {answer.url}"
        yield Visit(listed, language, page, answer, complaints)
    finally:
        context.close()


def _arrive(page: Page, house: House, listed: Listed, language: str) -> Response:
    address = listed.address(house.places[language])
    if listed.signs_in:
        page.goto(f"/login?next={address}")
        page.locator("#email").fill(f"{listed.who}@example.cn")
        page.locator("#password").fill(PASSWORD)
        with page.expect_navigation() as answer:
            page.locator("main button[type=submit]").click()
        found: Response | None = answer.value
    else:
        if listed.who != NOBODY:
            cookie = {"name": "session", "value": house.cookies[listed.who], "url": house.base}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
        found = page.goto(address)
    assert found is not None
    return found


def _note(complaints: list[str], kind: str, text: str) -> None:
    # Chromium's own note on an answer that is no success is no complaint: a refusal is one.
    if kind in ("error", "warning") and "the server responded with a status of" not in text:
        complaints.append(text)
