"""Only the owner sees and fills in an order; nobody learns that it exists."""

from __future__ import annotations

import re

import pytest

from tests.support.filings import entity_form, valid_filing
from tests.support.people import People
from tests.web.filling.desk import Applicant

PAGES = ("edit", "edit/entity", "edit/services", "edit/services/1", "edit/materials", "edit/check")
VERBS = (
    "edit/entity",
    "edit/entity/later",
    "edit/services",
    "edit/services/add",
    "edit/services/later",
    "edit/services/1",
    "edit/services/1/later",
    "edit/services/1/remove",
    "edit/materials",
    "edit/materials/later",
    "edit/check/later",
    "submit",
    "resubmit-unmodified",
    "discard",
    "start-again",
)
EXPECTED = {"other": 404, "reviewer": 403, "administrator": 403, "nobody": 303}


@pytest.mark.parametrize("who", EXPECTED)
def test_no_page_opens_for(who: str, owner: Applicant, people: People) -> None:
    client = people.client(who)
    for page in PAGES:
        path = f"/orders/{owner.number}/{page}"
        answer = client.get(path)
        assert answer.status_code == EXPECTED[who], page
        if who == "nobody":
            assert answer.location == f"/login?next={path}"


@pytest.mark.parametrize("who", EXPECTED)
def test_no_button_works_for(who: str, owner: Applicant, people: People) -> None:
    before = owner.order().revision
    client = people.client(who)
    data = entity_form(valid_filing(1))
    for verb in VERBS:
        answer = client.submit(f"/orders/{owner.number}/{verb}", data)
        assert answer.status_code == EXPECTED[who], verb
    order = owner.order()
    assert (order.state, order.revision) == ("draft", before)


def test_a_strangers_order_answers_as_one_that_is_not_there(
    owner: Applicant, people: People
) -> None:
    client = people.client("other")
    foreign = client.get(f"/orders/{owner.number}/edit/entity")
    missing = client.get("/orders/20200101-ABCDEF/edit/entity")
    assert foreign.status_code == missing.status_code == 404
    once = re.compile(r'value="[^"]{60,}"|X-CSRFToken": "[^"]*"|content="[0-9TZ:-]{20}"|<code>.*?<')
    bare = [once.sub("", page.text) for page in (foreign, missing)]
    assert bare[0].replace(owner.number, "20200101-ABCDEF") == bare[1]


@pytest.mark.parametrize("number", ["%00", "x" * 300, "a%20b", "１２３"])
def test_what_cannot_be_a_number_is_not_found(owner: Applicant, number: str) -> None:
    assert owner.client.get(f"/orders/{number}/edit/entity").status_code == 404


@pytest.mark.parametrize("who", ["reviewer", "nobody"])
@pytest.mark.parametrize("path", ["/orders", "/orders/new"])
def test_the_list_is_for_applicants(who: str, path: str, people: People) -> None:
    assert people.client(who).get(path).status_code == EXPECTED[who]
