"""An order that came back opens what the return points at; the services hold it, not the pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from console.errors import Refusal
from console.rules.filing import ServiceKind
from console.services import drafts, review
from tests.support.filings import form_data, valid_filing, website
from tests.support.people import People
from tests.web.filling.desk import Applicant, value_of, words

FILING = valid_filing(1, two_people=True)
POINTS = [{"reason": "phone", "fields": ["entity_leader-mobile"], "materials": []}]


@pytest.fixture
def returned(app: Flask, owner: Applicant, people: People) -> Applicant:
    """The applicant whose order came back for the entity leader's phone."""
    owner.fill(FILING)
    owner.act("submit")
    with app.app_context():
        review.claim(people.reviewer.actor, owner.number)
        review.return_(people.reviewer.actor, owner.number, ["phone"], "无人接听", points=POINTS)
    return owner


def test_only_what_is_pointed_at_is_asked_and_the_rest_is_shown(returned: Applicant) -> None:
    page = returned.get("entity")
    assert "Only what the return points at can be changed here" in words(page)
    assert value_of(page, "entity_leader-mobile") == FILING.entity_leader.mobile
    assert value_of(page, "entity-name") is None
    assert FILING.entity.name in words(page)
    other = returned.get("services/1")
    assert "this stays as you submitted it" in words(other)
    assert value_of(other, "service-name") is None
    assert "nothing is added or removed" in words(returned.get("services"))


def test_the_return_leads_to_the_field_and_the_check_page_to_nothing_closed(
    returned: Applicant,
) -> None:
    page = returned.get("check")
    assert f'href="{returned.path("entity")}#entity_leader-mobile"' in page.text
    assert f'href="{returned.path("entity")}?check=1"' in page.text
    assert f'href="{returned.path("services/1")}?check=1"' not in page.text
    assert "Stays as submitted" in words(page)


def test_what_is_open_is_corrected_and_handed_in_again(returned: Applicant) -> None:
    sent = {"entity_leader-mobile": "13805719999", "entity_leader-emergency_phone": "13805718888"}
    assert returned.send("entity", sent).status_code == 303
    assert returned.filing().entity_leader.mobile == "13805719999"
    assert returned.filing().entity == FILING.entity
    assert returned.act("submit").status_code == 303
    assert returned.order().state == "in-review"


def test_whoever_sends_a_closed_answer_all_the_same_is_refused(returned: Applicant) -> None:
    for step, name in (("entity", "entity-name"), ("services/1", "service-name")):
        data = {**form_data(FILING)[step], name: "杭州别的公司"}
        answer = returned.send(step, data)
        assert answer.status_code == 422
        assert "open the whole order first" in words(answer)
    assert returned.send("services/add", {"kind": "website"}).status_code == 422
    assert returned.filing() == FILING


def test_the_services_refuse_whoever_calls(app: Flask, returned: Applicant, people: People) -> None:
    actor, number = people.owner.actor, returned.number
    revision = returned.order().revision
    changed = website(1, leader=replace(FILING.services[0].leader, email="else@example.cn"))
    with app.app_context():
        with pytest.raises(Refusal, match="closed"):
            drafts.save_service(actor, number, revision, changed)
        with pytest.raises(Refusal, match="closed"):
            drafts.add_service(actor, number, revision, ServiceKind.WEBSITE)


def test_the_way_out_opens_everything_and_reviewers_see_it(
    returned: Applicant, people: People
) -> None:
    answer = returned.act("edit/open-all")
    assert answer.status_code == 303
    assert value_of(returned.get("entity"), "entity-name") == FILING.entity.name
    data = {**form_data(FILING)["services/1"], "service-name": "西子龙井茶"}
    assert returned.send("services/1", data).status_code == 303
    assert returned.act("submit").status_code == 303
    page = people.client("reviewer").get(f"/review/{returned.number}")
    assert "opened the whole order for correction" in words(page)
    assert returned.act("edit/open-all").status_code == 409


def test_the_next_return_closes_again_what_it_does_not_point_at(
    app: Flask, returned: Applicant, people: People
) -> None:
    returned.act("edit/open-all")
    returned.act("submit")
    points = [{"reason": "site-name", "fields": ["service-name:1"], "materials": []}]
    with app.app_context():
        review.claim(people.reviewer.actor, returned.number)
        review.return_(people.reviewer.actor, returned.number, ["site-name"], "", points=points)
    assert value_of(returned.get("services/1"), "service-name") == FILING.services[0].name
    assert value_of(returned.get("entity"), "entity_leader-mobile") is None


def test_a_return_that_points_at_nothing_leaves_all_open(
    app: Flask, owner: Applicant, people: People
) -> None:
    owner.fill(FILING)
    owner.act("submit")
    with app.app_context():
        review.claim(people.reviewer.actor, owner.number)
        review.return_(people.reviewer.actor, owner.number, ["phone"], "")
    page = owner.get("entity")
    assert "data-closed" not in page.text
    assert "open-all" not in page.text
    assert value_of(page, "entity-name") == FILING.entity.name
