"""Every payload in every free text, seen in Chromium on every page that shows it: no script runs,
and nothing breaks the security policy, which is what a script that got in would do.

pytest tests/attacks/in_chromium.py -m ""; PAYLOADS_TOGETHER=1 puts one into a field at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from console.services import noting, review
from tests.attacks.payloads import PAYLOADS
from tests.attacks.stuffing import stuff
from tests.browser.conftest import complaints, visit  # noqa: F401 fixtures
from tests.support.browsers import sign_in_page
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD, People
from tests.web.pages.conftest import Hands, drive  # noqa: F401 fixtures

pytestmark = pytest.mark.browser
TOGETHER = int(os.environ.get("PAYLOADS_TOGETHER", "6"))
GROUPS = [" ".join(PAYLOADS[n : n + TOGETHER]) for n in range(0, len(PAYLOADS), TOGETHER)]
RAN = """
  window.__ran = [];
  for (const name of ["alert", "print", "confirm", "prompt"])
    window[name] = (x) => { window.__ran.push(name) };
"""


class Watched:
    """A page on which it is noticed when anything runs, or tries to."""

    def __init__(self, page: Page) -> None:
        self.page, self.seen, self.shown = page, 0, 0
        page.context.add_init_script(RAN)
        page.context.set_default_timeout(120_000)  # this is about scripts, not about speed

    def look(self, path: str, payload: str) -> None:
        """Open a page; nothing may have run."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        self.check(payload)

    def check(self, payload: str) -> None:
        """Look at the page that is open."""
        assert self.page.evaluate("window.__ran") == [], (self.page.url, payload)
        assert self.page.context.violations == [], (self.page.url, payload)  # type: ignore[attr-defined]
        made = "script:not([src]):not([type='application/json']), iframe, object, embed, base"
        assert self.page.locator(made).count() == 0, (self.page.url, payload)
        self.seen += 1
        words = "document.body.innerText + [...document.querySelectorAll('input,textarea')]"
        text = self.page.evaluate(f"{words}.map(e => e.value).join(' ')")
        self.shown += " ".join(payload.split()) in " ".join(text.split())


def _in_states(drive: Any, first: int, payload: str) -> dict[str, str]:  # noqa: F811
    """A draft, an order in review, one returned, one in verification, all full of the payload."""
    numbers = {}
    for n, state in enumerate(("draft", "in-review", "returned", "verifying"), first):
        filing = valid_filing(n, two_people=True)
        number = numbers[state] = drive.draft(filing)
        if state != "draft":
            drive.submit(number)
            drive.do(review.claim, drive.reviewer, number)
            drive.do(noting.add_note, drive.reviewer, number, payload)
        if state == "returned":
            drive.do(review.return_, drive.reviewer, number, ["other"], payload)
        if state == "verifying":
            drive.do(review.approve, drive.reviewer, number)
            drive.work()
        drive.do(stuff, number, filing, payload)
    return numbers


@pytest.mark.parametrize("payload", GROUPS, ids=range(len(GROUPS)))
def test_a_payload_in_every_text_runs_nowhere(
    payload: str,
    people: People,
    drive: Hands,  # noqa: F811
    visit: Callable[..., Page],  # noqa: F811
) -> None:
    numbers = _in_states(drive, 1, payload)
    owner, reviewer, leader = (Watched(visit()) for _ in range(3))
    sign_in_page(owner.page, people.owner.email, PASSWORD)
    for number in numbers.values():
        owner.look(f"/orders/{number}", payload)
        for link in owner.page.locator("[data-share-link]").all()[:1]:
            leader.look(link.input_value().partition("localhost")[2].partition("/")[2], payload)
    for step in ("entity", "services", "services/1", "materials", "check"):
        for state in ("draft", "returned"):
            owner.look(f"/orders/{numbers[state]}/edit/{step}", payload)
    owner.look("/orders", payload)
    owner.look("/notices", payload)
    sign_in_page(reviewer.page, people.reviewer.email, PASSWORD)
    for path in ("/review", "/review/list", "/review/ledger"):
        reviewer.look(path, payload)
    for number in numbers.values():
        reviewer.look(f"/review/{number}", payload)
        reveal = reviewer.page.locator("form[action$='/reveal'] button")
        if reveal.count():
            reveal.first.click()
            reviewer.page.wait_for_load_state()
            reviewer.check(payload)
    for path in ("/miit/desk", "/miit/phone", "/outbox"):
        leader.look(path, payload)
    assert owner.shown, "the payload is on the pages, as text"
    assert reviewer.shown
