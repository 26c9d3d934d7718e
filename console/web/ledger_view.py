"""The hand-over ledger in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.queries.ledger import AttemptRow, DeliveryRow, Ledger
from console.queries.overlooked import STUCK
from console.rules.text import T, Text

KINDS: Mapping[str, Text] = {
    "submit": T("Order handed to the ministry"),
    "withdraw": T("Withdrawal asked of the ministry"),
    "change-mobile": T("Mobile number corrected at the ministry"),
    "mail": T("E-mail"),
}
OUTCOMES: Mapping[str, Text] = {
    "done": T("taken"),
    "already-done": T("was there already"),
    "gave-up": T("not taken"),
    "try-later": T("no answer"),
    "error": T("failed on our side"),
    "withdrawn": T("no longer needed: withdrawn"),
    "too-late": T("no longer needed"),
    "refused": T("refused"),
    "logged": T("written into the log"),
    "sent": T("sent"),
    "kept": T("in the outbox, since no mail server is set"),
}
SETTLED, HELD, SENDING, WAITING, LATE = "settled", "held", "sending", "waiting", "late"
STATES: Mapping[str, Text] = {
    SETTLED: T("settled"),
    HELD: T("stopped by hand"),
    SENDING: T("being sent"),
    WAITING: T("waits for the next try"),
    LATE: T("stuck for more than an hour"),
}


@dataclass(frozen=True)
class LedgerLine:
    """One delivery with its attempts, newest first."""

    row: DeliveryRow
    kind: Text | str
    state: str
    state_label: Text
    outcome: Text | str
    attempts: Sequence[tuple[AttemptRow, Text | str]]

    @property
    def is_open(self) -> bool:
        """Whether it can still be sent or stopped."""
        return self.row.done_at is None


def ledger_lines(found: Ledger, now: datetime) -> list[LedgerLine]:
    """Deliveries in words."""
    rows, attempts = found
    return [_line(row, attempts[row.id], now) for row in rows]


def _line(row: DeliveryRow, attempts: Sequence[AttemptRow], now: datetime) -> LedgerLine:
    state = _state(row, now)
    return LedgerLine(
        row=row,
        kind=KINDS.get(row.kind, row.kind),
        state=state,
        state_label=STATES[state],
        outcome=OUTCOMES.get(row.outcome or "", row.outcome or ""),
        attempts=[(one, OUTCOMES.get(one.outcome, one.outcome)) for one in attempts],
    )


def _state(row: DeliveryRow, now: datetime) -> str:
    if row.done_at is not None:
        return SETTLED
    if row.held_at is not None:
        return HELD
    if row.created_at <= now - STUCK:
        return LATE
    if row.leased_until is not None and row.leased_until > now:
        return SENDING
    return WAITING
