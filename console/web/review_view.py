"""What the reviewers' pages show besides the filing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from console import clock
from console.models import Event, Order
from console.queries import orders, review
from console.rules.bilingual import Bilingual
from console.rules.checks import Finding, check_filing
from console.rules.filing import Filing
from console.rules.labels import FILING_TYPES, STATES
from console.rules.lifecycle import REASONS, Role, State, actions_for
from console.rules.masking import mask_email
from console.rules.provinces import PROVINCES
from console.rules.text import T, Text
from console.services.books import book_on
from console.services.contents import filing_of, round_of
from console.services.review import CLAIM_LASTS, holder
from console.web.expected import Expected, expected
from console.web.field_words import where
from console.web.filing_view import Section, sections
from console.web.history_view import Line, lines
from console.web.materials_view import Paper, material_view


@dataclass(frozen=True)
class Tab:
    """One of the queue's tabs; `count` is what to show, "99+" where it is more."""

    state: str
    label: Text
    count: str
    here: bool


@dataclass(frozen=True)
class QueueLine:
    """One order of the queue. `claim` is empty, "mine" or "other"."""

    row: review.QueueRow
    type_label: Text
    state_label: Text
    province: object
    claim: str
    claimed_by: str
    own: bool


@dataclass(frozen=True)
class ReviewView:
    """All that `review/page.html` draws."""

    order: Order
    state_label: Text
    type_label: Text
    sections: list[Section]
    findings: list[Finding]
    materials: list[Paper]
    expected: Expected
    history: list[Line]
    returns: list[Line]
    reasons: Mapping[str, Text]
    claim: str
    claimed_by: str
    claimed_until: datetime | None
    own: bool
    may_decide: bool
    full: bool
    compared: bool

    @staticmethod
    def where(field: str) -> tuple[Text, Text | Bilingual | str]:
        """The part and the answer that a finding is about."""
        return where(field)


def tabs(counts: Mapping[str, int], here: State | None) -> list[Tab]:
    """The queue's tabs in the order of the road."""
    most = review.MOST_COUNTED
    return [
        Tab(
            state.value,
            STATES[state],
            f"{most - 1}+"
            if counts.get(state.value, 0) >= most
            else str(counts.get(state.value, 0)),
            state is here,
        )
        for state in review.QUEUES
    ]


def queue_lines(rows: Sequence[review.QueueRow], account_id: int) -> list[QueueLine]:
    """The rows with their words and who has claimed them."""
    now = clock.now()
    standing = {row.id: _standing(row, now) for row in rows}
    names = review.account_names(standing.values())
    return [
        QueueLine(
            row=row,
            type_label=FILING_TYPES[row.type],
            state_label=STATES[row.state],
            province=PROVINCES[row.province].name if row.province in PROVINCES else "",
            claim=_claim(standing[row.id], account_id),
            claimed_by=mask_email(names.get(standing[row.id] or 0, "")),
            own=row.applicant_id == account_id,
        )
        for row in rows
    ]


def _standing(row: review.QueueRow, now: datetime) -> int | None:
    if row.claimed_at is None or row.claimed_at + CLAIM_LASTS <= now:
        return None
    return row.claimed_by_id


def _claim(holder_id: int | None, account_id: int) -> str:
    if holder_id is None:
        return ""
    return "mine" if holder_id == account_id else "other"


def review_view(order: Order, account_id: int, full: bool = False) -> ReviewView:
    """The filing as it was handed in last, what the checks say, and what happened before."""
    now = clock.now()
    day = clock.china_day(now)
    state = State(order.state)
    filing = round_of(order, order.round) or filing_of(order)
    before = round_of(order, order.round - 1) if order.round > 1 else None
    events = orders.history_of(order)
    holding = holder(order, now)
    names = review.account_names([holding, *(e.actor_id for e in events if _by_staff(e))])
    masked = {key: mask_email(name) for key, name in names.items()}
    history = lines(events, masked)
    own = order.applicant_id == account_id
    claim = _claim(holding, account_id)
    return ReviewView(
        order=order,
        state_label=STATES[state],
        type_label=FILING_TYPES[order.type],
        sections=sections(filing, before, full),
        findings=_findings(filing, day),
        materials=material_view(order, filing, handed_in=True),
        expected=expected(filing, book_on(day), day),
        history=history,
        returns=[line for line in history if line.reasons],
        reasons=REASONS,
        claim=claim,
        claimed_by=masked.get(holding or 0, ""),
        claimed_until=order.claimed_at + CLAIM_LASTS if order.claimed_at and claim else None,
        own=own,
        may_decide=bool(actions_for(state, Role.REVIEWER)) and not own,
        full=full,
        compared=before is not None,
    )


def _by_staff(event: Event) -> bool:
    return event.actor == Role.REVIEWER


def _findings(filing: Filing, day: date) -> list[Finding]:
    """What the automatic checks say today, refusals first."""
    found = check_filing(filing, day, book_on(day))
    return sorted(found, key=lambda finding: finding.severity != "refuse")


def decided(action: str, number: str) -> Text:
    """What to tell the reviewer who has just decided."""
    if action == "approve":
        return T(
            "Order %(number)s has passed first review and goes to the ministry.", number=number
        )
    return T("Order %(number)s went back to the applicant.", number=number)
