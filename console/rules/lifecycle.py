"""States, actions, who may: a plain table. Buttons are drawn from it and services guarded by it.

The `only if` conditions (complete, claimed, the book allows it …) are the services' business; the
table says what can follow what, and at whose hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.errors import Changed, NotAllowed
from console.rules.text import T, Text


class State(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    VERIFYING = "verifying"
    ADMINISTRATION_REVIEW = "administration-review"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class Role(StrEnum):
    """At whose hand an order moves."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    WORKER = "worker"
    MINISTRY = "ministry"


class Action(StrEnum):
    """What moves an order. Two outcomes are two actions."""

    START = "start"
    SUBMIT = "submit"
    DISCARD = "discard"
    LAPSE = "lapse"
    APPROVE = "approve"
    RETURN = "return"
    RESUBMIT = "resubmit"
    RESUBMIT_UNMODIFIED = "resubmit-unmodified"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand-over"
    HAND_OVER_UNVERIFIED = "hand-over-unverified"
    REFUSE = "refuse"
    ALL_VERIFIED = "all-verified"
    EXPIRE = "expire"
    USE_UP_TRIES = "use-up-tries"
    ACCEPT = "accept"
    RETURN_BY_ADMINISTRATION = "return-by-administration"
    CANCEL = "cancel"


class ReturnedBy(StrEnum):
    """Who sent a returned order back."""

    PROVIDER = "provider"
    MINISTRY = "ministry"
    ADMINISTRATION = "administration"


@dataclass(frozen=True)
class Transition:
    """One line of the table. `source` None: there is no order yet."""

    source: State | None
    action: Action
    role: Role
    target: State


_S, _A, _R = State, Action, Role

TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, _A.START, _R.APPLICANT, _S.DRAFT),
    Transition(_S.DRAFT, _A.SUBMIT, _R.APPLICANT, _S.IN_REVIEW),
    Transition(_S.DRAFT, _A.DISCARD, _R.APPLICANT, _S.CANCELLED),
    Transition(_S.RETURNED, _A.DISCARD, _R.APPLICANT, _S.CANCELLED),
    Transition(_S.DRAFT, _A.LAPSE, _R.WORKER, _S.LAPSED),
    Transition(_S.RETURNED, _A.LAPSE, _R.WORKER, _S.LAPSED),
    Transition(_S.IN_REVIEW, _A.APPROVE, _R.REVIEWER, _S.APPROVED),
    Transition(_S.IN_REVIEW, _A.RETURN, _R.REVIEWER, _S.RETURNED),
    Transition(_S.RETURNED, _A.RESUBMIT, _R.APPLICANT, _S.IN_REVIEW),
    Transition(_S.RETURNED, _A.RESUBMIT_UNMODIFIED, _R.APPLICANT, _S.APPROVED),
    Transition(_S.IN_REVIEW, _A.WITHDRAW, _R.APPLICANT, _S.DRAFT),
    Transition(_S.APPROVED, _A.WITHDRAW, _R.APPLICANT, _S.DRAFT),
    Transition(_S.VERIFYING, _A.WITHDRAW, _R.APPLICANT, _S.DRAFT),
    Transition(_S.APPROVED, _A.HAND_OVER, _R.WORKER, _S.VERIFYING),
    Transition(_S.APPROVED, _A.HAND_OVER_UNVERIFIED, _R.WORKER, _S.ADMINISTRATION_REVIEW),
    Transition(_S.APPROVED, _A.REFUSE, _R.MINISTRY, _S.RETURNED),
    Transition(_S.VERIFYING, _A.ALL_VERIFIED, _R.MINISTRY, _S.ADMINISTRATION_REVIEW),
    Transition(_S.VERIFYING, _A.EXPIRE, _R.MINISTRY, _S.RETURNED),
    Transition(_S.VERIFYING, _A.USE_UP_TRIES, _R.MINISTRY, _S.RETURNED),
    Transition(_S.ADMINISTRATION_REVIEW, _A.ACCEPT, _R.MINISTRY, _S.ACCEPTED),
    Transition(_S.ADMINISTRATION_REVIEW, _A.RETURN_BY_ADMINISTRATION, _R.MINISTRY, _S.RETURNED),
    Transition(_S.RETURNED, _A.CANCEL, _R.WORKER, _S.CANCELLED),
)

FINAL: frozenset[State] = frozenset({State.ACCEPTED, State.CANCELLED, State.LAPSED})

RETURNED_BY: dict[Action, ReturnedBy] = {
    Action.RETURN: ReturnedBy.PROVIDER,
    Action.REFUSE: ReturnedBy.MINISTRY,
    Action.EXPIRE: ReturnedBy.MINISTRY,
    Action.USE_UP_TRIES: ReturnedBy.MINISTRY,
    Action.RETURN_BY_ADMINISTRATION: ReturnedBy.ADMINISTRATION,
}

_TARGETS = {(line.source, line.action): line.target for line in TRANSITIONS}
_WHO = {line.action: line.role for line in TRANSITIONS}


def target(state: State | None, action: Action, role: Role) -> State:
    """The state that `action` leads to from `state` (None: no order yet).

    Raises NotAllowed when the action is not this role's, Changed when it is not open in this state.
    """
    if _WHO[action] is not role:
        raise NotAllowed(T("This step is not yours to take."))
    if (state, action) not in _TARGETS:
        raise Changed()
    return _TARGETS[state, action]


def actions_for(state: State | None, role: Role) -> tuple[Action, ...]:
    """What `role` may do with an order in `state`, in the table's order."""
    return tuple(t.action for t in TRANSITIONS if t.source is state and t.role is role)


# The closed list of reasons for a return that a reviewer or the administration chooses from.
REASONS: dict[str, Text] = {
    "wrong-filing-type": T("The filing type does not fit what is asked for"),
    "address-incomplete": T("The address does not reach down to the door number"),
    "leader-not-legal-representative": T(
        "The entity leader is not the legal representative and shows no authorisation"
    ),
    "site-name": T("The name of the website or app is not allowed"),
    "content-beyond-approval": T("The content goes beyond the pre-approval"),
    "domain-holder": T("The domain does not belong to the entity"),
    "domain-not-verified": T("The domain's holder is not verified, or its suffix may not be filed"),
    "leaders-inconsistent": T("The particulars of the leaders contradict each other"),
    "phone": T("A phone cannot be reached, or another entity uses the same number"),
    "document-unclear": T("A document is hard to read"),
    "document-expired": T("A document has run out"),
    "document-not-original": T("A document is not taken from the original"),
    "address-differs": T("The address differs from that on the certificate"),
    "site-open-early": T(
        "The website is open before it is filed, or does not show its ICP number at the foot"
    ),
    "access-data-differ": T("The access data differ from those of the original provider"),
    "portrait": T("The portrait cannot be used"),
    "other": T("Another reason, given in the note"),
}

# Reasons that only the system sets: nobody can choose them.
SYSTEM_REASONS: dict[str, Text] = {
    "expired": T("Not everyone verified within the time allowed"),
    "tries-used-up": T("Too many failed entries: the verification failed"),
    "refused": T("The ministry did not take the order"),
}


def reason_label(code: str) -> Text:
    """The words for a reason code, whoever sets it. Raises KeyError for an unknown code."""
    return REASONS[code] if code in REASONS else SYSTEM_REASONS[code]
