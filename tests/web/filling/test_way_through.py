"""From nothing to handed in, through the pages."""

from __future__ import annotations

import pytest

from console.rules.filing import ServiceKind
from tests.support.filings import app as an_app
from tests.support.filings import entity_form, form_data, service_form, valid_filing, website
from tests.web.filling.desk import Applicant, words

ONE_PERSON = valid_filing(1)
TWO_PEOPLE = valid_filing(2, two_people=True)
SEVERAL = valid_filing(3, services=(website(3), an_app(3, 2)))


@pytest.mark.parametrize("filing", [ONE_PERSON, TWO_PEOPLE], ids=["one person", "two people"])
def test_a_website_is_filled_in_and_handed_in(owner: Applicant, filing: object) -> None:
    data = form_data(filing)
    answer = owner.send("entity", data["entity"])
    assert (answer.status_code, answer.location) == (303, owner.path("services"))
    answer = owner.send("services/1", data["services/1"])
    assert (answer.status_code, answer.location) == (303, owner.path("services"))
    assert owner.client.submit(owner.path("services")).location == owner.path("materials")
    assert owner.client.submit(owner.path("materials")).location == owner.path("check")
    assert owner.get("check").status_code == 200
    answer = owner.act("submit")
    assert (answer.status_code, answer.location) == (303, f"/orders/{owner.number}")
    assert owner.order().state == "in-review"


@pytest.mark.parametrize("filing", [ONE_PERSON, TWO_PEOPLE], ids=["one person", "two people"])
def test_what_is_stored_is_what_was_filled_in(owner: Applicant, filing: object) -> None:
    owner.fill(filing)
    assert owner.filing() == filing


def test_a_website_and_an_app_are_filed_together(owner: Applicant) -> None:
    owner.start(websites="1", apps="1")
    assert [s.kind for s in owner.filing().services] == [ServiceKind.WEBSITE, ServiceKind.APP]
    owner.fill(SEVERAL)
    assert owner.filing() == SEVERAL
    assert owner.act("submit").status_code == 303
    assert owner.order().state == "in-review"


def test_edit_leads_to_the_first_step_that_still_asks(owner: Applicant) -> None:
    path = f"/orders/{owner.number}/edit"
    assert owner.client.get(path).location == owner.path("entity")
    owner.send("entity", entity_form(ONE_PERSON))
    assert owner.client.get(path).location == owner.path("services")
    owner.send("services/1", service_form(ONE_PERSON.services[0]))
    assert owner.client.get(path).location == owner.path("check")


def test_services_are_added_and_removed(owner: Applicant) -> None:
    answer = owner.send("services/add", {"kind": "app"})
    assert (answer.status_code, answer.location) == (303, owner.path("services/2"))
    assert owner.send("services/1/remove", {}).location == owner.path("services")
    (left,) = owner.filing().services
    assert (left.kind, left.position) == (ServiceKind.APP, 1)
    answer = owner.send("services/1/remove", {})
    assert answer.status_code == 422
    assert "at least one service" in words(answer)
    assert owner.send("services/9/remove", {}).status_code == 404
    assert owner.send("services/add", {"kind": "ship"}).status_code == 422


def test_the_check_page_tells_one_person_once_and_two_people_each(owner: Applicant) -> None:
    owner.fill(ONE_PERSON)
    page = owner.get("check").text
    assert page.count('class="verifier"') == 1
    assert 'data-roles="entity-leader website-leader"' in page
    owner.start()
    owner.fill(TWO_PEOPLE)
    page = owner.get("check").text
    assert page.count('class="verifier"') == 2
    for known in ("12381", "beian.miit.gov.cn", "24 hours", TWO_PEOPLE.entity_leader.mobile):
        assert known in page


def test_the_check_page_of_an_empty_draft_leads_to_each_question(owner: Applicant) -> None:
    page = owner.get("check").text
    assert f'href="{owner.path("entity")}?check=1#entity-name"' in page
    assert f'href="{owner.path("services/1")}?check=1#service-domain"' in page
    opened = owner.client.get(owner.path("entity") + "?check=1")
    assert 'href="#entity-name"' in opened.text


def test_an_incomplete_order_is_not_handed_in(owner: Applicant) -> None:
    owner.send("entity", entity_form(ONE_PERSON))
    answer = owner.act("submit")
    assert answer.status_code == 422
    assert "#service-domain" in answer.text
    assert owner.order().state == "draft"


def test_another_order_of_the_same_entity_is_named(owner: Applicant) -> None:
    owner.fill(ONE_PERSON)
    first = owner.number
    owner.act("submit")
    owner.start()
    owner.fill(ONE_PERSON)
    answer = owner.act("submit")
    assert answer.status_code == 409
    assert f'href="/orders/{first}"' in answer.text
    assert owner.order().state == "draft"


def test_an_order_is_discarded_and_started_again_with_its_answers(owner: Applicant) -> None:
    owner.fill(ONE_PERSON)
    assert owner.act("discard").location == f"/orders/{owner.number}"
    assert owner.order().state == "cancelled"
    assert owner.act("discard").location == f"/orders/{owner.number}"
    answer = owner.act("start-again")
    assert answer.status_code == 303
    owner.number = answer.location.split("/")[2]
    assert owner.filing() == ONE_PERSON
