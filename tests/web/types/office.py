"""Everyone at their pages: an order of any type, driven through the web alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.test import TestResponse

from console.extensions import db
from console.miit.mock import pictures
from console.miit.mock.register_tables import MinistryEntity
from console.miit.mock.store import write
from console.models import Order
from console.queries.orders import by_number, verifiers_of
from console.rules.filing import Filing, FilingType, Person
from console.rules.masking import last_six
from console.services.contents import filing_of
from tests.support.clocks import Clock
from tests.support.driving import work
from tests.support.filings import form_data
from tests.support.lint import LintingClient
from tests.support.markup import parsed
from tests.support.people import People


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    token: str = ""


def tree(answer: TestResponse) -> Element:
    """The parsed page or fragment."""
    return parsed(answer.text)


def words(answer: TestResponse) -> str:
    """The page's text in one line."""
    return re.sub(r"\s+", " ", "".join(tree(answer).itertext()))


def forms(answer: TestResponse) -> Iterator[Form]:
    """The page's forms in their order, buttons of their own left out."""
    for element in tree(answer).iter("form"):
        found = Form(str(element.get("action")))
        for control in element.iter():
            name = control.get("name")
            if name and control.tag in ("input", "select", "textarea"):
                found.asked.add(name)
                found.fields.setdefault(name, []).extend(_values(control))
        yield found


def _values(control: Element) -> list[str]:
    if control.tag == "textarea":
        return ["".join(control.itertext()).removeprefix("\n")]
    if control.tag == "select":
        return [o.get("value", "") for o in control.iter("option") if "selected" in o.attrib]
    if control.get("type") in ("checkbox", "radio") and "checked" not in control.attrib:
        return []
    return [control.get("value", "on" if control.get("type") == "checkbox" else "")]


def form(answer: TestResponse, action: str) -> Form:
    """The page's form that goes to an address ending so."""
    found = [one for one in forms(answer) if one.action.split("?")[0].endswith(action)]
    assert found, f"{answer.request.path} has no form for {action}: {words(answer)[:1500]}"
    return found[0]


def send(client: LintingClient, page: TestResponse, action: str, **values: Any) -> TestResponse:
    """Fill a page's form in and send it; what is not named stays as it stands there."""
    filled = form(page, action)
    data = {**filled.fields, **{name.replace("__", "-"): v for name, v in values.items()}}
    return client.post(filled.action, data=data)


