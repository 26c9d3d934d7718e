"""What people are told of, by which channel unless they choose, and what cannot be switched off.

A table: the worker tells by it, the page where a person chooses is drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from console.rules.lifecycle import Action, Role
from console.rules.text import T, Text


class Kind(StrEnum):
    """A happening that an account is told of."""

    SUBMITTED = "submitted"
    TO_REVIEW = "to-review"
    REVIEW_BEGUN = "review-begun"
    RETURNED = "returned"
    APPROVED = "approved"
    FORWARDED = "forwarded"
    CODE_SENT = "code-sent"
    VERIFIED = "verified"
    ALL_VERIFIED = "all-verified"
    DEADLINE_NEAR = "deadline-near"
    EXPIRED = "expired"
    TRIES_USED_UP = "tries-used-up"
    ACCEPTED = "accepted"
    LAPSE_SOON = "lapse-soon"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    WRONG_PERSON = "wrong-person"
    WRONG_PERSON_REVIEW = "wrong-person-review"
    STUCK = "confirming-stuck"
    STUCK_REVIEW = "confirming-stuck-review"


class LeaderKind(StrEnum):
    """A mail to a leader, who has no account: about their own verification and nothing else."""

    CODE = "leader-code"
    REMINDER = "leader-reminder"
    BY_HAND = "leader-by-hand"


@dataclass(frozen=True)
class Offer:
    """One line of a person's choices: what is on unless they choose otherwise.

    `always`: in the console it cannot be switched off, since someone loses the order without it.
    """

    kind: Kind
    label: Text
    role: Role = Role.APPLICANT
    console: bool = True
    mail: bool = True
    always: bool = False


OFFERS: tuple[Offer, ...] = (
    Offer(Kind.TO_REVIEW, T("An order waits for first review"), Role.REVIEWER, mail=False),
    Offer(
        Kind.WRONG_PERSON_REVIEW,
        T("A leader of an order you review says that the link or number is wrong"),
        Role.REVIEWER,
        mail=False,
    ),
    Offer(
        Kind.STUCK_REVIEW,
        T("Five entries of a leader of an order you review did not match it"),
        Role.REVIEWER,
        mail=False,
    ),
    Offer(Kind.SUBMITTED, T("The order was submitted"), mail=False),
    Offer(Kind.REVIEW_BEGUN, T("The first review began"), mail=False),
    Offer(Kind.RETURNED, T("The order was returned"), always=True),
    Offer(Kind.APPROVED, T("The order passed first review")),
    Offer(Kind.FORWARDED, T("The order was handed to the ministry"), mail=False),
    Offer(Kind.CODE_SENT, T("A code was sent to a leader")),
    Offer(Kind.VERIFIED, T("A leader verified"), mail=False),
    Offer(Kind.ALL_VERIFIED, T("Everyone has verified")),
    Offer(Kind.WRONG_PERSON, T("A leader says that the link or number is wrong"), always=True),
    Offer(Kind.STUCK, T("Five entries of a leader did not match the order"), always=True),
    Offer(Kind.DEADLINE_NEAR, T("Four hours are left and someone has not verified"), always=True),
    Offer(Kind.EXPIRED, T("The time to verify ran out"), always=True),
    Offer(Kind.TRIES_USED_UP, T("A leader used up the tries"), always=True),
    Offer(Kind.ACCEPTED, T("The filing was accepted")),
    Offer(Kind.LAPSE_SOON, T("The order lapses in 7 days"), always=True),
    Offer(Kind.LAPSED, T("The order lapsed"), always=True),
    Offer(Kind.CANCELLED, T("The order was cancelled"), always=True),
)
OFFER: dict[Kind, Offer] = {offer.kind: offer for offer in OFFERS}

# What the trail notes, and what is told of it. What is not here is told to nobody.
TOLD: dict[str, tuple[Kind, ...]] = {
    Action.SUBMIT: (Kind.SUBMITTED, Kind.TO_REVIEW),
    Action.RESUBMIT: (Kind.SUBMITTED, Kind.TO_REVIEW),
    Action.RESUBMIT_UNMODIFIED: (Kind.SUBMITTED,),
    "claim": (Kind.REVIEW_BEGUN,),
    Action.APPROVE: (Kind.APPROVED,),
    Action.RETURN: (Kind.RETURNED,),
    Action.REFUSE: (Kind.RETURNED,),
    Action.RETURN_BY_ADMINISTRATION: (Kind.RETURNED,),
    Action.HAND_OVER: (Kind.FORWARDED,),
    Action.HAND_OVER_UNVERIFIED: (Kind.FORWARDED,),
    "code-sent": (Kind.CODE_SENT,),
    "verified": (Kind.VERIFIED,),
    "leader-wrong-person": (Kind.WRONG_PERSON, Kind.WRONG_PERSON_REVIEW),
    "leader-stuck": (Kind.STUCK, Kind.STUCK_REVIEW),
    Action.ALL_VERIFIED: (Kind.ALL_VERIFIED,),
    Action.EXPIRE: (Kind.EXPIRED,),
    Action.USE_UP_TRIES: (Kind.TRIES_USED_UP,),
    Action.ACCEPT: (Kind.ACCEPTED,),
    Action.LAPSE: (Kind.LAPSED,),
    Action.CANCEL: (Kind.CANCELLED,),
    Action.DISCARD: (Kind.CANCELLED,),
}
# Each begins a round.
HANDED_IN = (Action.SUBMIT.value, Action.RESUBMIT.value, Action.RESUBMIT_UNMODIFIED.value)

# Hours left at which whoever has not verified is reminded, the most urgent first (DOMAIN, "What
# users of such systems ask for").
THRESHOLDS = (1, 4, 12)
APPLICANT_FROM = 4  # from here on the applicant is told besides
LAPSE_SOON = timedelta(days=7)
BY_HAND_EVERY = timedelta(hours=1)


def offers_for(roles: set[str]) -> tuple[Offer, ...]:
    """What a person with these roles can choose from."""
    return tuple(offer for offer in OFFERS if offer.role.value in roles)
