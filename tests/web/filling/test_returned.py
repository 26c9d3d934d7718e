"""An order that came back: why stands on every step, and what may be done with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from console.extensions import db
from console.models import Order
from console.queries.orders import by_number
from console.rules.filing import Filing
from tests.support.filings import entity_form, valid_filing
from tests.web.filling.desk import Applicant, words

FILING = valid_filing(1)
STEPS = ("entity", "services", "services/1", "materials", "check")


def come_back(app: Flask, applicant: Applicant, filing: Filing, **columns: object) -> None:
    """Bring the order where a return leaves it."""
    applicant.fill(filing)
    applicant.act("submit")
    with app.app_context():
        order = by_number(applicant.number)
        assert isinstance(order, Order)
        for name, value in {"state": "returned", **columns}.items():
            setattr(order, name, value)
        db.session.commit()


@pytest.fixture
def returned(app: Flask, owner: Applicant) -> Applicant:
    """An order that the provider's first review sent back with a note."""
    come_back(
        app,
        owner,
        FILING,
        returned_by="provider",
        reasons=["address-incomplete", "phone"],
        return_note="Room number?\n<b>Call back.</b>",
    )
    return owner


@pytest.fixture
def expired(app: Flask, owner: Applicant) -> Applicant:
    """An approved order that came back because nobody verified, under a book that forgives it."""
    come_back(
        app,
        owner,
        FILING,
        returned_by="ministry",
        reasons=["expired"],
        rulebook="aliyun-2018",
        approved_round=1,
    )
    return owner


@pytest.mark.parametrize("step", STEPS)
def test_why_it_came_back_stands_on_each_step(returned: Applicant, step: str) -> None:
    page = returned.get(step)
    assert page.status_code == 200
    assert "Returned by the provider" in words(page)
    assert 'data-reason="phone"' in page.text
    assert "Room number?" in words(page)
    assert "<b>Call" not in page.text


def test_a_returned_order_is_corrected_and_handed_in_again(returned: Applicant) -> None:
    better = replace(FILING, entity=replace(FILING.entity, contact_address="文三路101号201室"))
    assert returned.send("entity", entity_form(better)).status_code == 303
    assert "resubmit-unmodified" not in returned.get("check").text
    assert returned.act("submit").status_code == 303
    order = returned.order()
    assert (order.state, order.round) == ("in-review", 2)


def test_an_unchanged_order_may_skip_first_review_where_the_book_says_so(
    expired: Applicant,
) -> None:
    page = expired.get("check")
    assert f'action="/orders/{expired.number}/resubmit-unmodified"' in page.text
    assert "without another first review" in words(page)
    answers = [expired.act("resubmit-unmodified", revision=str(expired.order().revision))]
    answers.append(expired.act("resubmit-unmodified", revision="1"))
    assert {answer.location for answer in answers} == {f"/orders/{expired.number}"}
    assert expired.order().state == "approved"


def test_a_changed_order_may_not_skip_it(expired: Applicant) -> None:
    better = replace(FILING, entity=replace(FILING.entity, contact_address="文三路101号201室"))
    expired.send("entity", entity_form(better))
    assert "resubmit-unmodified" not in expired.get("check").text
    answer = expired.act("resubmit-unmodified")
    assert answer.status_code in (409, 422)
    assert expired.order().state == "returned"


def test_an_order_that_is_with_others_cannot_be_discarded(owner: Applicant) -> None:
    owner.fill(FILING)
    owner.act("submit")
    assert owner.act("discard").status_code == 409
    assert owner.order().state == "in-review"
