"""What people do with the pages: fill in, decide, verify. Each has a page of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from playwright.sync_api import Locator, Page, expect

from console.rules.filing import Filing, Person
from console.rules.masking import last_six, mask_mobile
from tests.support.browsers import sign_in_page
from tests.support.filings import form_data

PATIENCE_MS = 15_000  # of a wait for something that is on its way; nothing waits that long


def fill(page: Page, data: Mapping[str, Any]) -> None:
    """Fill the fields of a page in, whatever their kind; what has no value is left alone."""
    for name, value in data.items():
        if not value:
            continue
        field = page.locator(f'main [name="{name}"]')
        if isinstance(value, list):
            for choice in value:
                page.locator(f'main [name="{name}"][value="{choice}"]').check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)


def press(page: Page) -> None:
    """Press the page's main button and wait for what comes of it."""
    with page.expect_navigation():
        page.locator("main button.btn-primary[type=submit]").last.click()


def row(page: Page, key: str) -> Locator:
    """A verifier's row of the live checklist."""
    return page.locator(f'[data-verifier="{key}"]')


def poll_now(page: Page) -> None:
    """Let the page's clock, which must be installed, run on to where it asks for news."""
    page.clock.run_for(10_000)


class Applicant:
    """Fills orders in and watches them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.number = ""

    def sign_in(self, email: str, password: str) -> None:
        """Through the form."""
        sign_in_page(self.page, email, password)

    def start(self) -> str:
        """Start a first filing of one website; the order's number."""
        self.page.goto("/orders/new")
        self.page.locator("#type-first-filing").check()
        press(self.page)
        self.number = re.search(r"/orders/([^/]+)/", self.page.url)[1]  # type: ignore[index]
        return self.number

    def open(self, step: str = "") -> None:
        """Open the order's page, or a step of it."""
        self.page.goto(f"/orders/{self.number}" + (f"/edit/{step}" if step else ""))

    def fill_in(self, filing: Filing) -> None:
        """Everything, step by step, up to the page that shows it all."""
        for step, data in form_data(filing).items():
            self.open(step)
            fill(self.page, data)
            press(self.page)
        self.open("check")

    def submit(self) -> None:
        """Hand in, from the page that shows it all."""
        with self.page.expect_navigation():
            self.page.locator('form[action$="/submit"] button').click()
        expect(self.page.locator("#live")).to_have_attribute("data-state", "in-review")

    def wait_for_state(self, state: str, most_ms: int = PATIENCE_MS) -> None:
        """Until the open page says so by itself, which takes up to ten seconds."""
        live = self.page.locator("#live")
        expect(live).to_have_attribute("data-state", state, timeout=most_ms)

    def see_before_long(self, state: str) -> None:
        """As `wait_for_state`, but the page's clock runs ahead to each of its polls."""
        for _ in range(PATIENCE_MS // 500):
            poll_now(self.page)
            with suppress(AssertionError):
                self.wait_for_state(state, 500)
                return
        self.wait_for_state(state)

    def link(self) -> str:
        """The path of the first leader's own link, from the order's open page."""
        address = self.page.locator("[data-share-link]").first.input_value()
        return address[address.index("/status/") :]

    def hand_in(self, filing: Filing) -> str:
        """Start, fill in and hand in; the order's number."""
        self.start()
        self.fill_in(filing)
        self.submit()
        return self.number


class Reviewer:
    """Claims orders and decides."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, email: str, password: str) -> None:
        """Through the form."""
        sign_in_page(self.page, email, password)

    def claim(self, number: str) -> None:
        """Find the order in the queue and take it."""
        self.page.goto("/review")
        with self.page.expect_navigation():
            self.page.locator(f'tr[data-order="{number}"] a').click()
        self._press("claim")

    def approve(self, number: str) -> None:
        """Claim and pass on. The question before that is answered with yes."""
        self.claim(number)
        self.page.once("dialog", lambda dialog: dialog.accept())
        self._press("approve")

    def send_back(self, number: str, reasons: list[str], note: str) -> None:
        """Claim and return with reasons."""
        self.claim(number)
        fold = self.page.locator("#return-fold:not([open]) > summary")
        if fold.count():
            fold.click()
        for reason in reasons:
            self.page.locator(f"#reason-{reason}").check()
        self.page.locator("#note").fill(note)
        self._press("return")

    def _press(self, action: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(f'button[data-action="{action}"]').click()


class Leader:
    """Looks at the mock phone and enters codes at the portal."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def code(self, person: Person, other_than: str = "") -> str:
        """The newest code texted to this person, once it has arrived."""
        text = self.page.locator(".miit-text", has_text=mask_mobile(person.mobile)).first
        self.page.goto("/miit/phone")
        bubble = text.locator(".miit-bubble")
        expect(bubble).to_contain_text(re.compile(r"\d{6}"))
        if other_than:
            expect(bubble).not_to_contain_text(other_than)
        return re.search(r"(?<!\d)\d{6}(?!\d)", bubble.inner_text())[0]  # type: ignore[index]

    def enter(self, person: Person, code: str) -> str:
        """Enter a code at the portal; its answer."""
        self.page.goto("/miit/verify")
        fill(self.page, {"code": code, **_who(person)})
        press(self.page)
        return self._answer()

    def resend(self, person: Person) -> str:
        """Ask for a new code; the portal's answer."""
        self.page.goto("/miit/resend")
        fill(self.page, _who(person))
        press(self.page)
        return self._answer()

    def _answer(self) -> str:
        return self.page.locator("[data-answer]").get_attribute("data-answer") or ""


def _who(person: Person) -> dict[str, str]:
    return {"mobile": person.mobile, "last_six": last_six(person.certificate_number)}


def wrong(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def ministry_desk(page: Page, number: str) -> None:
    """Accept an order at the administration's desk."""
    page.goto("/miit/desk")
    with page.expect_navigation():
        page.locator(f'tr[data-number="{number}"] a').click()
    with page.expect_navigation():
        page.locator('form[action$="/accept"] button').click()
