"""What was typed stays, whatever the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.filings import entity_form, form_data, service_form, valid_filing
from tests.support.lint import LintingClient
from tests.support.people import People
from tests.web.filling.desk import Applicant, value_of, words

FILING = valid_filing(1, two_people=True)
ENTITY = entity_form(FILING)
SERVICE = service_form(FILING.services[0])
BROWSER = {"Sec-Fetch-Site": "same-origin"}


def test_a_refused_step_keeps_everything_that_was_typed(owner: Applicant) -> None:
    typed = {**ENTITY, "entity_leader-mobile": "12345", "entity-remarks": "a\nb <b>"}
    answer = owner.send("entity", typed)
    assert answer.status_code == 422
    for name, value in typed.items():
        assert value_of(answer, name) == value, name
    assert owner.filing().entity.name == ""


def test_a_refused_website_keeps_lists_and_ticks(owner: Applicant) -> None:
    typed = {
        **SERVICE,
        "service-domain": "no domain",
        "service-ip_addresses": "47.96.0.2\n47.96.0.3",
    }
    answer = owner.send("services/1", {**typed, "service-content_types": ["games", "news"]})
    assert answer.status_code == 422
    assert value_of(answer, "service-domain") == "no domain"
    assert value_of(answer, "service-ip_addresses") == "47.96.0.2\n47.96.0.3"
    assert answer.text.count("checked") == 3  # games, news, simplified Chinese


def test_a_refused_step_still_knows_the_revision_it_came_from(owner: Applicant) -> None:
    answer = owner.send("entity", {**ENTITY, "entity-name": ""}, revision=1)
    assert value_of(answer, "revision") == "1"


def test_a_day_that_cannot_be_read_is_shown_as_it_was_typed(owner: Applicant) -> None:
    answer = owner.send("entity", {**ENTITY, "entity_leader-valid_from": "last spring"})
    assert answer.status_code == 422
    assert value_of(answer, "entity_leader-valid_from") == "last spring"
    assert "year-month-day" in answer.text


def test_an_unfinished_step_is_saved_for_later_and_found_again(owner: Applicant) -> None:
    answer = owner.send("entity/later", {"entity-name": "杭州", "entity_leader-mobile": "12345"})
    assert (answer.status_code, answer.location) == (303, "/orders")
    assert owner.number in words(owner.client.get("/orders"))
    page = owner.get("entity")
    assert value_of(page, "entity-name") == "杭州"
    assert value_of(page, "entity_leader-mobile") == "12345"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("entity-name", "x" * 101),
        ("entity-name", "a\x00b"),
        ("entity-province", "ZZZ"),
        ("entity_leader-valid_to", "soon"),
    ],
)
def test_what_no_draft_can_hold_is_refused_even_for_later(
    owner: Applicant, field: str, value: str
) -> None:
    answer = owner.send("entity/later", {**ENTITY, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert owner.filing().entity.city == ""


def test_an_address_that_is_far_too_long_is_refused_even_for_later(owner: Applicant) -> None:
    answer = owner.send("services/1/later", {**SERVICE, "service-ip_addresses": "1" * 101})
    assert answer.status_code == 422


def test_a_page_that_someone_overtook_says_so_and_keeps_what_was_typed(owner: Applicant) -> None:
    seen = owner.order().revision
    owner.send("entity", ENTITY)
    answer = owner.send("entity", {**ENTITY, "entity-name": "杭州另一家有限公司"}, revision=seen)
    assert answer.status_code == 409
    assert value_of(answer, "entity-name") == "杭州另一家有限公司"
    assert FILING.entity.name in words(answer), "what is saved stands beside it"
    assert owner.filing().entity.name == FILING.entity.name
    again = owner.send(
        "entity",
        {**ENTITY, "entity-name": "杭州另一家有限公司"},
        revision=value_of(answer, "revision"),
    )
    assert again.status_code == 303
    assert owner.filing().entity.name == "杭州另一家有限公司"


def test_a_revision_that_is_no_number_fits_no_order(owner: Applicant) -> None:
    for revision in ("x", "-1", "१", "99999999999999999999"):
        assert owner.send("entity", ENTITY, revision=revision).status_code == 409


def test_one_step_sent_ten_times_is_saved_once_and_leads_on(owner: Applicant) -> None:
    seen = owner.order().revision
    answers = [owner.send("entity", ENTITY, revision=seen) for _ in range(10)]
    assert {a.location for a in answers} == {owner.path("services")}
    assert owner.order().revision == seen + 1


def test_an_order_started_ten_times_by_one_page_is_one_order(owner: Applicant) -> None:
    page = owner.client.get("/orders/new")
    data = {"type": "first-filing", "websites": "1", "key": value_of(page, "key")}
    places = {owner.client.submit("/orders/new", data).location for _ in range(10)}
    assert len(places) == 1
    other = {**data, "key": value_of(owner.client.get("/orders/new"), "key")}
    assert owner.client.submit("/orders/new", other).location not in places


def test_an_order_handed_in_ten_times_is_handed_in_once(owner: Applicant) -> None:
    owner.fill(FILING)
    seen = str(owner.order().revision)
    answers = [owner.act("submit", revision=seen) for _ in range(10)]
    assert {(a.status_code, a.location) for a in answers} == {(303, f"/orders/{owner.number}")}
    assert owner.order().round == 1


def test_starting_again_twice_leads_to_the_same_copy(owner: Applicant) -> None:
    owner.act("discard")
    assert owner.act("start-again").location == owner.act("start-again").location


def test_saving_into_an_order_that_is_handed_in_changes_nothing(owner: Applicant) -> None:
    owner.fill(FILING)
    owner.act("submit")
    answer = owner.send("entity", {**ENTITY, "entity-name": "杭州另一家有限公司"})
    assert answer.status_code == 409
    assert value_of(answer, "entity-name") == "杭州另一家有限公司"
    assert owner.filing() == FILING
    assert owner.get("entity").location == f"/orders/{owner.number}"


def test_who_was_signed_out_while_typing_gets_it_back(
    owner: Applicant, people: People, new_client: Callable[[], LintingClient]
) -> None:
    client = owner.client
    data = {**form_data(FILING)["entity"], "revision": str(owner.order().revision)}
    token = client.token()
    with client.session_transaction() as session:
        session.pop("sid")
    path = owner.path("entity")
    answer = client.post(path, data={**data, "csrf_token": token}, headers=BROWSER)
    assert answer.status_code == 401
    assert f"/login?next={path}" in answer.text
    for name, value in data.items():
        assert value_of(answer, name) == value, name
    client.submit("/login", {"email": people.owner.email, "password": "a quiet river at noon"})
    answer = client.post(path, data={**data, "csrf_token": token}, headers=BROWSER)
    assert answer.status_code == 400
    assert value_of(answer, "entity-name") == data["entity-name"]
    assert owner.filing().entity.name == ""
    fresh = value_of(answer, "csrf_token")
    assert client.post(path, data={**data, "csrf_token": fresh}).status_code == 303


def test_who_lost_the_cookie_while_typing_gets_it_back(
    owner: Applicant, new_client: Callable[[], LintingClient]
) -> None:
    data = {**form_data(FILING)["entity"], "revision": "1", "csrf_token": "of a session gone by"}
    stranger, path = new_client(), owner.path("entity")
    answer = stranger.post(path, data=data, headers=BROWSER)
    assert answer.status_code == 401
    assert value_of(answer, "entity-name") == data["entity-name"]
    assert "entity-name" not in stranger.post(path, data=data).text


def test_another_site_cannot_have_a_form_filled_in(owner: Applicant) -> None:
    data = {**ENTITY, "revision": "1", "csrf_token": "x"}
    answer = owner.client.post(
        owner.path("entity"), data=data, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code in (400, 403)
    assert "entity-name" not in answer.text
