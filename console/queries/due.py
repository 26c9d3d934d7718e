"""What the worker has to do: one question for all of it, so that an idle worker asks little.

The conditions are those by which each job then takes its rows, or wider ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from console.extensions import db
from console.models import (
    AccountLetter,
    Delivery,
    Event,
    MinistryNews,
    NoticeCursor,
    Order,
    Seal,
    TallyCursor,
)
from console.models.orders import BEING_VERIFIED
from console.rules.lifecycle import State
from console.rules.notices import LAPSE_SOON, THRESHOLDS
from console.types import Moment, moment

Conditions = tuple[ColumnElement[bool], ...]

MAIL = "mail"  # the kind of what goes to people; all else goes to the ministry
FAR = timedelta(minutes=30)  # nothing is put off, or leased, for so long
LYING = (State.DRAFT.value, State.RETURNED.value)  # they lapse where nobody touches them


def free(mail: bool, now: Moment) -> Conditions:
    """Deliveries to people or to the ministry that are not done and that nobody sends just now."""
    return (
        Delivery.done_at.is_(None),
        Delivery.kind == MAIL if mail else Delivery.kind != MAIL,
        or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
    )


def deliveries(mail: bool, now: Moment) -> Conditions:
    """Those of them that are due and were not stopped by hand."""
    return *free(mail, now), Delivery.due_at <= now, Delivery.held_at.is_(None)


def letters(now: Moment) -> Conditions:
    """Mails about accounts that are due."""
    return AccountLetter.done_at.is_(None), AccountLetter.due_at <= now


def news(now: Moment) -> Conditions:
    """What the ministry told and was not applied yet."""
    return MinistryNews.applied_at.is_(None), MinistryNews.due_at <= now


def astray(far: Moment) -> tuple[Conditions, Conditions, Conditions]:
    """Deliveries, letters and news that wait longer than any of them is ever put off: the clock
    was set back since. News that cannot be applied were put off on purpose."""
    return (
        (Delivery.done_at.is_(None), Delivery.due_at > far),
        (AccountLetter.done_at.is_(None), AccountLetter.due_at > far),
        (
            MinistryNews.applied_at.is_(None),
            MinistryNews.result.is_(None),
            MinistryNews.due_at > far,
        ),
    )


def lapsing(state: State, now: Moment) -> Conditions:
    """Drafts or returned orders whose time is over."""
    return Order.state == state.value, Order.due_at <= now


def cancelling(now: Moment) -> Conditions:
    """Returned orders that the book cancels now."""
    return Order.state == State.RETURNED.value, Order.cancel_at <= now


def expiring(now: Moment, until: Moment) -> Conditions:
    """Orders whose verification ends in a span of time."""
    return BEING_VERIFIED, Order.deadline > now, Order.deadline <= until


def lying(now: Moment, until: Moment) -> Conditions:
    """Drafts and returned orders that lapse in a span of time."""
    return Order.state.in_(LYING), Order.due_at > now, Order.due_at <= until


def _behind(done: Any, there: Any) -> ColumnElement[bool]:
    """Whether what was done ends before what there is."""
    last, newest = (func.coalesce(select(func.max(c)).scalar_subquery(), 0) for c in (done, there))
    return last < newest


_NOW = moment("now")
_ASTRAY = zip(
    (Delivery.id, AccountLetter.id, MinistryNews.sequence), astray(moment("far")), strict=True
)
_QUESTIONS: dict[str, Any] = {
    "set right": or_(*(select(key).where(*where).exists() for key, where in _ASTRAY)),
    "send": select(Delivery.id).where(*deliveries(False, _NOW)).exists(),
    "mail": select(Delivery.id).where(*deliveries(True, _NOW)).exists(),
    "write": select(AccountLetter.id).where(*letters(_NOW)).exists(),
    "apply": select(MinistryNews.sequence).where(*news(_NOW)).exists(),
    "lapse drafts": select(Order.id).where(*lapsing(State.DRAFT, _NOW)).exists(),
    "lapse returned": select(Order.id).where(*lapsing(State.RETURNED, _NOW)).exists(),
    "cancel": select(Order.id).where(*cancelling(_NOW)).exists(),
    "remind": select(Order.id).where(*expiring(_NOW, moment("expiring"))).exists(),
    "warn": select(Order.id).where(*lying(_NOW, moment("lapsing"))).exists(),
    "tell": _behind(NoticeCursor.event_id, Event.id),
    "seal": _behind(Seal.last_event_id, Event.id),
    "tally": _behind(TallyCursor.event_id, Seal.last_event_id),
}
QUESTION = select(*(asked.label(name) for name, asked in _QUESTIONS.items()))


def due(now: datetime) -> frozenset[str]:
    """Which of the worker's jobs have something to do, by name."""
    soon = {
        "expiring": now + timedelta(hours=max(THRESHOLDS)),
        "lapsing": now + LAPSE_SOON,
        "far": now + FAR,
    }
    row = db.session.execute(QUESTION, {"now": now, **soon}).one()
    db.session.rollback()
    return frozenset(name for name, asked in row._mapping.items() if asked)
