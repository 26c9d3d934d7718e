"""The reviewer decides: claims, passes, returns, and is told when somebody was first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.models import Order
from tests.support.people import People
from tests.web.pages.conftest import Stage, change
from tests.web.pages.reading import actions, marked
from tests.web.pages.reviewing import act, happened, page


class TestDeciding:
    """POST /review/<number>/claim, release, approve, return."""

    def test_claim_then_approve_leads_back_to_the_queue(
        self, people: People, in_review: Stage
    ) -> None:
        assert actions(page(people, in_review)) == {"claim"}
        assert act(people, in_review, "claim").status_code == 303
        assert actions(page(people, in_review)) == {"approve", "release", "return"}
        answer = act(people, in_review, "approve", revision=in_review.order.revision)
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/review"
        assert in_review.order.state == "approved"
        assert "has passed first review" in people.client("reviewer").get("/review").text

    def test_a_return_keeps_reasons_and_note(self, people: People, in_review: Stage) -> None:
        act(people, in_review, "claim")
        answer = act(people, in_review, "return", reasons=["phone", "portrait"], note="Call us")
        assert answer.status_code == 303
        order = in_review.order
        assert (order.state, order.reasons, order.return_note) == (
            "returned",
            ["phone", "portrait"],
            "Call us",
        )

    def test_a_return_without_a_reason_is_refused_and_keeps_the_note(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        answer = act(people, in_review, "return", note="Something I typed")
        assert answer.status_code == 422
        assert "Choose at least one reason" in answer.text
        assert "Something I typed" in answer.text
        assert in_review.order.state == "in-review"

    @pytest.mark.parametrize("code", ["expired", "nonsense", "tries-used-up"])
    def test_a_reason_that_is_not_the_reviewer_s_is_refused(
        self, people: People, in_review: Stage, code: str
    ) -> None:
        act(people, in_review, "claim")
        assert act(people, in_review, "return", reasons=[code]).status_code == 422
        assert in_review.order.state == "in-review"

    def test_another_reason_needs_words(self, people: People, in_review: Stage) -> None:
        act(people, in_review, "claim")
        answer = act(people, in_review, "return", reasons=["other"], note="  ")
        assert answer.status_code == 422
        assert in_review.order.state == "in-review"

    @pytest.mark.parametrize("verb", ["approve", "return"])
    def test_without_a_claim_nothing_is_decided(
        self, people: People, in_review: Stage, verb: str
    ) -> None:
        answer = act(people, in_review, verb, reasons=["phone"], note="Typed")
        assert answer.status_code == 409
        assert actions(answer.text) >= {"claim"}
        assert in_review.order.state == "in-review"

    def test_the_second_reviewer_gets_409_with_the_present_state(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        assert act(people, in_review, "claim", "second_reviewer").status_code == 409
        answer = act(people, in_review, "return", "second_reviewer", reasons=["phone"], note="Mine")
        assert answer.status_code == 409
        assert "r***@example.cn" in answer.text
        act(people, in_review, "approve")
        late = act(people, in_review, "return", "second_reviewer", reasons=["phone"])
        assert late.status_code == 409
        assert marked(late.text, "data-order")[0].get("data-state") == "approved"
        assert happened(in_review).count("approve") == 1
        assert "return" not in happened(in_review)

    def test_a_decision_on_an_older_version_is_refused(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        seen = in_review.order.revision
        act(people, in_review, "release")
        act(people, in_review, "claim")
        answer = act(people, in_review, "approve", revision=seen)
        assert answer.status_code == 409
        assert in_review.order.state == "in-review"

    def test_a_look_at_personal_data_stands_in_nobodys_way(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        seen = in_review.order.revision
        act(people, in_review, "reveal")
        assert act(people, in_review, "approve", revision=seen).status_code == 303

    @pytest.mark.parametrize("revision", ["x", "-1", "1_0", "９", "99999999999999999999"])
    def test_a_revision_that_is_none_is_refused(
        self, people: People, in_review: Stage, revision: str
    ) -> None:
        act(people, in_review, "claim")
        assert act(people, in_review, "approve", revision=revision).status_code == 409

    def test_a_lapsed_claim_still_serves_its_holder_unless_someone_took_it(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        in_review.drive.clock.move(minutes=25)
        assert act(people, in_review, "approve").status_code == 303

    def test_a_lapsed_claim_that_someone_took_over_is_gone(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        in_review.drive.clock.move(minutes=25)
        act(people, in_review, "claim", "second_reviewer")
        assert act(people, in_review, "approve").status_code == 409

    def test_giving_back_frees_the_order(self, people: People, in_review: Stage) -> None:
        act(people, in_review, "claim")
        assert act(people, in_review, "release").status_code == 303
        assert act(people, in_review, "release").status_code == 409
        assert act(people, in_review, "claim", "second_reviewer").status_code == 303

    def test_nobody_reviews_their_own_order(self, people: People, in_review: Stage) -> None:
        change(in_review, applicant_id=people.reviewer.id)
        assert actions(page(people, in_review)) == set()
        assert "your own order" in people.client("reviewer").get("/review").text
        for verb in ("claim", "approve", "return"):
            assert act(people, in_review, verb, reasons=["phone"]).status_code == 403
        assert in_review.order.state == "in-review"

    def test_reading_changes_nothing(self, people: People, in_review: Stage) -> None:
        before = in_review.order
        people.client("reviewer").get("/review")
        page(people, in_review)
        after: Order = in_review.order
        assert (before.revision, before.claimed_at) == (after.revision, after.claimed_at)
        assert after.touched_at - before.touched_at == timedelta(0)
