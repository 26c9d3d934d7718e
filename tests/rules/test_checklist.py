"""The checklist: what each person's row reads, whose turn it is, and when it stops being live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rules.checklist import VerifierFacts, VerifierState, checklist
from console.rules.lifecycle import State
from console.rules.rulebook import load_books

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=10)
SENT = VerifierFacts("entity-leader", ("entity-leader",), "138****1111", code_sent_at=NOW)
SECOND = replace(SENT, key="website-leader-1", roles=("website-leader",), mobile_masked="139****2")
BOOK = load_books()["aliyun-current"]


def made(*people, state=State.VERIFYING, now=NOW, deadline=DEADLINE, book=BOOK, **more):
    return checklist(people, book, deadline, state, now, **more)


@pytest.mark.parametrize(
    ("facts", "state", "now", "expected"),
    [
        (replace(SENT, code_sent_at=None), State.VERIFYING, NOW, "waiting-for-code"),
        (SENT, State.VERIFYING, NOW, "waiting"),
        (SENT, State.VERIFYING, DEADLINE - timedelta(seconds=1), "waiting"),
        (SENT, State.VERIFYING, DEADLINE, "expired"),
        (SENT, State.RETURNED, DEADLINE, "expired"),
        (SENT, State.RETURNED, NOW, "expired"),
        (replace(SENT, verified_at=NOW), State.VERIFYING, DEADLINE, "verified"),
        (replace(SENT, verified_at=NOW), State.ADMINISTRATION_REVIEW, NOW, "verified"),
        (replace(SENT, failed_at=NOW), State.VERIFYING, DEADLINE, "failed"),
        (replace(SENT, failed_at=NOW), State.RETURNED, NOW, "failed"),
    ],
)
def test_each_row_reads_how_far_the_person_is(facts, state, now, expected):
    assert made(facts, state=state, now=now).rows[0].state == expected


def test_a_row_carries_what_the_ministry_told_about_its_person():
    told = replace(
        SECOND, certificate_type="passport", sender="12381", verified_at=NOW + timedelta(hours=1)
    )
    row = made(told).rows[0]
    assert (row.key, row.roles, row.mobile_masked) == (told.key, told.roles, told.mobile_masked)
    assert (row.certificate_type, row.sender) == ("passport", "12381")
    assert (row.code_sent_at, row.verified_at) == (NOW, NOW + timedelta(hours=1))
    assert row.deadline == made(told).deadline == DEADLINE


def test_the_states_of_a_row_are_the_five_agreed():
    assert [str(state) for state in VerifierState] == [
        "waiting-for-code", "waiting", "verified", "failed", "expired",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("book", "tries", "resends", "left"),
    [
        ("aliyun-current", 0, 0, (5, 2)),
        ("aliyun-current", 4, 2, (1, 0)),
        ("jdcloud-2020", 5, 3, (0, 0)),
        ("aliyun-2018", 2, 9, (3, None)),
        ("jdcloud-2019", 6, 1, (0, None)),
    ],
)
def test_tries_and_resends_left_follow_the_book(book, tries, resends, left):
    facts = replace(SENT, tries_used=tries, resends_used=resends)
    row = made(facts, book=load_books()[book]).rows[0]
    assert (row.tries_left, row.resends_left) == left


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([replace(SENT, code_sent_at=None)], "codes are on their way"),
        ([SENT], "one person's turn to verify: Entity leader, 138****1111"),
        ([SENT, SECOND], "2 people still have to verify"),
        ([SENT, replace(SECOND, verified_at=NOW)], "one person's turn to verify: Entity leader"),
        ([replace(SENT, verified_at=NOW)], "Everyone has verified"),
        ([replace(SENT, failed_at=NOW), SECOND], "A verification failed"),
    ],
)
def test_whose_turn_it_is_while_verifying(people, words):
    assert words in str(made(*people).whose_turn)


@pytest.mark.parametrize(
    ("people", "now", "words"),
    [
        ([replace(SENT, code_sent_at=None)], NOW, "Wait for the code"),
        ([SENT], NOW, "Open the ministry's portal"),
        ([SENT, replace(SECOND, code_sent_at=None)], NOW, "Open the ministry's portal"),
        ([replace(SENT, verified_at=NOW), replace(SECOND, code_sent_at=None)], NOW, "Wait for the"),
        ([SENT, replace(SECOND, verified_at=NOW)], NOW, "Open the ministry's portal"),
        ([replace(SENT, verified_at=NOW)], NOW, "Nothing to do"),
        ([replace(SENT, failed_at=NOW)], NOW, "Nothing to do"),
        ([SENT], DEADLINE, "Nothing to do"),
        ([replace(SENT, verified_at=NOW), SECOND], DEADLINE, "Nothing to do"),
    ],
)
def test_what_to_do_next_while_verifying(people, now, words):
    assert words in str(made(*people, now=now).next_step)


def test_the_verified_are_counted_and_those_still_waited_for():
    done = replace(SECOND, verified_at=NOW)
    found = made(SENT, done, replace(done, key="website-leader-2"))
    assert (found.verified, found.waiting, found.total) == (2, 1, 3)


def test_one_person_with_both_roles_is_named_by_both():
    both = replace(SENT, roles=("entity-leader", "website-leader"))
    assert "Entity leader and website leader" in str(made(both).whose_turn)


def test_past_the_deadline_the_ministry_s_answer_is_awaited_and_the_page_stays_live():
    late = made(SENT, replace(SECOND, verified_at=NOW), now=DEADLINE)
    assert late.overdue
    assert late.live
    assert "Time is up" in str(late.whose_turn)
    assert [row.state for row in late.rows] == ["expired", "verified"]
    assert (late.verified, late.total, late.waiting) == (1, 2, 0)


@pytest.mark.parametrize("state", State)
def test_only_what_can_change_by_itself_is_live_and_every_state_says_whose_turn_it_is(state):
    found = made(SENT, state=state)
    assert found.live == (state in (State.APPROVED, State.VERIFYING))
    assert str(found.whose_turn)
    assert str(found.next_step)


@pytest.mark.parametrize(
    ("by", "reasons", "words"),
    [
        ("ministry", ["expired"], "Start again"),
        ("ministry", ["tries-used-up"], "Start again"),
        ("ministry", ["refused"], "stands in the ministry's way"),
        ("administration", ["site-name"], "what the administration names"),
        ("provider", ["phone"], "what the reviewer names"),
    ],
)
def test_a_returned_order_says_what_to_do_next(by, reasons, words):
    found = made(SENT, state=State.RETURNED, returned_by=by, reasons=reasons)
    assert words in str(found.next_step)


def test_without_a_book_there_are_no_rows_and_still_a_turn():
    found = made(SENT, book=None, deadline=None, state=State.ADMINISTRATION_REVIEW)
    assert found.rows == ()
    assert "administration's turn" in str(found.whose_turn)


moments = st.integers(-48 * 3600, 48 * 3600).map(lambda s: NOW + timedelta(seconds=s))
people = st.builds(
    VerifierFacts,
    key=st.sampled_from(["entity-leader", "website-leader-1"]),
    roles=st.just(("entity-leader",)),
    code_sent_at=st.none() | moments,
    tries_used=st.integers(0, 50),
    resends_used=st.integers(0, 50),
    verified_at=st.none() | moments,
    failed_at=st.none() | moments,
)


@given(
    st.lists(people, max_size=4),
    st.sampled_from(sorted(load_books())),
    moments,
    st.sampled_from(list(State)),
    moments,
)
def test_the_counts_agree_with_the_rows_and_a_verified_person_stays_verified(
    facts, name, deadline, state, now
):
    found = checklist(facts, load_books()[name], deadline, state, now)
    assert found.verified + found.waiting <= found.total == len(facts)
    for row, fact in zip(found.rows, facts, strict=True):
        assert (row.state == "verified") == (fact.verified_at is not None)
        assert 0 <= row.tries_left <= 5
        assert row.resends_left is None or 0 <= row.resends_left <= 2
        assert row.state not in ("waiting", "waiting-for-code") or now < deadline
