"""What the reviewers' pages show besides the filing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console import clock
from console.models import Event, Order
from console.queries import desk, review
from console.rules.bilingual import Bilingual
from console.rules.checks import Finding
from console.rules.filing import Filing
from console.rules.labels import FILING_TYPES, STATES
from console.rules.lifecycle import Action, Role, State, actions_for
from console.rules.masking import mask_email
from console.rules.return_points import PAPERS
from console.rules.text import T, Text
from console.services.books import book_on
from console.services.contents import filing_of
from console.services.findings import findings_for_desk
from console.services.review import CLAIM_LASTS, holder
from console.web.change_view import ended, registered, told_as
from console.web.changes_view import Change, changes
from console.web.confirming_view import ConfirmingLine, confirming_lines
from console.web.expected import Expected, expected
from console.web.field_words import where
from console.web.filing_view import Section, sections
from console.web.history_view import Line, lines
from console.web.ledger_view import LedgerLine, ledger_of_order
from console.web.materials_view import Paper, material_view
from console.web.queue_view import claim_word
from console.web.returns_view import Returned, returns

# After one of these there is something in the ledger.
TELLS_OUTSIDE = {Action.APPROVE.value, Action.RESUBMIT_UNMODIFIED.value, Action.RETURN.value}


@dataclass(frozen=True)
class NoteLine:
    """A note for colleagues."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class ReviewView:
    """All that `review/page.html` draws."""

    order: Order
    filing: Filing
    state_label: Text
    type_label: Text
    sections: list[Section]
    findings: list[Finding]
    materials: list[Paper]
    expected: Expected
    history: list[Line]
    returns: list[Returned]
    changes: list[Change]
    notes: list[NoteLine]
    deliveries: list[LedgerLine]
    colleagues: list[tuple[int, str]]
    claim: str
    claimed_by: str
    claimed_until: datetime | None
    own: bool
    may_decide: bool
    full: bool
    compared: bool
    confirming: tuple[ConfirmingLine, ...]

    @staticmethod
    def where(field: str) -> tuple[Text, Text | Bilingual | str]:
        """The part and the answer that a finding is about."""
        return where(field)


def review_view(order: Order, account_id: int, full: bool = False) -> ReviewView:
    """The filing as it was handed in last, what the checks say, and what happened before."""
    now = clock.now()
    day = clock.china_day(now)
    state = State(order.state)
    past = desk.rounds_of(order)
    filing = past.get(order.round) or filing_of(order)
    before = past.get(order.round - 1) or registered(order, filing)
    handed = told_as(order, filing, state)
    events, names = desk.history_with_names(order)
    holding = holder(order, now)
    masked = {key: mask_email(name) for key, name in names.items()}
    own = order.applicant_id == account_id
    claim = claim_word(holding, account_id)
    papers = material_view(order, filing, handed_in=True)
    may_decide = bool(actions_for(state, Role.REVIEWER)) and not own
    return ReviewView(
        order=order,
        filing=filing,
        state_label=STATES[state],
        type_label=FILING_TYPES[order.type],
        sections=sections(filing, before, full),
        findings=findings_for_desk(order, filing),
        materials=papers,
        expected=expected(handed, book_on(day), day) if handed else ended(book_on(day)),
        history=lines(events, masked),
        returns=returns(events, past, filing, _papers_by_round(papers), masked),
        changes=changes(before, filing, full) if before else [],
        notes=[
            NoteLine(note.at, mask_email(note.email), note.text) for note in desk.notes_of(order)
        ],
        deliveries=ledger_of_order(order, now) if _told_outside(events) else [],
        colleagues=_colleagues(account_id, order) if claim == "mine" and may_decide else [],
        claim=claim,
        claimed_by=masked.get(holding or 0) or _name(holding),
        claimed_until=order.claimed_at + CLAIM_LASTS if order.claimed_at and claim else None,
        own=own,
        may_decide=may_decide,
        full=full,
        compared=before is not None,
        confirming=confirming_lines(order),
    )


def _told_outside(events: Sequence[Event]) -> bool:
    """Whether there can be anything in the ledger: spares the question while there is not."""
    return any(event.action in TELLS_OUTSIDE for event in events)


def _name(account_id: int | None) -> str:
    """A holder whom the history does not show: they were handed the order by a colleague."""
    return mask_email(review.account_names([account_id]).get(account_id or 0, ""))


def _colleagues(account_id: int, order: Order) -> list[tuple[int, str]]:
    return [(key, mask_email(email)) for key, email in desk.colleagues_of(account_id, order)]


def _papers_by_round(papers: Sequence[Paper]) -> dict[str, int]:
    """The round since which each paper is there, by the point it is for a return."""
    found = {}
    for paper in papers:
        place = "" if paper.service is None else f":{paper.service}"
        rounds = [file.material.round_first for file in paper.files]
        found[f"{PAPERS}-{paper.kind.code}{place}"] = max(rounds, default=0)
    return found


def decided(action: str, number: str) -> Text:
    """What to tell the reviewer who has just decided."""
    if action == "approve":
        return T(
            "Order %(number)s has passed first review and goes to the ministry.", number=number
        )
    if action == "hand-on":
        return T("Order %(number)s is in your colleague's hands.", number=number)
    return T("Order %(number)s went back to the applicant.", number=number)
