"""What each piece of the ministry's news does to our own copy of the order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from console.extensions import db
from console.miit.gateway import EventKind
from console.models import MinistryNews, Order, VerifierRow
from console.rules.lifecycle import Action, State
from console.services.actors import MINISTRY
from console.services.books import book_named
from console.services.moves import move, record
from console.services.registering import apply_acceptance


def takes(kind: EventKind, state: State) -> bool:
    """Whether news of this kind means something to an order in this state."""
    deciding = kind in (EventKind.ACCEPTED, EventKind.RETURNED)
    return state is (State.ADMINISTRATION_REVIEW if deciding else State.VERIFYING)


def take(order: Order, news: MinistryNews) -> None:
    """Apply one piece of news, inside the caller's transaction."""
    HANDLERS[EventKind(news.kind)](order, news)


def expire(orders: Sequence[Order], at: Mapping[int, datetime]) -> None:
    """Return orders whose window passed, each at the moment it fell due."""
    reasons = {"reasons": ["expired"]}
    move(orders, Action.EXPIRE, MINISTRY, at, reasons, reasons)


def _verifier(order: Order, news: MinistryNews) -> VerifierRow:
    return db.session.scalars(
        select(VerifierRow).where(
            VerifierRow.order_id == order.id,
            VerifierRow.round == order.round,
            VerifierRow.key == news.verifier,
        )
    ).one()


def _note(order: Order, news: MinistryNews, **data: object) -> None:
    order.revision += 1
    told = {"verifier": news.verifier, **data}
    record([order.id], news.kind, MINISTRY, {order.id: news.at}, data=told)


def _code_sent(order: Order, news: MinistryNews) -> None:
    row = _verifier(order, news)
    row.code_sent_at, row.sender = news.at, news.data["sender"]
    if mobile := news.data.get("mobile"):
        row.mobile = mobile
    order.deadline = datetime.fromisoformat(news.data["deadline"])
    _note(order, news)


def _code_resent(order: Order, news: MinistryNews) -> None:
    row = _verifier(order, news)
    row.code_sent_at, row.sender = news.at, news.data["sender"]
    row.resends_used = news.data["resends_used"]
    _note(order, news, resends_used=row.resends_used, automatic=news.data["automatic"])


def _entry_failed(order: Order, news: MinistryNews) -> None:
    row = _verifier(order, news)
    row.tries_used = news.data["tries_used"]
    if news.data.get("reset"):
        # The same person verified another order: a success resets the count, nothing failed here.
        order.revision += 1
    else:
        _note(order, news, tries_used=row.tries_used)


def _verified(order: Order, news: MinistryNews) -> None:
    row = _verifier(order, news)
    row.verified_at = news.at
    row.tries_used = 0
    _note(order, news)


def _all_verified(order: Order, news: MinistryNews) -> None:
    move([order], Action.ALL_VERIFIED, MINISTRY, news.at)


def _expired(order: Order, news: MinistryNews) -> None:
    expire([order], {order.id: datetime.fromisoformat(news.data["fell_due"])})


def _tries_used_up(order: Order, news: MinistryNews) -> None:
    row = _verifier(order, news)
    row.failed_at = news.at
    book = book_named(order.rulebook)
    assert book is not None, "who must verify is in the book"
    row.tries_used = book.tries
    hours = book.cancel_after_tries_hours
    values = {
        "reasons": ["tries-used-up"],
        "cancel_at": news.at + timedelta(hours=hours) if hours else None,
    }
    move([order], Action.USE_UP_TRIES, MINISTRY, news.at, values, {"reasons": ["tries-used-up"]})


def _accepted(order: Order, news: MinistryNews) -> None:
    numbers = apply_acceptance(order, news.at, news.data)
    move([order], Action.ACCEPT, MINISTRY, news.at, {"icp_numbers": numbers})


def _returned(order: Order, news: MinistryNews) -> None:
    reasons = list(news.data["reasons"])
    values = {"reasons": reasons, "return_note": news.data.get("note") or None}
    move([order], Action.RETURN_BY_ADMINISTRATION, MINISTRY, news.at, values, {"reasons": reasons})


HANDLERS: dict[EventKind, Callable[[Order, MinistryNews], None]] = {
    EventKind.CODE_SENT: _code_sent,
    EventKind.CODE_RESENT: _code_resent,
    EventKind.ENTRY_FAILED: _entry_failed,
    EventKind.VERIFIED: _verified,
    EventKind.ALL_VERIFIED: _all_verified,
    EventKind.EXPIRED: _expired,
    EventKind.TRIES_USED_UP: _tries_used_up,
    EventKind.ACCEPTED: _accepted,
    EventKind.RETURNED: _returned,
}
