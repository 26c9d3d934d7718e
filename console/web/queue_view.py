"""What the queue's page and its live part show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console import clock
from console.queries import review
from console.queries.overlooked import MOST_COUNTED, overlooked
from console.queries.review import Chosen, QueuePage, QueueRow
from console.queries.waiting import Missing, waiting
from console.rules.labels import FILING_TYPES, STATES
from console.rules.lifecycle import State
from console.rules.masking import mask_email
from console.rules.provinces import PROVINCES
from console.rules.text import Text
from console.services.review import CLAIM_LASTS
from console.web.history_view import person
from console.web.queue_args import Place, query_string


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

    row: QueueRow
    type_label: Text
    state_label: Text
    province: object
    claim: str
    claimed_by: str
    own: bool
    came_back: bool
    decided_by_me: bool
    missing: tuple[tuple[str, Text, bool], ...]
    overdue: bool

    @property
    def may_choose(self) -> bool:
        """Whether the reviewer may take it into a choice of several."""
        return self.row.state == State.IN_REVIEW and not self.own and self.claim != "other"


@dataclass(frozen=True)
class QueueView:
    """All that `review/_queue.html` draws. `version` changes with anything it shows."""

    lines: Sequence[QueueLine]
    tabs: Sequence[Tab]
    hand: Sequence[QueueLine]
    back: Sequence[QueueLine]
    risk: Sequence[QueueLine]
    at_risk: str
    stuck: str
    older: str | None
    newer: str | None
    query: str
    version: str


def queue_view(which: Chosen, here: Place, account_id: int) -> QueueView:
    """One page of the queue, and above it what must not be overlooked."""
    now = clock.now()
    page = review.queue(which, here.after, here.before)
    top = overlooked(account_id, now)
    lines = queue_lines([*page.rows, *top.hand, *top.back, *top.risk], account_id, now)
    by_id = {line.row.id: line for line in lines}
    return QueueView(
        lines=[by_id[row.id] for row in page.rows],
        tabs=tabs(top.counts, which.state),
        hand=[by_id[r.id] for r in top.hand if by_id[r.id].claim == "mine"],
        back=[by_id[r.id] for r in top.back if not by_id[r.id].claim],
        risk=[by_id[row.id] for row in top.risk],
        at_risk=_at_most(top.counts, "at-risk"),
        stuck=_at_most(top.counts, "stuck"),
        older=_turn(which, Place(after=page.older)) if page.older else None,
        newer=_turn(which, Place(before=page.newer)) if page.newer else None,
        query=query_string(which, here),
        version=_version(page, top.counts, lines),
    )


def _turn(which: Chosen, there: Place) -> str:
    return query_string(which, there)


def _version(page: QueuePage, counts: Mapping[str, int], lines: Sequence[QueueLine]) -> str:
    """Everything that is drawn from; it costs no more than the rows themselves."""
    seen = (page.older, page.newer, sorted(counts.items()), lines)
    return hashlib.sha256(repr(seen).encode("utf-8")).hexdigest()[:20]


def tabs(counts: Mapping[str, int], here: State | None) -> list[Tab]:
    """The queue's tabs in the order of the road."""
    return [
        Tab(state.value, STATES[state], _at_most(counts, state.value) or "0", state is here)
        for state in review.QUEUES
    ]


def _at_most(counts: Mapping[str, int], name: str) -> str:
    """The count as it is shown; empty for none."""
    count = counts.get(name, 0)
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")


def queue_lines(rows: Iterable[QueueRow], account_id: int, now: datetime) -> list[QueueLine]:
    """The rows, each once, with their words and who has claimed them."""
    unique = list({row.id: row for row in rows}.values())
    standing = {row.id: _standing(row, now) for row in unique}
    missing, names = waiting(
        [row.id for row in unique if row.state == State.VERIFYING],
        {one for one in standing.values() if one},
    )
    return [
        QueueLine(
            row=row,
            type_label=FILING_TYPES[row.type],
            state_label=STATES[row.state],
            province=PROVINCES[row.province].name if row.province in PROVINCES else "",
            claim=claim_word(standing[row.id], account_id),
            claimed_by=mask_email(names.get(standing[row.id] or 0, "")),
            own=row.applicant_id == account_id,
            came_back=row.round > 1,
            decided_by_me=row.reviewer_id == account_id,
            missing=_missing(missing.get(row.id, ())),
            overdue=row.deadline is not None and row.deadline <= now,
        )
        for row in unique
    ]


def _missing(people: Sequence[Missing]) -> tuple[tuple[str, Text, bool], ...]:
    return tuple((one.key, person(one.key), one.code_sent_at is not None) for one in people)


def _standing(row: QueueRow, now: datetime) -> int | None:
    if row.claimed_at is None or row.claimed_at + CLAIM_LASTS <= now:
        return None
    return row.claimed_by_id


def claim_word(holder_id: int | None, account_id: int) -> str:
    """Empty, "mine" or "other"."""
    if holder_id is None:
        return ""
    return "mine" if holder_id == account_id else "other"
