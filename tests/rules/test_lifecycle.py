"""Every (state, action, role): what leads where, and everything else is refused."""

from __future__ import annotations

from itertools import product

import pytest

from console.errors import Changed, NotAllowed
from console.rules.labels import ACTIONS, ROLES, STATES, TURNS
from console.rules.labels import RETURNED_BY as RETURNED_BY_LABELS
from console.rules.lifecycle import (
    FINAL,
    REASONS,
    RETURNED_BY,
    SYSTEM_REASONS,
    TRANSITIONS,
    Action,
    ReturnedBy,
    Role,
    State,
    actions_for,
    reason_label,
    target,
)

# Written by hand, not taken from the code: who acts, from where, to where.
EXPECTED = {
    (None, "start", "applicant"): "draft",
    ("draft", "submit", "applicant"): "in-review",
    ("draft", "discard", "applicant"): "cancelled",
    ("returned", "discard", "applicant"): "cancelled",
    ("draft", "lapse", "worker"): "lapsed",
    ("returned", "lapse", "worker"): "lapsed",
    ("in-review", "approve", "reviewer"): "approved",
    ("in-review", "return", "reviewer"): "returned",
    ("returned", "resubmit", "applicant"): "in-review",
    ("returned", "resubmit-unmodified", "applicant"): "approved",
    ("in-review", "withdraw", "applicant"): "draft",
    ("approved", "withdraw", "applicant"): "draft",
    ("verifying", "withdraw", "applicant"): "draft",
    ("approved", "hand-over", "worker"): "verifying",
    ("approved", "hand-over-unverified", "worker"): "administration-review",
    ("approved", "refuse", "ministry"): "returned",
    ("verifying", "all-verified", "ministry"): "administration-review",
    ("verifying", "expire", "ministry"): "returned",
    ("verifying", "use-up-tries", "ministry"): "returned",
    ("administration-review", "accept", "ministry"): "accepted",
    ("administration-review", "return-by-administration", "ministry"): "returned",
    ("returned", "cancel", "worker"): "cancelled",
}
STATE_NAMES = [
    None, "draft", "in-review", "approved", "verifying", "administration-review",
    "accepted", "returned", "cancelled", "lapsed",
]  # fmt: skip
ACTION_NAMES = sorted({action for _, action, _ in EXPECTED})
ROLE_NAMES = ["applicant", "reviewer", "worker", "ministry"]
WHO = {action: role for _, action, role in EXPECTED}


@pytest.mark.parametrize(
    ("state", "action", "role"), list(product(STATE_NAMES, ACTION_NAMES, ROLE_NAMES))
)
def test_each_state_action_and_role_leads_where_the_table_says(state, action, role):
    arguments = (State(state) if state else None, Action(action), Role(role))
    if (state, action, role) in EXPECTED:
        assert target(*arguments) == EXPECTED[state, action, role]
        assert Action(action) in actions_for(arguments[0], Role(role))
        return
    refusal, words = (Changed, "changed") if WHO[action] == role else (NotAllowed, "not yours")
    with pytest.raises(refusal, match=words):
        target(*arguments)
    assert Action(action) not in actions_for(arguments[0], Role(role))


def test_the_names_of_states_actions_and_roles_are_those_agreed():
    assert [str(state) for state in State] == STATE_NAMES[1:]
    assert sorted(Action) == ACTION_NAMES
    assert [str(role) for role in Role] == ROLE_NAMES


def test_nothing_leads_out_of_a_final_state_and_every_other_state_has_a_way_out():
    sources = {line.source for line in TRANSITIONS} - {None}
    assert {"accepted", "cancelled", "lapsed"} == FINAL
    assert sources == set(State) - FINAL


def test_whoever_returns_an_order_is_told_for_every_action_that_returns_it():
    assert RETURNED_BY == {
        "return": "provider",
        "refuse": "ministry",
        "expire": "ministry",
        "use-up-tries": "ministry",
        "return-by-administration": "administration",
    }
    assert set(RETURNED_BY) == {t.action for t in TRANSITIONS if t.target is State.RETURNED}


def test_the_reasons_are_a_closed_list_with_words_for_each():
    assert set(REASONS) == {
        "wrong-filing-type", "address-incomplete", "leader-not-legal-representative", "site-name",
        "content-beyond-approval", "domain-holder", "domain-not-verified", "leaders-inconsistent",
        "phone", "document-unclear", "document-expired", "document-not-original",
        "address-differs", "site-open-early", "access-data-differ", "portrait", "other",
    }  # fmt: skip
    assert set(SYSTEM_REASONS) == {"expired", "tries-used-up", "refused"}
    texts = [str(reason_label(code)) for code in [*REASONS, *SYSTEM_REASONS]]
    assert len(set(texts)) == 20
    with pytest.raises(KeyError):
        reason_label("weather")


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (STATES, State),
        (TURNS, State),
        (ACTIONS, Action),
        (ROLES, Role),
        (RETURNED_BY_LABELS, ReturnedBy),
    ],
)
def test_every_code_has_words_and_no_two_share_them(labels, codes):
    assert set(labels) == set(codes)
    assert len({str(text) for text in labels.values()}) == len(labels)
