"""What must hold after every step: the product is as the model says, whichever way one looks."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from console.extensions import db
from console.miit.mock.store import reading
from console.miit.mock.tables import MinistryOrder, MinistryPerson, MinistryText
from console.models import Delivery, Event, Order, RegisteredEntity, RegisteredService
from console.queries.checklists import checklist_of
from console.queries.own_orders import own_orders
from console.queries.review import Chosen, queue
from console.rules.lifecycle import State
from console.services.auditing import verify_trail
from tests.model.console import Console
from tests.model.console import Order as Told
from tests.model.filed import Leader
from tests.model.hands import APPLICANTS, Hands
from tests.model.words import TRIES


def everything(hands: Hands, model: Console) -> None:
    """All of it. Raises AssertionError with both sides."""
    db.session.rollback()
    db.session.expire_all()
    rows = {row.number: row for row in db.session.scalars(select(Order))}
    numbers(rows, model)
    orders(rows, hands, model)
    history(model)
    checklists(rows, model, hands.moment)
    outbox(model)
    ministry(model)
    register(hands, model)
    lists(hands, model)
    assert verify_trail() == [], "the audit trail is broken"
    db.session.rollback()


def numbers(rows: dict[str, Any], model: Console) -> None:
    """No ICP number is given twice; what is new enters the model here."""
    given = {one.number for one in model.holders} | {one.number for one in model.sites()}
    for order in model.orders:
        if not order.to_adopt:
            continue
        entity, *sites = rows[order.number].icp_numbers
        holder, site = order.filing.holder, order.filing.site
        assert holder is not None
        if order.filing.type == "first-filing":
            assert entity not in given, f"{entity} is given twice"
            holder.number = entity
        assert entity == holder.number
        if order.filing.type in ("first-filing", "add-service"):
            assert site is not None
            assert sites[0] not in given, f"{sites[0]} is given twice"
            site.number = sites[0]
        order.to_adopt = False
        given |= {entity, *sites}


def orders(rows: dict[str, Any], hands: Hands, model: Console) -> None:
    """State, round, reasons, claim, book, deadline and due times."""
    names = {number: name for name, number in hands.ids.items()}
    real = {
        row.number: _row(row, names.get(row.claimed_by_id), names[row.applicant_id])
        for row in rows.values()
    }
    assert real == {order.number: _told(order) for order in model.orders}


def _row(row: Any, claimed_by: str | None, owner: str) -> tuple[Any, ...]:
    cancel_at = row.cancel_at if row.state == "returned" else None
    by, why = row.returned_by, row.reasons
    dates = row.deadline, row.due_at, cancel_at
    return (owner, row.state, row.round, by, why, claimed_by, row.rulebook, dates, row.share_epoch)


def _told(order: Told) -> tuple[Any, ...]:
    cancel_at = order.cancel_at if order.state == "returned" else None
    by, why, dates = order.returned_by, order.reasons, (order.deadline, order.due, cancel_at)
    who = order.claimed_by
    return (order.owner, order.state, order.round, by, why, who, order.book, dates, order.epoch)


def history(model: Console) -> None:
    """One event for each move, and no move without one."""
    real: dict[str, list[Any]] = defaultdict(list)
    query = select(Order.number, Event.action, Event.from_state, Event.to_state, Event.actor)
    moves = query.join(Event, Event.order_id == Order.id).where(Event.to_state.is_not(None))
    for number, *move in db.session.execute(moves.order_by(Event.id)):
        real[number].append(tuple(move))
    assert real == {order.number: order.moves for order in model.orders}


def checklists(rows: dict[str, Any], model: Console, now: datetime) -> None:
    """Each person's row as the model says, and never more tries or resends than the book allows."""
    limit = model.ministry.frame.resends
    for order in model.orders:
        found = checklist_of(rows[order.number], now)
        real = [
            (r.key, r.state.value, r.tries_left, r.resends_left, r.deadline) for r in found.rows
        ]
        told = [
            (
                one.key,
                _state(order, one, now),
                TRIES - one.tries,
                None if limit is None else limit - one.resends,
                order.deadline,
            )
            for one in (order.people if order.book else [])
        ]
        assert sorted(real) == sorted(told), order.number


def _state(order: Told, leader: Leader, now: datetime) -> str:
    if leader.done:
        return "verified"
    if leader.failed:
        return "failed"
    live = order.state in ("approved", "verifying")
    if not live or (order.deadline is not None and now >= order.deadline):
        return "expired"
    return "waiting" if leader.sent else "waiting-for-code"


def outbox(model: Console) -> None:
    """What the ministry is still to be told, once each: no approval is forgotten."""
    query = select(Delivery.key).where(Delivery.done_at.is_(None), Delivery.kind != "mail")
    told = sorted(f"{t.kind}:{t.key}" for order in model.orders for t in order.outbox)
    assert sorted(db.session.scalars(query)) == told


def ministry(model: Console) -> None:
    """The ministry's own books: every round once, and its counts within the book's limits."""
    frame = model.ministry.frame
    with reading() as session:
        papers = {row.id: row for row in session.scalars(select(MinistryOrder))}
        people: dict[int, list[Any]] = defaultdict(list)
        for one in session.scalars(select(MinistryPerson).order_by(MinistryPerson.id)):
            assert one.tries_used <= TRIES
            assert frame.resends is None or one.resends_used <= frame.resends
            counts = one.tries_used, one.resends_used
            done = one.verified_at is not None, one.failed_at is not None
            people[one.order_id].append((one.verifier, *counts, *done))
        texts = session.scalar(select(func.count()).select_from(MinistryText)) or 0
    real = {row.key: (row.state, _shown(row), people[row.id]) for row in papers.values()}
    told = {
        paper.key: (
            paper.state,
            _shown(paper),
            [(one.key, one.tries, one.resends, one.done, one.failed) for one in paper.people],
        )
        for paper in model.ministry.papers.values()
    }
    assert real == told
    if frame.resends is not None:
        assert texts <= sum(
            1 + one.resends for p in model.ministry.papers.values() for one in p.people
        )


def _shown(paper: Any) -> datetime | None:
    """The deadline, where it still says anything."""
    deadline: datetime | None = paper.deadline
    return None if paper.state == "withdrawn" else deadline


def register(hands: Hands, model: Console) -> None:
    """What is filed, for whom, and what was given up."""
    entities = {row.id: row for row in db.session.scalars(select(RegisteredEntity))}
    real = {(row.icp_number, row.account_id, row.cancelled_at is None) for row in entities.values()}
    told = {(one.number, hands.ids[one.owner], one.at_console) for one in model.holders}
    assert real == told
    rows = db.session.scalars(select(RegisteredService))
    sites = {
        (
            row.icp_number,
            row.domain,
            entities[row.entity_id].icp_number,
            row.with_us,
            row.cancelled_at is None,
        )
        for row in rows
    }
    assert sites == {
        (one.number, one.domain, one.holder.number, one.with_us, one.at_console)
        for one in model.sites()
    }


def lists(hands: Hands, model: Console) -> None:
    """Nobody's list shows what is not theirs, and nothing of theirs is missing."""
    for name in APPLICANTS:
        shown = {row.number for row in own_orders(hands.ids[name], hands.moment).rows}
        assert shown == {order.number for order in model.orders if order.owner == name}
    waiting = {row.number for row in queue(Chosen(State.IN_REVIEW)).rows}
    assert waiting == {order.number for order in model.orders if order.state == "in-review"}
