"""The order's page: whose turn it is, what exactly, by when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.rules.lifecycle import Role, State, actions_for
from console.services import submission
from tests.support.people import People
from tests.web.pages.conftest import Stage, returned_by_reviewer
from tests.web.pages.reading import actions, live, marked, poll_address, rows, states, words


def page(people: People, stage: Stage) -> str:
    answer = people.client("owner").get(f"/orders/{stage.number}")
    assert answer.status_code == 200
    return answer.text


def test_the_owner_alone_sees_the_page(people: People, draft: Stage) -> None:
    path = f"/orders/{draft.number}"
    assert people.client("owner").get(path).status_code == 200
    assert people.client("other").get(path).status_code == 404
    assert people.client("reviewer").get(path).status_code == 403
    assert people.client("nobody").get(path).headers["Location"].startswith("/login")


def test_a_stranger_s_answer_is_that_of_an_order_that_is_not_there(
    people: People, draft: Stage
) -> None:
    other = people.client("other")
    theirs = other.get(f"/orders/{draft.number}/checklist")
    missing = other.get("/orders/20200101-222222/checklist")
    assert theirs.status_code == missing.status_code == 404


def test_a_draft_says_that_it_is_the_applicant_s_turn(people: People, draft: Stage) -> None:
    text = page(people, draft)
    assert live(text).get("data-state") == "draft"
    assert live(text).get("data-hx-trigger") is None
    assert actions(text) == {"submit", "discard"}
    assert "It is the applicant" in text


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW])
def test_the_buttons_are_those_of_the_table(people: People, draft: Stage, state: State) -> None:
    if state is State.IN_REVIEW:
        draft.drive.submit(draft.number)
    allowed = {action.value for action in actions_for(state, Role.APPLICANT)}
    assert actions(page(people, draft)) == allowed


def test_nothing_can_be_done_while_the_administration_has_it(
    people: People, with_administration: Stage
) -> None:
    text = page(people, with_administration)
    assert actions(text) == set()
    assert live(text).get("data-hx-trigger") == "every 10s"
    assert "20 working days" in text
    assert set(states(text).values()) == {"verified"}


def test_while_it_is_handed_over_the_page_polls(people: People, handed_over: Stage) -> None:
    text = page(people, handed_over)
    assert live(text).get("data-state") == "approved"
    assert live(text).get("data-hx-trigger") == "every 2s"
    assert live(text).get("data-hx-swap") == "outerMorph"
    assert live(text).get("data-hx-ptag") == live(text).get("data-version")


def test_without_a_code_the_rows_wait_for_it(people: People, waiting_for_code: Stage) -> None:
    text = page(people, waiting_for_code)
    assert states(text) == {
        "entity-leader": "waiting-for-code",
        "website-leader-1": "waiting-for-code",
    }
    assert all(row.get("data-deadline") is None for row in rows(text).values())
    assert "starts when the first code is sent" in text


def test_a_row_tells_all_that_its_person_needs(people: People, verifying: Stage) -> None:
    text = page(people, verifying)
    row = rows(text)["entity-leader"]
    deadline = verifying.order.deadline
    assert deadline is not None
    assert row.get("data-roles") == "entity-leader"
    assert row.get("data-state") == "waiting"
    assert row.get("data-deadline") == f"{deadline:%Y-%m-%dT%H:%M:%SZ}"
    told = words(row)
    for part in ("138****0001", "12381", "Tries left 5", "Resends left 2", "Resident ID card"):
        assert part in told
    assert marked(text, "data-countdown")
    assert "/miit/verify" in text


def test_one_person_in_both_roles_is_one_row(people: People, drive, clock) -> None:  # type: ignore[no-untyped-def]
    from tests.support.filings import valid_filing

    filing = valid_filing(3)
    number = drive.approve(drive.draft(filing))
    text = page(people, Stage(drive, number, filing))
    assert [row.get("data-roles") for row in rows(text).values()] == [
        "entity-leader website-leader"
    ]


def test_a_failed_entry_and_a_success_show(people: People, verifying: Stage) -> None:
    verifying.drive.verify(verifying.owner, right=False)
    verifying.drive.verify(verifying.leader)
    text = page(people, verifying)
    assert states(text) == {"entity-leader": "verified", "website-leader-1": "waiting"}
    assert "Tries left 4" in words(rows(text)["website-leader-1"])
    assert "one person" in words(live(text))


def test_past_the_deadline_the_rows_read_expired_and_the_page_still_polls(
    people: People, verifying: Stage
) -> None:
    verifying.drive.clock.move(hours=24, minutes=1)
    text = page(people, verifying)
    assert set(states(text).values()) == {"expired"}
    assert live(text).get("data-hx-trigger") == "every 2s"
    assert "answer is awaited" in text
    assert "data-share-link" not in text


def test_an_expired_order_says_the_next_step(people: People, expired: Stage) -> None:
    text = page(people, expired)
    assert live(text).get("data-hx-trigger") is None
    assert [e.get("data-reason") for e in marked(text, "data-reason")] == ["expired"]
    assert "Start again: first review, then verification." in text
    assert actions(text) == {"resubmit", "discard"}


def test_used_up_tries_say_when_the_order_is_cancelled(people: People, verifying: Stage) -> None:
    for _ in range(5):
        verifying.drive.verify(verifying.owner, right=False)
    text = page(people, verifying)
    assert states(text)["website-leader-1"] == "failed"
    assert verifying.order.cancel_at is not None
    assert "Cancelled by itself unless submitted again" in text


def test_a_reviewer_s_return_shows_reasons_and_note(people: People, in_review: Stage) -> None:
    returned_by_reviewer(in_review, ["phone", "other"], "Please call <us> back")
    text = page(people, in_review)
    assert [e.get("data-reason") for e in marked(text, "data-reason")] == ["phone", "other"]
    assert "Please call &lt;us&gt; back" in text
    assert "Returned by the provider" in text
    assert rows(text) == {}


def test_the_administration_s_return_is_told_as_its_own(
    people: People, with_administration: Stage
) -> None:
    with_administration.drive.decide(with_administration.number, ["site-name"], "Rename it")
    text = page(people, with_administration)
    assert "Returned by the administration" in text
    assert "Rename it" in text


def test_an_accepted_order_shows_its_numbers(people: People, accepted: Stage) -> None:
    text = page(people, accepted)
    for number in accepted.order.icp_numbers:
        assert number in text
    assert len(accepted.order.icp_numbers) == 2
    assert actions(text) == set()


def test_a_discarded_order_can_be_started_again(people: People, draft: Stage) -> None:
    from console.services.drafts import discard

    draft.drive.do(discard, draft.drive.applicant, draft.number)
    assert actions(page(people, draft)) == {"start-again"}


def test_the_history_is_newest_first_and_in_words(people: People, verifying: Stage) -> None:
    verifying.drive.verify(verifying.owner, right=False)
    lines = [e for e in marked(page(people, verifying), "data-action") if e.tag == "li"]
    told = [e.get("data-action") for e in lines]
    assert told[0] == "entry-failed"
    assert told[-1] == "start"
    assert "A failed entry for the leader of website or app 1, try 1" in words(lines[0])


def test_the_page_speaks_chinese(people: People, verifying: Stage) -> None:
    people.client("owner").submit("/language", {"language": "zh_Hans_CN"})
    text = page(people, verifying)
    assert 'lang="zh-Hans"' in text


def test_no_page_shows_personal_data_in_full(people: People, verifying: Stage) -> None:
    owner = people.client("owner")
    pages = [page(people, verifying), owner.get(f"/orders/{verifying.number}/checklist").text]
    reviewer = people.client("reviewer")
    pages += [reviewer.get("/review").text, reviewer.get(f"/review/{verifying.number}").text]
    pages += [people.client("nobody").get(poll_address(pages[0])).text]
    for text in pages:
        assert not [secret for secret in verifying.secrets if secret in text]


def test_a_page_of_an_order_needs_few_queries(people: People, verifying: Stage) -> None:
    from tests.web.pages.reading import counted

    owner = people.client("owner")
    owner.get(f"/orders/{verifying.number}")
    with counted(verifying.drive.app) as statements:
        owner.get(f"/orders/{verifying.number}")
    assert len(statements) <= 8, statements


def test_a_provisional_day_says_so() -> None:
    from datetime import UTC, datetime

    from console.models import Order
    from console.web.return_view import by_when

    since = datetime(2027, 3, 1, 2, tzinfo=UTC)
    told = by_when(Order(state="in-review", state_since=since, due_at=None), has_rows=False)
    assert told is not None
    assert told.day == since.date() + timedelta(days=3)
    assert "provisional" in str(told.label)


def test_skipped_verification_is_drawn_as_such() -> None:
    from datetime import UTC, datetime

    from console.models import Event
    from console.web.timeline_view import stages

    at = datetime(2026, 11, 2, tzinfo=UTC)
    road = ["draft", "in-review", "approved", "administration-review"]
    events = [Event(action="x", at=at, to_state=state) for state in road]
    marks = {s.key: s.state for s in stages(events, State.ADMINISTRATION_REVIEW, None)}
    assert marks["verifying"] == "skipped"
    assert marks["administration-review"] == "now"
    assert marks["accepted"] == "next"


def test_resubmitting_starts_the_road_again(people: People, expired: Stage) -> None:
    expired.drive.do(submission.submit, expired.drive.applicant, expired.number)
    stages = [e.get("class") for e in tree_stages(page(people, expired))]
    assert stages == ["stage is-done", "stage is-now", *["stage is-next"] * 4]


def tree_stages(text: str):  # type: ignore[no-untyped-def]
    return [e for e in marked(text, "class") if str(e.get("class")).startswith("stage is-")]
