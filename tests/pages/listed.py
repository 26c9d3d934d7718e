"""What the list of pages is made of: who opens what, and what they do there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, Response

NOBODY, APPLICANT, SECOND, NEWCOMER = "nobody", "applicant", "second", "newcomer"
REVIEWER, ADMINISTRATOR, CAREFUL = "reviewer", "administrator", "careful"

Act = Callable[[Page], Response]


@dataclass(frozen=True)
class Listed:
    """One page as one person gets to see it.

    `rule` is the route that answers, `path` the address to open, with the house's names for
    orders and links in braces; empty: the rule itself. `act` is what the person then does; the
    page is the answer to it. `main` pages are measured by Lighthouse as well. `signs_in`: the
    person comes through the sign-in form, with a session that the page may end. `on_paper`: people
    print it, so that it must be a clean document. `bilingual`: it quotes mails, which speak both
    languages to people who have chosen none.
    """

    name: str
    who: str
    rule: str
    path: str = ""
    status: int = 200
    act: Act | None = None
    main: bool = False
    signs_in: bool = False
    on_paper: bool = False
    bilingual: bool = False

    def address(self, places: Mapping[str, str]) -> str:
        """Where to go. Raises KeyError for a place that the house does not have."""
        return re.sub(r"\{([\w-]+)\}", lambda found: places[found[1]], self.path or self.rule)


def filled(button: str = "main form button.btn-primary", **fields: str) -> Act:
    """Fill fields in by their name ("-" as "__") and press the button."""

    def act(page: Page) -> Response:
        for name, value in fields.items():
            page.locator(f'main [name="{name.replace("__", "-")}"]').fill(value)
        return pressed(page, button)

    return act


def pressed(page: Page, button: str) -> Response:
    """Press a button; the answer to it."""
    with page.expect_navigation(), page.expect_response(_of_the_page) as answer:
        page.locator(button).first.click()
    return answer.value


def _of_the_page(answer: Response) -> bool:
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400


def pressing(button: str, ticked: str = "") -> Act:
    """Tick the boxes that a selector finds, open what is folded around the button, press it."""

    def act(page: Page) -> Response:
        for box in page.locator(ticked).all() if ticked else []:
            box.check()
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        page.once("dialog", lambda dialog: dialog.accept())
        return pressed(page, button)

    return act
