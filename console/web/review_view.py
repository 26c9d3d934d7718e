"""What the reviewers' pages show besides the filing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console import clock
from console.models import Order
from console.queries import desk
from console.queries.orders import EventLine
from console.rules.bilingual import Bilingual
from console.rules.checks import Finding
from console.rules.filing import Filing
from console.rules.labels import FILING_TYPES, STATES
from console.rules.lifecycle import Action, Role, State, actions_for
from console.rules.masking import mask_email
from console.rules.return_points import PAPERS
from console.rules.text import T, Text
from console.services.books import book_on
from console.services.confirming import people_to_confirm
from console.services.contents import filing_of
from console.services.findings import findings_for_desk
from console.services.review import CLAIM_LASTS, holder
from console.web.change_view import beside, ended
from console.web.changes_view import Change, changes
from console.web.confirming_view import ConfirmingLine, confirming_lines
from console.web.expected import Expected, expected
from console.web.field_words import where
from console.web.filing_view import Section, sections
from console.web.history_view import Line, lines
from console.web.ledger_view import LedgerLine, ledger_lines
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
    own = order.applicant_id == account_id
    may_decide = bool(actions_for(state, Role.REVIEWER)) and not own
    holding = holder(order, now)
    claim = claim_word(holding, account_id)
    case = desk.case_of(order, account_id, handing_on=claim == "mine" and may_decide)
    filing = case.past.get(order.round) or filing_of(order)
    register = beside(order, filing)
    before = case.past.get(order.round - 1) or register.registered
    masked = {key: mask_email(name) for key, name in case.names.items()}
    there = [paper for paper in case.papers if paper.round_first <= order.round]
    papers = material_view(order, filing, register.handed, there)
    uploaded = {paper.slot for paper in case.papers}
    return ReviewView(
        order=order,
        filing=filing,
        state_label=STATES[state],
        type_label=FILING_TYPES[order.type],
        sections=sections(filing, before, full),
        findings=findings_for_desk(order, filing, register.handed, uploaded),
        materials=papers,
        expected=ended(book_on(day))
        if register.over
        else expected(register.handed, book_on(day), day),
        history=lines(case.events, masked),
        returns=returns(case.events, case.past, filing, _papers_by_round(papers), masked),
        changes=changes(before, filing, full) if before else [],
        notes=[NoteLine(note.at, masked.get(note.author_id, ""), note.text) for note in case.notes],
        deliveries=ledger_lines(case.ledger, now) if _told_outside(case.events) else [],
        colleagues=[(key, mask_email(email)) for key, email in case.colleagues],
        claim=claim,
        claimed_by=masked.get(holding or 0, ""),
        claimed_until=order.claimed_at + CLAIM_LASTS if order.claimed_at and claim else None,
        own=own,
        may_decide=may_decide,
        full=full,
        compared=before is not None,
        confirming=confirming_lines(people_to_confirm(order, register.handed), case.words),
    )


def _told_outside(events: Sequence[EventLine]) -> bool:
    """Whether there can be anything in the ledger: spares the question while there is not."""
    return any(event.action in TELLS_OUTSIDE for event in events)


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
