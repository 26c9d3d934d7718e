"""Why an order came back, and by when to act on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from console import clock
from console.models import Order
from console.queries.orders import OrderRow
from console.rules.labels import RETURNED_BY
from console.rules.lifecycle import REASONS, SYSTEM_REASONS, State, reason_label
from console.rules.return_points import PAPERS, split
from console.rules.sections import sections_of
from console.rules.text import T, Text
from console.rules.workdays import ADMINISTRATION_DAYS, FIRST_REVIEW_DAYS, after_workdays
from console.web.field_words import where
from console.web.filters import say


@dataclass(frozen=True)
class Place:
    """What a return points at, in words, and where its applicant corrects it."""

    label: str
    url: str


@dataclass(frozen=True)
class ReturnView:
    """By whom, why, and what was written besides."""

    by: Text
    reasons: tuple[tuple[str, Text], ...]
    note: str
    places: Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True)
class ByWhen:
    """When the next thing is due. `moment` ticks on the page; `day` is a day in China."""

    label: Text
    moment: datetime | None = None
    day: date | None = None
    urgent: bool = False


def why_returned(order: Order) -> ReturnView | None:
    """Why a returned order came back; None when it has not."""
    if State(order.state) is not State.RETURNED or order.returned_by is None:
        return None
    return ReturnView(
        by=RETURNED_BY[order.returned_by],
        reasons=reason_labels(order.reasons),
        note=order.return_note or "",
        places=_places(order),
    )


def _places(order: Order) -> dict[str, tuple[Place, ...]]:
    """What the reviewer pointed at, by reason."""
    return {
        one["reason"]: tuple(
            Place(place(key), _url(order, key)) for key in (*one["fields"], *one["materials"])
        )
        for one in order.return_details
    }


def _url(order: Order, point: str) -> str:
    field, service = split(point)
    part = field.partition("-")[0]
    if part == PAPERS:
        step = f"materials#{point.replace(':', '-')}"
    elif "entity" not in sections_of(order.type).steps:
        step = "check"
    elif service is None:
        step = f"entity#{field}"
    else:
        step = f"services/{service}#{field}"
    return f"/orders/{order.number}/edit/{step}"


def place(point: str) -> str:
    """An answer or a paper in words, as a return points at it."""
    field, service = split(point)
    part, label = where(field)
    return f"{say(part)}{f' {service}' if service else ''} – {say(label)}"


def reason_labels(codes: Sequence[str]) -> tuple[tuple[str, Text], ...]:
    """Codes with their words; codes that are no longer known are left out."""
    return tuple((c, reason_label(c)) for c in codes if c in REASONS or c in SYSTEM_REASONS)


def by_when(order: Order | OrderRow, has_rows: bool) -> ByWhen | None:
    """The moment or day that the order's present turn ends, as far as anyone can say."""
    state = State(order.state)
    if state is State.VERIFYING:
        return _verifying(order, has_rows)
    if state is State.RETURNED and order.cancel_at is not None:
        return ByWhen(T("Cancelled by itself unless submitted again"), order.cancel_at, urgent=True)
    if state in (State.DRAFT, State.RETURNED) and order.due_at is not None:
        return ByWhen(T("Lapses unless something is done"), day=clock.china_day(order.due_at))
    if state is State.IN_REVIEW:
        return _expected(order, FIRST_REVIEW_DAYS, T("Answer expected by, at most 3 working days"))
    if state is State.ADMINISTRATION_REVIEW:
        label = T("Answer due by law, within 20 working days")
        return _expected(order, ADMINISTRATION_DAYS, label)
    return None


def _verifying(order: Order | OrderRow, has_rows: bool) -> ByWhen | None:
    if order.deadline is not None:
        return ByWhen(T("Everyone must have verified by"), order.deadline, urgent=True)
    return ByWhen(T("The time to verify starts when the first code is sent")) if has_rows else None


def _expected(order: Order | OrderRow, days: int, label: Text) -> ByWhen:
    expected = after_workdays(clock.china_day(order.state_since), days)
    if expected.provisional:
        label = T("%(label)s (provisional: the holidays are not announced yet)", label=label)
    return ByWhen(label, day=expected.day)
