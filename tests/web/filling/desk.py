"""An applicant at work: starts orders, fills steps in, and what the pages then say."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from console.models import Order
from console.queries.orders import by_number
from console.rules.filing import Filing
from console.services.contents import filing_of
from tests.support.filings import form_data
from tests.support.lint import LintingClient
from tests.support.markup import parsed


class Applicant:
    """A signed-in applicant's browser."""

    def __init__(self, app: Flask, client: LintingClient) -> None:
        self.app, self.client = app, client
        self.number = ""

    def start(self, **data: Any) -> str:
        """Start an order; its number."""
        answer = self.client.submit(
            "/orders/new", {"type": "first-filing", "websites": "1", **data}
        )
        assert answer.status_code == 303, answer.text
        self.number = answer.location.split("/")[2]
        return self.number

    def path(self, step: str) -> str:
        """The address of a step of the order last started."""
        return f"/orders/{self.number}/edit/{step}"

    def send(self, step: str, data: dict[str, Any], revision: int | str | None = None):  # type: ignore[no-untyped-def]
        """Send a step's form as its page would, at the present revision unless told otherwise."""
        seen = self.order().revision if revision is None else revision
        return self.client.submit(self.path(step), {**data, "revision": str(seen)})

    def fill(self, filing: Filing) -> None:
        """Fill every step in."""
        for step, data in form_data(filing).items():
            answer = self.send(step, data)
            assert answer.status_code == 303, (step, problems(answer))

    def act(self, action: str, **data: Any) -> TestResponse:
        """Press a button of the whole order."""
        seen = {"revision": str(self.order().revision), **data}
        return self.client.submit(f"/orders/{self.number}/{action}", seen)

    def get(self, step: str) -> TestResponse:
        """Open a step."""
        return self.client.get(self.path(step))

    def order(self) -> Order:
        """The order as it is in the database."""
        with self.app.app_context():
            order = by_number(self.number)
            assert order is not None
            return order

    def filing(self) -> Filing:
        """The filing as it is in the database."""
        with self.app.app_context():
            return filing_of(self.order())


def problems(answer: TestResponse) -> dict[str, str]:
    """The summary of a page: field ids and what is said about each."""
    document = parsed(answer.text)
    return {
        link.get("href", "").lstrip("#"): "".join(link.itertext())
        for element in document.iter()
        if element.get("class") == "summary-list"
        for link in element.iter("a")
    }


def value_of(answer: TestResponse, name: str) -> str | None:
    """What a field of the page holds: an input's value, a textarea's text, a select's choice."""
    document = parsed(answer.text)
    for element in document.iter():
        if element.get("name") != name:
            continue
        if element.tag == "select":
            chosen = [o.get("value") for o in element.iter("option") if "selected" in o.attrib]
            return chosen[0] if chosen else None
        if element.tag == "textarea":
            return "".join(element.itertext()).lstrip("\n")
        return element.get("value")
    return None


def words(answer: TestResponse) -> str:
    """The page's text in one line."""
    document = parsed(answer.text)
    return re.sub(r"\s+", " ", "".join(document.find("body").itertext()))
