"""Reminding whoever has not verified while there is time, and of orders that lie about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import exists, func, select

from console import clock
from console.errors import Changed, Throttled
from console.extensions import db
from console.models import Account, Order, Reminder, VerifierRow
from console.queries import due
from console.queries.readable import readable
from console.rules.lifecycle import State
from console.rules.notices import (
    APPLICANT_FROM,
    BY_HAND_EVERY,
    LAPSE_SOON,
    THRESHOLDS,
    Kind,
    LeaderKind,
)
from console.rules.text import T
from console.services.actors import Actor
from console.services.leader_languages import to_leader
from console.services.letters import Letter, once, queue, worded
from console.services.loading import order_for
from console.services.moves import record
from console.services.telling import Told, tell
from console.transactions import verb

BATCH = 100
BY_HAND, LAPSE = "by-hand", "lapse"


def remind_due() -> bool:
    """Remind leaders 12, 4 and 1 hours before the deadline; True when there may be more.

    Where a threshold was missed only the most urgent one that was reached is given.
    """
    found = any(_waiting(clock.now(), hours, 1) for hours in THRESHOLDS)
    db.session.rollback()
    return _remind() if found else False


def _waiting(now: datetime, hours: int, limit: int) -> Sequence[Any]:
    """Who has not verified between this threshold and the next, and was not reminded of it."""
    more_urgent = max((h for h in THRESHOLDS if h < hours), default=0)
    given = exists().where(Reminder.verifier_id == VerifierRow.id, Reminder.kind == str(hours))
    query = (
        select(Order, VerifierRow)
        .join(VerifierRow, VerifierRow.order_id == Order.id)
        .where(
            *due.expiring(now + timedelta(hours=more_urgent), now + timedelta(hours=hours)),
            VerifierRow.round == Order.round,
            VerifierRow.verified_at.is_(None),
            VerifierRow.failed_at.is_(None),
            ~given,
        )
        .order_by(Order.deadline, Order.id, VerifierRow.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return readable(query, Order, VerifierRow)


@verb
def _remind() -> bool:
    now, full = clock.now(), False
    letters: list[tuple[str, Order, Letter | None]] = []
    near: dict[int, Order] = {}
    for hours in THRESHOLDS:
        waiting = _waiting(now, hours, BATCH)
        full = full or len(waiting) == BATCH
        for order, row in waiting:
            if not _first(order, row.id, str(hours), f"{row.id}:{hours}", now):
                continue
            if hours <= APPLICANT_FROM:
                near[order.id] = order
            if not _code_is_news(order, row, hours):
                write = partial(_to_leader, order, row, LeaderKind.REMINDER)
                letters.append((f"{row.id}:{hours}", order, worded(write)))
    queue(letters, now)
    owners = _owners(near.values())
    tell([_near(order, owners[order.applicant_id], now) for order in near.values()])
    return full


def _first(order: Order, verifier_id: int | None, kind: str, key: str, now: datetime) -> bool:
    """Keep that a reminder is given; False when it was given already, by whomever."""
    values = {
        "order_id": order.id,
        "verifier_id": verifier_id,
        "kind": kind,
        "key": key,
        "at": now,
    }
    insert = once(Reminder.__table__).values(values)  # type: ignore[arg-type]
    return db.session.scalar(insert.returning(Reminder.__table__.c.id)) is not None


def _code_is_news(order: Order, row: VerifierRow, hours: int) -> bool:
    """Whether the code came after the threshold: the mail about it says by when already."""
    reached = (order.deadline or clock.now()) - timedelta(hours=hours)
    return row.code_sent_at is not None and row.code_sent_at > reached


def _to_leader(order: Order, row: VerifierRow, kind: LeaderKind) -> Letter:
    until = order.deadline.isoformat() if order.deadline else ""
    return replace(to_leader(order, row.key, kind, order.round), until=until)


def _near(order: Order, owner: Account, now: datetime) -> Told:
    deadline = order.deadline
    assert deadline is not None, "only orders with a deadline are looked for"
    return Told(
        account=owner,
        order=order,
        kind=Kind.DEADLINE_NEAR,
        key=f"{Kind.DEADLINE_NEAR}:{order.id}:{order.round}",
        at=now,
        data={"moment": deadline.isoformat()},
        only_in=(State.VERIFYING.value,),
        until=deadline.isoformat(),
    )


def _owners(orders: Any) -> dict[int, Account]:
    ids = {order.applicant_id for order in orders}
    return {a.id: a for (a,) in readable(select(Account).where(Account.id.in_(ids)), Account)}


def lapse_soon() -> bool:
    """Tell of drafts and returned orders that lapse within 7 days; True when there may be more."""
    found = _lapsing(clock.now(), 1)
    db.session.rollback()
    return _tell_lapsing() if found else False


def _lapsing(now: datetime, limit: int) -> list[Order]:
    given = exists().where(
        Reminder.order_id == Order.id, Reminder.kind == LAPSE, Reminder.at >= Order.touched_at
    )
    query = (
        select(Order)
        .where(*due.lying(now, now + LAPSE_SOON), ~given)
        .order_by(Order.due_at, Order.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [order for (order,) in readable(query, Order)]


@verb
def _tell_lapsing() -> bool:
    now = clock.now()
    found = _lapsing(now, BATCH)
    owners = _owners(found)
    told = []
    for order in found:
        assert order.due_at is not None, "only orders that fall due are looked for"
        key = f"{LAPSE}:{order.id}:{int(order.due_at.timestamp())}"
        if _first(order, None, LAPSE, key, now):
            data = {"moment": order.due_at.isoformat()}
            owner = owners[order.applicant_id]
            until = order.due_at.isoformat()
            told.append(Told(owner, order, Kind.LAPSE_SOON, key, now, data, due.LYING, until))
    tell(told)
    return len(found) == BATCH


@verb
def remind(actor: Actor, number: str, verifier: str) -> None:
    """Mail a leader who has not verified, at an applicant's or a reviewer's wish.

    Raises NotFound, Changed when the person need not verify (any more), Throttled within an hour
    of the last time.
    """
    order = order_for(actor, number)
    now = clock.now()
    row = db.session.scalar(
        select(VerifierRow).where(
            VerifierRow.order_id == order.id,
            VerifierRow.round == order.round,
            VerifierRow.key == verifier,
            VerifierRow.verified_at.is_(None),
            VerifierRow.failed_at.is_(None),
        )
    )
    overdue = order.deadline is not None and order.deadline <= now
    if row is None or State(order.state) is not State.VERIFYING or overdue:
        raise Changed()
    _not_too_often(row, now)
    key = f"{BY_HAND}:{row.id}:{int(now.timestamp())}"
    _first(order, row.id, BY_HAND, key, now)
    queue([(key, order, _to_leader(order, row, LeaderKind.BY_HAND))], now)
    order.revision += 1
    record([order.id], "remind", actor, {order.id: now}, data={"verifier": verifier})


def _not_too_often(row: VerifierRow, now: datetime) -> None:
    last = db.session.scalar(
        select(func.max(Reminder.at)).where(
            Reminder.verifier_id == row.id, Reminder.kind == BY_HAND
        )
    )
    if last is not None and now < last + BY_HAND_EVERY:
        wait = int((last + BY_HAND_EVERY - now).total_seconds()) + 1
        text = T(
            "This person was reminded less than an hour ago. Try again in %(minutes)s minutes.",
            minutes=-(-wait // 60),
        )
        raise Throttled(text, wait)