class Office:
    """The pages of applicant, reviewer, leaders and administration, and the worker."""

    def __init__(self, app: Flask, people: People, clock: Clock) -> None:
        self.app, self.people, self.clock = app, people, clock
        self.owner = people.client("owner")
        self.leader = people.client("nobody")
        self.number = ""

    # ---- reading

    @property
    def order(self) -> Order:
        """The order last started, as it is in the database."""
        with self.app.app_context():
            order = by_number(self.number)
            assert order is not None
            return order

    @property
    def filing(self) -> Filing:
        """What the order files."""
        with self.app.app_context():
            return filing_of(self.order)

    def page(self, step: str = "") -> TestResponse:
        """The order's page, or one of its steps."""
        return self.owner.get(f"/orders/{self.number}" + (f"/edit/{step}" if step else ""))

    # ---- the applicant

    def begin(self, filing_type: FilingType, **values: Any) -> TestResponse:
        """Choose the type, answer what it asks, and start."""
        page = self.owner.get("/orders/new")
        answer = send(self.owner, page, "/orders/new", type=filing_type.value, **values)
        if answer.status_code == 303 and answer.location.startswith("/orders/new/"):
            page = self.owner.get(answer.location)
            answer = send(self.owner, page, answer.location, **values)
        if answer.status_code == 303 and "/edit/" in answer.location:
            self.number = answer.location.split("/")[2]
        return answer

    def fill(self, filing: Filing) -> None:
        """Fill in every step the order has, as far as its pages ask."""
        for step, data in form_data(filing).items():
            page = self.page(step)
            if page.status_code == 404:
                continue
            asked = form(page, f"/edit/{step}")
            typed = {name: v for name, v in data.items() if name in asked.asked}
            boxes = {n for n in asked.asked if n.endswith(("same_as_entity_leader", "long_term"))}
            kept = {n: v for n, v in asked.fields.items() if n not in boxes}
            answer = self.owner.post(asked.action, data={**kept, **typed})
            assert answer.status_code == 303, (step, words(answer)[:1500])

    def submit(self) -> TestResponse:
        """Hand in from the check page, confirming what is to be confirmed."""
        page = self.page("check")
        confirm = {"confirm": "y"} if "confirm" in form(page, "/submit").asked else {}
        answer = send(self.owner, page, "/submit", **confirm)
        assert answer.status_code == 303, words(answer)[:2500]
        return answer

    # ---- the reviewer

    def review(self, action: str = "approve", **values: Any) -> None:
        """Claim, and decide."""
        reviewer = self.people.client("reviewer")
        path = f"/review/{self.number}"
        assert send(reviewer, reviewer.get(path), "/claim").status_code == 303
        answer = send(reviewer, reviewer.get(path), f"/{action}", **values)
        assert answer.status_code == 303, words(answer)[:1500]

    def let_pass(self, hours: float) -> None:
        """Time passes, sessions end, and everyone signs in again."""
        self.clock.move(hours=hours)
        self.people.sign_out()
        self.owner = self.people.client("owner")

    # ---- the worker, the ministry

    def work(self) -> None:
        """As `work`."""
        with self.app.app_context():
            work(self.app, self.clock)

    def hand_over(self) -> None:
        """Hand in, pass the first review, and let the ministry have it."""
        if self.order.state in ("draft", "returned"):
            self.submit()
        self.review()
        self.work()

    def forget(self) -> None:
        """Let the ministry know nothing of the order's entity any more."""
        number = self.filing.entity.icp_number

        def cancel(session: Any) -> None:
            for entity in session.query(MinistryEntity).filter_by(number=number):
                entity.cancelled_at = self.clock.now

        with self.app.app_context():
            write(cancel)

    def verifiers(self) -> list[Person]:
        """Who must verify, in the order they were named."""
        with self.app.app_context():
            filing = filing_of(self.order)
            leaders = [filing.entity_leader, *(s.leader for s in filing.services)]
            by_mobile = {leader.mobile: leader for leader in leaders}
            return [by_mobile[row.mobile] for row in verifiers_of(self.order)]

    def code(self, person: Person) -> str:
        """The newest code on the mock phone of this person."""
        page = self.leader.get("/miit/phone")
        found = send(self.leader, page, "/miit/phone", mobile=person.mobile)
        page = self.leader.get(found.location)
        bubble = next(e for e in tree(page).iter("p") if e.get("class") == "miit-bubble")
        code = re.search(r"(?<!\d)\d{6}(?!\d)", "".join(bubble.itertext()))
        assert code, "the text holds a code"
        return code[0]

    def enter(self, person: Person, code: str, tail: str | None = None) -> str:
        """Enter a code at the portal; its answer."""
        page = self.leader.get("/miit/verify")
        asked = form(page, "/miit/verify")
        entry = {"mobile": person.mobile, "code": code}
        entry["last_six"] = tail or last_six(person.certificate_number)
        if "captcha" in asked.asked:
            with self.app.app_context():
                seen = pictures.opened(asked.fields["captcha_token"][0], self.clock.now)
            assert seen is not None
            entry["captcha"] = str(seen["letters"])
        page = send(self.leader, page, "/miit/verify", **entry)
        answers = [e.get("data-answer") for e in tree(page).iter() if e.get("data-answer")]
        assert answers, words(page)[:500]
        return str(answers[0])

    def verify(self) -> None:
        """Everyone who must verify does."""
        for person in self.verifiers():
            assert self.enter(person, self.code(person)).startswith("verified")
        self.work()

    def use_up_tries(self) -> None:
        """One person enters a wrong code and wrong last six, until the portal says it is over."""
        person = self.verifiers()[0]
        code = self.code(person)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        entered = [self.enter(person, wrong, "99999Z") for _ in range(5)]
        assert entered == ["no-record"] * 4 + ["failed"]
        self.work()

    def decide(self, action: str = "accept", **values: Any) -> None:
        """The administration accepts, or returns."""
        desk = self.leader.get("/miit/desk")
        row = next(e for e in tree(desk).iter("tr") if e.get("data-number") == self.number)
        link = next(a.get("href") for a in row.iter("a"))
        answer = send(self.leader, self.leader.get(str(link)), f"/{action}", **values)
        assert answer.status_code == 303, words(answer)[:1500]
        self.work()

    def accept(self) -> Order:
        """The whole way from a filled-in order into the register."""
        self.hand_over()
        if self.order.state == "verifying":
            self.verify()
        self.decide()
        order = self.order
        assert order.state == "accepted"
        return order

    def close(self) -> None:
        """Give the connections back."""
        with self.app.app_context():
            db.session.remove()
