"""SECURITY 27 and 28: the flow of an order, and that looking changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from console.rules.lifecycle import State
from console.services import drafts
from tests.security.kit import path_of, rules, scalar, state_of
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands, returned_by_reviewer
from tests.web.pages.conftest import Stage as Case

TRAIL = {"events"}  # views of personal data are put on record


APPLICANTS = ("submit", "resubmit-unmodified", "withdraw", "discard")


REVIEWERS = ("approve", "return", "claim", "release")


ALLOWED = {
    State.DRAFT: {"submit", "discard"},
    State.RETURNED: {"submit", "discard"},
    State.IN_REVIEW: {"withdraw", "claim", "approve", "return", "release"},
    State.APPROVED: {"withdraw"},
    State.VERIFYING: {"withdraw"},
}


@pytest.fixture
def everywhere(drive: Hands, clock: Clock) -> dict[State, str]:
    """One order in each of the nine states."""
    drafts_ = [drive.draft(valid_filing(n)) for n in range(1, 10)]
    found = dict(zip(State, drafts_, strict=True))
    found[State.LAPSED], found[State.DRAFT] = found[State.DRAFT], found[State.LAPSED]
    clock.move(days=40)
    for state, number in found.items():
        if state not in (State.LAPSED, State.DRAFT):
            drive.submit(number)
    drive.do(drafts.discard, drive.applicant, drive.draft(valid_filing(20)))
    case = Case(drive, found[State.RETURNED], valid_filing(1))
    returned_by_reviewer(case, ["phone"])
    drive.accept(found[State.ACCEPTED])
    drive.approve(found[State.VERIFYING])
    drive.approve(found[State.ADMINISTRATION_REVIEW])
    drive.verify_all(found[State.ADMINISTRATION_REVIEW])
    drive.do(drive_withdraw, drive, found[State.CANCELLED])
    from console.services import review

    drive.do(review.claim, drive.reviewer, found[State.APPROVED])
    drive.do(review.approve, drive.reviewer, found[State.APPROVED])
    fresh = found[State.DRAFT]
    order = drive.order(fresh)
    filing = valid_filing(30)
    drive.do(
        drafts.save_entity, drive.applicant, fresh, order.revision, filing.entity,
        filing.entity_leader,
    )  # fmt: skip
    clock.move(days=5, hours=1)
    from console.services import upkeep

    drive.do(upkeep.lapse_due, State.DRAFT)
    for state, number in found.items():
        assert drive.order(number).state == state.value
    return found


def drive_withdraw(drive: Any, number: str) -> None:
    """Take an order back, then give it up."""
    from console.services import submission

    submission.withdraw(drive.applicant, number, drive.ministry.gateway)
    drafts.discard(drive.applicant, number)


def test_27_in_every_state_only_the_documented_actions_succeed(
    app: Flask, people: People, everywhere: dict[State, str]
) -> None:
    owner, reviewer = people.client("owner"), people.client("reviewer")
    owner.lint = reviewer.lint = False
    before = state_of(app)
    refused = 0
    for state, number in everywhere.items():
        for action in (*APPLICANTS, *REVIEWERS):
            if action in ALLOWED.get(state, set()):
                continue
            client, base = (owner, "orders") if action in APPLICANTS else (reviewer, "review")
            data = {"reasons": "phone"} if action == "return" else {}
            answer = client.submit(f"/{base}/{number}/{action}", data)
            repeated = answer.status_code == 303 and state in (
                State.IN_REVIEW,
                State.CANCELLED,
                State.APPROVED,
                State.VERIFYING,
            )  # sent twice: led to what it led to the first time
            hidden = state in (State.DRAFT, State.LAPSED) and base == "review"
            expected = 404 if hidden else 409
            assert repeated or answer.status_code in (expected, 422), (state, action, answer.status)
            assert state_of(app) == before, (state, action)
            refused += 1
    assert refused == 9 * 8 - sum(len(actions) for actions in ALLOWED.values())


def test_27_review_and_codes_cannot_be_skipped(app: Flask, people: People, in_review: Case) -> None:
    owner, reviewer = people.client("owner"), people.client("reviewer")
    before = state_of(app)
    for client, path in (
        (owner, f"/orders/{in_review.number}/resubmit-unmodified"),
        (owner, f"/orders/{in_review.number}/hand-over"),
        (owner, f"/orders/{in_review.number}/approve"),
        (owner, f"/review/{in_review.number}/approve"),
        (reviewer, f"/review/{in_review.number}/approve"),  # not claimed
        (reviewer, f"/review/{in_review.number}/accept"),
    ):
        assert client.submit(path).status_code in (403, 404, 409), path
    after = state_of(app)
    assert {table for table in after if after[table] != before[table]} <= TRAIL
    assert scalar(app, "SELECT count(*) FROM events WHERE action = 'approve'") == 0


def test_28_fetching_every_page_as_everyone_changes_nothing(
    app: Flask, people: People, everywhere: dict[State, str]
) -> None:
    clients = {
        who: people.client(who) for who in ("owner", "other", "reviewer", "administrator", "nobody")
    }
    before, fetched = state_of(app), 0
    reference = scalar(app, "SELECT reference FROM miit_orders LIMIT 1")
    for client in clients.values():
        client.lint = False
        for rule in rules(app, "GET"):
            for number in everywhere.values() if "<number>" in rule.rule else ["-"]:
                path = path_of(rule, number=number, reference=reference)
                assert client.get(path).status_code < 500, path
                fetched += 1
    after = state_of(app)
    assert {t for t in after if after[t] != before[t]} - TRAIL == set()
    assert fetched > 500
