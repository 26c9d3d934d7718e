"""Taking an order back from its page."""

from __future__ import annotations

from tests.support.people import People
from tests.web.pages.conftest import Stage
from tests.web.pages.reading import live


def page(people: People, stage: Stage) -> str:
    answer = people.client("owner").get(f"/orders/{stage.number}")
    assert answer.status_code == 200
    return answer.text


class TestWithdrawing:
    """POST /orders/<number>/withdraw."""

    def test_an_order_in_review_becomes_a_draft(self, people: People, in_review: Stage) -> None:
        path = f"/orders/{in_review.number}/withdraw"
        answer = people.client("owner").submit(path, {"state": "in-review"})
        assert answer.status_code == 303
        assert in_review.order.state == "draft"

    def test_a_claim_in_between_is_no_hindrance(self, people: People, in_review: Stage) -> None:
        from console.services import review

        in_review.drive.do(review.claim, in_review.drive.reviewer, in_review.number)
        path = f"/orders/{in_review.number}/withdraw"
        assert people.client("owner").submit(path, {"state": "in-review"}).status_code == 303

    def test_from_a_page_of_another_stage_it_is_refused(
        self, people: People, verifying: Stage
    ) -> None:
        path = f"/orders/{verifying.number}/withdraw"
        answer = people.client("owner").submit(path, {"state": "in-review"})
        assert answer.status_code == 409
        assert live(answer.text).get("data-state") == "verifying"
        assert verifying.order.state == "verifying"

    def test_the_administration_s_order_stays(
        self, people: People, with_administration: Stage
    ) -> None:
        path = f"/orders/{with_administration.number}/withdraw"
        answer = people.client("owner").submit(path)
        assert answer.status_code == 409
        assert live(answer.text).get("data-state") == "administration-review"

    def test_a_ministry_that_is_down_is_asked_again_and_the_page_says_so(
        self, people: People, verifying: Stage
    ) -> None:
        from console.miit.mock.store import Fault

        before = verifying.order.revision
        verifying.drive.fault(Fault.DOWN)
        path = f"/orders/{verifying.number}/withdraw"
        answer = people.client("owner").submit(path, {"state": "verifying"})
        assert answer.status_code == 409
        assert "A withdrawal is on its way" in answer.text
        assert verifying.order.revision > before

    def test_another_applicant_and_a_reviewer_cannot(
        self, people: People, in_review: Stage
    ) -> None:
        path = f"/orders/{in_review.number}/withdraw"
        assert people.client("other").submit(path).status_code == 404
        assert people.client("reviewer").submit(path).status_code == 403
        assert in_review.order.state == "in-review"
