"""Two reviewers at once, handing on, several at a time, and returns that point at fields."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from console.errors import Changed, Refusal
from console.queries.orders import history_of
from console.rules.masking import mask_mobile
from console.services import deciding, drafts, review, submission
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands, Stage, returned_by_reviewer
from tests.web.pages.reading import actions, marked, words


def act(people: People, stage: Stage, verb: str, who: str = "reviewer", **data: object):  # type: ignore[no-untyped-def]
    return people.client(who).submit(f"/review/{stage.number}/{verb}", data)


def page(people: People, stage: Stage, who: str = "reviewer") -> str:
    return people.client(who).get(f"/review/{stage.number}").text


def decide_together(drive: Hands, people: People, number: str) -> list[str]:
    """Two decisions let go together; what came of each."""
    gate, outcomes = threading.Barrier(2), []

    def run(work) -> None:  # type: ignore[no-untyped-def]
        gate.wait()
        try:
            drive.do(*work)
            outcomes.append("won")
        except Changed:
            outcomes.append("was second")

    both = [
        (review.approve, drive.reviewer, number),
        (review.return_, drive.reviewer, number, ["phone"], ""),
    ]
    threads = [threading.Thread(target=run, args=(work,)) for work in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@both_databases
def test_of_two_decisions_at_once_exactly_one_holds_in_fifty_rounds(
    people: People, in_review: Stage
) -> None:
    drive, number = in_review.drive, in_review.number
    for _ in range(50):
        drive.do(review.claim, drive.reviewer, number)
        assert decide_together(drive, people, number) == ["was second", "won"]
        if drive.order(number).state == "approved":
            drive.do(submission.withdraw, drive.applicant, number, drive.ministry.gateway)
        drive.do(submission.submit, drive.applicant, number)
    events = [e.action for e in drive.do(history_of, drive.order(number))]
    assert events.count("approve") + events.count("return") == 50


@pytest.mark.parametrize("who", ["owner", "administrator"])
def test_an_order_is_handed_on_to_reviewers_only(
    people: People, in_review: Stage, who: str
) -> None:
    act(people, in_review, "claim")
    answer = act(people, in_review, "hand-on", colleague=getattr(people, who).id)
    assert answer.status_code == 422
    assert in_review.order.claimed_by_id == people.reviewer.id


def test_a_colleague_has_what_was_handed_on(people: People, in_review: Stage) -> None:
    second = people.second_reviewer.id
    act(people, in_review, "claim")
    assert act(people, in_review, "hand-on", colleague=second).status_code == 303
    assert "approve" in actions(page(people, in_review, "second_reviewer"))
    assert act(people, in_review, "approve").status_code == 409
    assert act(people, in_review, "approve", "second_reviewer").status_code == 303
    assert in_review.order.reviewer_id == second


class TestSeveral:
    """Several orders at a time."""

    def test_each_row_tells_what_came_of_it(self, people: People, drive: Hands) -> None:
        clean = drive.submit(drive.draft(valid_filing(1)))
        shared = replace(valid_filing(2), entity_leader=valid_filing(1).entity_leader)
        found = drive.submit(drive.draft(shared))
        taken = drive.submit(drive.draft(valid_filing(4)))
        people.client("second_reviewer").submit(f"/review/{taken}/claim")
        clean_again = drive.submit(drive.draft(valid_filing(6)))
        ticked = {"numbers": [found, taken, clean_again, "20200101-222222"]}
        answer = people.client("reviewer").submit("/review/several/approve", ticked)
        done = {e.get("data-outcome"): e.get("data-done") for e in marked(answer.text, "data-done")}
        assert done == {found: "no", taken: "no", clean_again: "yes", "20200101-222222": "no"}
        states = [drive.order(n).state for n in (clean, found, taken, clean_again)]
        assert states == ["in-review", "in-review", "in-review", "approved"]

    def test_claiming_several(self, people: People, drive: Hands) -> None:
        both = [drive.submit(drive.draft(valid_filing(n))) for n in (1, 2)]
        people.client("reviewer").submit("/review/several/claim", {"numbers": both})
        assert {drive.order(n).claimed_by_id for n in both} == {people.reviewer.id}

    def test_a_draft_among_them_is_an_order_that_is_not_there(
        self, people: People, drive: Hands
    ) -> None:
        numbers = [drive.draft(valid_filing(1)), "20200101-222222"]
        for verb in ("claim", "approve"):
            answer = people.client("reviewer").submit(
                f"/review/several/{verb}", {"numbers": numbers}
            )
            assert answer.text.count("There is no such order.") == 2

    def test_nothing_ticked_is_said(self, people: People) -> None:
        answer = people.client("reviewer").submit("/review/several/claim", follow_redirects=True)
        assert "Tick at least one order" in answer.text

    def test_nobody_passes_their_own_in_a_heap(self, people: People, in_review: Stage) -> None:
        drive = in_review.drive
        actor = type(drive.reviewer)(drive.reviewer.role, people.owner.id)
        with pytest.raises(Refusal):
            drive.do(deciding.approve_clean, actor, in_review.number)
        assert in_review.order.state == "in-review"


class TestFindings:
    """What only the desk can know."""

    def test_a_mobile_of_another_entity_is_found(self, people: People, drive: Hands) -> None:
        drive.submit(drive.draft(valid_filing(1)))
        first = valid_filing(1)
        other = valid_filing(2)
        leader = replace(other.entity_leader, mobile=first.entity_leader.mobile)
        number = drive.submit(drive.draft(replace(other, entity_leader=leader)))
        text = page(people, Stage(drive, number, other))
        fields = [e.get("data-finding") for e in marked(text, "data-finding")]
        assert "entity_leader-mobile" in fields
        assert first.entity_leader.mobile not in text

    def test_a_filing_alone_has_none(self, people: People, in_review: Stage) -> None:
        assert not marked(page(people, in_review), "data-finding")


class TestReturning:
    """Reasons tied to fields, and the text in the applicant's language."""

    def test_points_are_kept_with_their_reasons(self, people: People, in_review: Stage) -> None:
        act(people, in_review, "claim")
        points = ["phone|entity_leader-mobile", "site-name|service-name:1", "phone|nonsense"]
        act(people, in_review, "return", reasons=["phone"], points=points, note="x")
        order = in_review.order
        assert order.reasons == ["site-name", "phone"]
        assert order.return_details == [
            {"reason": "site-name", "fields": ["service-name:1"], "materials": []},
            {"reason": "phone", "fields": ["entity_leader-mobile"], "materials": []},
        ]

    def test_the_preview_is_in_the_applicant_s_language_and_sends_nothing(
        self, people: People, in_review: Stage
    ) -> None:
        from console.services.accounts import choose_language

        in_review.drive.do(choose_language, people.owner.id, "en")
        act(people, in_review, "claim")
        chinese = people.second_reviewer
        assert chinese
        answer = act(people, in_review, "return/preview", points=["site-name|service-name:1"])
        assert answer.status_code == 200
        assert [e.get("data-preview-reason") for e in marked(answer.text, "data-preview-reason")]
        area = next(e for e in marked(answer.text, "name") if e.get("name") == "note")
        assert "Choose a name that says what the website is about" in words(area)
        assert in_review.order.state == "in-review"
        in_review.drive.do(choose_language, people.owner.id, "zh_Hans_CN")
        answer = act(people, in_review, "return/preview", reasons=["site-name"])
        assert 'lang="zh-Hans"' in answer.text

    def test_the_next_round_shows_what_changed_and_what_was_not_mended(
        self, people: People, in_review: Stage
    ) -> None:
        drive, number = in_review.drive, in_review.number
        act(people, in_review, "claim")
        points = ["phone|entity_leader-mobile", "site-name|service-name:1"]
        act(people, in_review, "return", points=points)
        leader = replace(in_review.leader, mobile="13805719999")
        drive.do(
            drafts.save_entity,
            drive.applicant,
            number,
            drive.revision(number),
            in_review.filing.entity,
            leader,
        )
        drive.do(submission.submit, drive.applicant, number)
        text = page(people, in_review)
        changed = [e.get("data-changed") for e in marked(text, "data-changed")]
        assert changed == ["entity_leader-mobile"]
        mended = {e.get("data-reason"): e.get("data-mended") for e in marked(text, "data-mended")}
        assert mended == {"phone": "changed", "site-name": "unchanged"}
        assert "13805719999" not in text
        assert mask_mobile("13805719999") in text

    def test_the_applicant_reads_at_what_each_reason_points(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        act(people, in_review, "return", points=["site-name|service-name:1"])
        for path in ("", "/edit/entity"):
            text = people.client("owner").get(f"/orders/{in_review.number}{path}").text
            reason = next(e for e in marked(text, "data-reason"))
            assert "Website or app 1 – Name" in words(reason), path

    def test_the_next_return_forgets_the_points_of_the_last(
        self, people: People, in_review: Stage
    ) -> None:
        act(people, in_review, "claim")
        act(people, in_review, "return", points=["phone|entity_leader-mobile"])
        in_review.drive.submit(in_review.number)
        assert in_review.order.return_details == []


def test_notes_are_for_colleagues_alone(people: People, in_review: Stage) -> None:
    assert act(people, in_review, "notes", text="  ").status_code == 422
    assert act(people, in_review, "notes", text="Called the holder").status_code == 303
    assert "Called the holder" in page(people, in_review, "second_reviewer")
    returned_by_reviewer(in_review, ["phone"])
    owner = people.client("owner").get(f"/orders/{in_review.number}").text
    assert "Called the holder" not in owner
