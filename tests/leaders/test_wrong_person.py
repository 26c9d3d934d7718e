"""A link that reached somebody else, or a number that is wrong, can be reported."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.extensions import db
from console.models import Event
from tests.leaders.conftest import actions, words
from tests.support.lint import LintingClient
from tests.support.people import People
from tests.web.pages.conftest import Stage
from tests.web.pages.reading import marked

Link = Callable[..., str]


def reports(stage: Stage) -> int:
    return stage.drive.do(
        lambda: db.session.query(Event).filter_by(action="leader-wrong-person").count()
    )


@pytest.mark.parametrize("state", ["in_review", "handed_over", "verifying"])
def test_applicant_and_reviewer_see_a_report_and_the_leader_that_it_arrived(
    people: People, nobody: LintingClient, link: Link, state: str, request: pytest.FixtureRequest
) -> None:
    stage: Stage = request.getfixturevalue(state)
    path = link(stage)
    answer = nobody.submit(f"{path}/wrong-person")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = nobody.get(path).text
    assert "we have passed it on" in page
    assert f"{path}/wrong-person" not in actions(page)
    owner = people.client("owner").get(f"/orders/{stage.number}").text
    assert "reached the wrong person" in owner
    assert "Wrong person or number, says the entity leader" in owner
    review = people.client("reviewer").get(f"/review/{stage.number}").text
    assert "Wrong person or number, says the entity leader" in review


def test_a_report_before_forwarding_is_the_leader_s_state(
    people: People, nobody: LintingClient, in_review: Stage, link: Link
) -> None:
    nobody.submit(f"{link(in_review)}/wrong-person")
    for who, path in (("owner", "orders"), ("reviewer", "review")):
        text = people.client(who).get(f"/{path}/{in_review.number}").text
        assert words(text)["entity-leader"] == "reported"


def test_reporting_twice_is_one_event(nobody: LintingClient, in_review: Stage, link: Link) -> None:
    path = link(in_review)
    for _ in range(2):
        assert nobody.submit(f"{path}/wrong-person").status_code == 303
    assert reports(in_review) == 1


def test_a_report_needs_a_post_with_the_page_s_token(
    nobody: LintingClient, in_review: Stage, link: Link
) -> None:
    path = link(in_review)
    assert nobody.get(f"{path}/wrong-person").status_code == 405
    assert nobody.post(f"{path}/wrong-person").status_code == 400
    assert reports(in_review) == 0


def test_when_it_is_over_there_is_nothing_to_report(
    nobody: LintingClient, verifying: Stage, link: Link
) -> None:
    path = link(verifying)
    verifying.drive.verify_all(verifying.number)
    assert f"{path}/wrong-person" not in actions(nobody.get(path).text)
    assert nobody.submit(f"{path}/wrong-person").status_code == 404
    assert reports(verifying) == 0


def test_revoking_the_links_forgets_the_report_and_keeps_the_event(
    people: People, nobody: LintingClient, in_review: Stage, link: Link
) -> None:
    old = link(in_review)
    nobody.submit(f"{old}/wrong-person")
    people.client("owner").submit(f"/orders/{in_review.number}/revoke-links")
    text = people.client("owner").get(f"/orders/{in_review.number}").text
    assert words(text)["entity-leader"] == "not-yet"
    assert not marked(text, "data-reported")
    assert nobody.submit(f"{old}/wrong-person").status_code == 404
    assert reports(in_review) == 1


def test_reports_from_one_address_are_throttled(
    nobody: LintingClient, in_review: Stage, link: Link
) -> None:
    path = link(in_review)
    statuses = [nobody.submit(f"{path}/wrong-person").status_code for _ in range(22)]
    assert statuses[-2:] == [429, 429]
