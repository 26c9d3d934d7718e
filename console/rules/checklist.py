"""The checklist of an order: who must verify, how far each is, whose turn it is, by when.

One list for the page, the guard and the status link: it is made here and only drawn elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.rules.bilingual import Bilingual
from console.rules.book import Rulebook
from console.rules.labels import TURNS, VERIFIER_ROLES
from console.rules.lifecycle import ReturnedBy, State
from console.rules.text import T, Text


class VerifierState(StrEnum):
    """How far one person is."""

    WAITING_FOR_CODE = "waiting-for-code"
    WAITING = "waiting"
    VERIFIED = "verified"
    FAILED = "failed"
    EXPIRED = "expired"


PENDING = (VerifierState.WAITING_FOR_CODE, VerifierState.WAITING)

# While an order is in one of these, its checklist can change by itself.
LIVE = (State.APPROVED, State.VERIFYING)


@dataclass(frozen=True)
class VerifierFacts:
    """What the ministry has told about one person."""

    key: str
    roles: tuple[str, ...]
    mobile_masked: str = ""
    certificate_type: str = ""
    sender: str | None = None
    code_sent_at: datetime | None = None
    tries_used: int = 0
    resends_used: int = 0
    verified_at: datetime | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One person on the checklist. `resends_left` None: the book sets no limit."""

    key: str
    roles: tuple[str, ...]
    state: VerifierState
    tries_left: int
    resends_left: int | None
    deadline: datetime | None
    mobile_masked: str
    certificate_type: str
    sender: str | None
    code_sent_at: datetime | None
    verified_at: datetime | None

    @property
    def role_label(self) -> Text:
        """The roles for which this person verifies, in words."""
        if len(self.roles) > 1:
            return T("Entity leader and website leader")
        return VERIFIER_ROLES[self.roles[0]]


@dataclass(frozen=True)
class Checklist:
    """`live`: something is pending, so the page should look again. `overdue`: time is up and the
    ministry's answer is awaited. `verified` of `total` people are done.
    """

    rows: tuple[Row, ...]
    deadline: datetime | None
    whose_turn: Text
    next_step: Text | Bilingual
    live: bool
    overdue: bool
    verified: int
    total: int

    @property
    def waiting(self) -> int:
        """How many people the order still waits for."""
        return sum(row.state in PENDING for row in self.rows)


def checklist(
    verifiers: Sequence[VerifierFacts],
    book: Rulebook | None,
    deadline: datetime | None,
    state: State,
    now: datetime,
    returned_by: str | None = None,
    reasons: Sequence[str] = (),
) -> Checklist:
    """The checklist at `now`. `book` None: the order was forwarded under no rulebook.

    Only the ministry moves an order out of `verifying`: past the deadline the unverified read
    `expired` while its answer is awaited.
    """
    overdue = state is State.VERIFYING and deadline is not None and now >= deadline
    rows = (
        tuple(_row(facts, book, deadline, _open(state, deadline, now)) for facts in verifiers)
        if book is not None
        else ()
    )
    return Checklist(
        rows=rows,
        deadline=deadline,
        whose_turn=_whose_turn(rows, state, overdue),
        next_step=_next_step(rows, book, state, returned_by, reasons),
        live=state in LIVE,
        overdue=overdue,
        verified=sum(row.state is VerifierState.VERIFIED for row in rows),
        total=len(rows),
    )


def _open(state: State, deadline: datetime | None, now: datetime) -> bool:
    """Whether anyone can still verify; once the order has come back, nobody can."""
    return state in LIVE and (deadline is None or now < deadline)


def _row(facts: VerifierFacts, book: Rulebook, deadline: datetime | None, is_open: bool) -> Row:
    limit = book.resends_manual
    return Row(
        key=facts.key,
        roles=facts.roles,
        state=_state(facts, is_open),
        tries_left=max(0, book.tries - facts.tries_used),
        resends_left=None if limit is None else max(0, limit - facts.resends_used),
        deadline=deadline,
        mobile_masked=facts.mobile_masked,
        certificate_type=facts.certificate_type,
        sender=facts.sender,
        code_sent_at=facts.code_sent_at,
        verified_at=facts.verified_at,
    )


def _state(facts: VerifierFacts, is_open: bool) -> VerifierState:
    if facts.verified_at is not None:
        return VerifierState.VERIFIED
    if facts.failed_at is not None:
        return VerifierState.FAILED
    if not is_open:
        return VerifierState.EXPIRED
    return VerifierState.WAITING_FOR_CODE if facts.code_sent_at is None else VerifierState.WAITING


def _whose_turn(rows: Sequence[Row], state: State, overdue: bool) -> Text:
    if state is not State.VERIFYING:
        return TURNS[state]
    if overdue:
        return T("Time is up. It is the ministry's turn: its answer is awaited.")
    if any(row.state is VerifierState.FAILED for row in rows):
        return T("A verification failed. It is the ministry's turn: its answer is awaited.")
    pending = [row for row in rows if row.state in PENDING]
    if not pending:
        return T("Everyone has verified. It is the ministry's turn to pass the order on.")
    if all(row.state is VerifierState.WAITING_FOR_CODE for row in pending):
        return T("It is the ministry's turn: the codes are on their way.")
    if len(pending) == 1:
        return T(
            "It is one person's turn to verify: %(role)s, %(mobile)s.",
            role=pending[0].role_label,
            mobile=pending[0].mobile_masked,
        )
    return T(
        "It is the leaders' turn: %(count)d people still have to verify.",
        count=len(pending),
    )


_NEXT: dict[State, Text] = {
    State.DRAFT: T("Fill in what is missing, look at the check page and submit."),
    State.IN_REVIEW: T("Wait for the first review; keep the leaders' phones switched on."),
    State.APPROVED: T("Wait until the ministry has the order; then the codes are sent."),
    State.ADMINISTRATION_REVIEW: T(
        "Wait for the administration's answer; nothing can be changed now."
    ),
    State.ACCEPTED: T("Show the ICP number at the foot of the website, linked to the ministry."),
    State.CANCELLED: T("Start a new order from this one if it is still needed."),
    State.LAPSED: T("Start a new order from this one if it is still needed."),
}


def _next_step(
    rows: Sequence[Row],
    book: Rulebook | None,
    state: State,
    returned_by: str | None,
    reasons: Sequence[str],
) -> Text | Bilingual:
    if state is State.RETURNED:
        return _after_return(book, returned_by, reasons)
    if state is not State.VERIFYING:
        return _NEXT[state]
    if not any(row.state in PENDING for row in rows):
        return T("Nothing to do: the page shows the answer as soon as it is here.")
    if any(row.state is VerifierState.WAITING for row in rows):
        return T(
            "Open the ministry's portal and enter the code, the mobile number and the last six"
            " characters of the certificate number, each person for themselves."
        )
    return T("Wait for the code. It is texted to each leader who must verify.")


def _after_return(
    book: Rulebook | None, returned_by: str | None, reasons: Sequence[str]
) -> Text | Bilingual:
    if book is not None and {"expired", "tries-used-up"} & set(reasons):
        return book.resubmission
    if "refused" in reasons:
        return T("See what stands in the ministry's way, settle that, then submit again.")
    if returned_by == ReturnedBy.ADMINISTRATION:
        return T("Correct what the administration names, then submit for first review again.")
    return T("Correct what the reviewer names, then submit again.")
