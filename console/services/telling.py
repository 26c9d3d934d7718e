"""Telling people what happened: from the trail, after commit, each thing once.

Events are insert-only, so they are the outbox of notices: the worker reads on from where it
stopped. Nothing that writes events knows of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import func, select

from console import clock
from console.extensions import db
from console.models import Account, Event, Notice, NoticeChoice, NoticeCursor, Order
from console.models.accounts import AccountRole
from console.queries.readable import readable
from console.rules.lifecycle import Role
from console.rules.notices import HANDED_IN, OFFER, TOLD, Kind, LeaderKind
from console.services.leader_languages import to_leader
from console.services.letters import Letter, insert_once, queue, worded
from console.services.trail import complete
from console.transactions import verb

BATCH = 200
KEPT = ("reasons", "verifier")  # what of an event's data a sentence needs


@dataclass(frozen=True)
class Told:
    """One thing for one account. `key` makes it told once."""

    account: Account
    order: Order
    kind: Kind
    key: str
    at: Any
    data: dict[str, Any]
    only_in: tuple[str, ...] = ()
    until: str = ""


def tell_due() -> bool:
    """Tell of what the trail holds and was not told yet; True when there may be more."""
    told = db.session.scalar(select(NoticeCursor.event_id)) or 0
    last = db.session.scalar(select(func.max(Event.id))) or 0
    db.session.rollback()
    return last > told and _tell(_complete_up_to())


@verb
def _complete_up_to() -> int:
    """The highest event below which none can appear any more; 0 where nobody can say just now."""
    return (complete() and db.session.scalar(select(func.max(Event.id)))) or 0


@verb
def _tell(last: int) -> bool:
    cursor = db.session.scalar(
        select(NoticeCursor).with_for_update().execution_options(populate_existing=True)
    )
    if cursor is None:
        insert_once(NoticeCursor.__table__, [{"id": 1, "event_id": 0}])  # type: ignore[arg-type]
        cursor = db.session.get_one(NoticeCursor, 1, with_for_update=True)
    events = db.session.scalars(
        select(Event)
        .where(Event.id > cursor.event_id, Event.id <= last)
        .order_by(Event.id)
        .limit(BATCH)
    ).all()
    _tell_of([event for event in events if event.action in TOLD and event.order_id])
    if events:
        cursor.event_id = events[-1].id
    return len(events) == BATCH


def _tell_of(events: Sequence[Event]) -> None:
    if not events:
        return
    orders = _by_id(Order, {event.order_id for event in events})
    owners = _by_id(Account, {order.applicant_id for order in orders.values()})
    reviewers = _reviewers() if any(_for_reviewers(TOLD[e.action]) for e in events) else []
    told: list[Told] = []
    letters: list[tuple[str, Order, Letter | None]] = []
    for event in events:
        order = orders[event.order_id or 0]
        owner = owners[order.applicant_id]
        for kind in TOLD[event.action]:
            people = _in_charge(order, kind, reviewers) if _for_reviewers([kind]) else [owner]
            told += [_of_event(event, order, kind, account) for account in people]
        if event.action == "code-sent":
            letters.append(_to_leader(event, order))
    queue(letters, clock.now())
    tell(told)


def _for_reviewers(kinds: Iterable[Kind]) -> bool:
    return any(OFFER[kind].role is Role.REVIEWER for kind in kinds)


def _in_charge(order: Order, kind: Kind, reviewers: Sequence[Account]) -> Sequence[Account]:
    """Whom of the reviewers it concerns: who has the order or decided last, else all of them."""
    if kind is Kind.TO_REVIEW:
        return reviewers
    mine = order.claimed_by_id or order.reviewer_id
    return [one for one in reviewers if one.id == mine] or reviewers


def _of_event(event: Event, order: Order, kind: Kind, account: Account) -> Told:
    key = f"{event.id}:{kind}:{account.id}"
    if kind is Kind.REVIEW_BEGUN:  # a claim may lapse and be taken again: the review began once
        key = f"{kind}:{order.id}:{_round_at(event)}:{account.id}"
    data = {name: event.data[name] for name in KEPT if name in event.data}
    return Told(account, order, kind, key, event.at, {**data, "action": event.action})


def _round_at(event: Event) -> int:
    query = select(func.count()).where(
        Event.order_id == event.order_id, Event.id <= event.id, Event.action.in_(HANDED_IN)
    )
    return db.session.scalar(query) or 0


def _to_leader(event: Event, order: Order) -> tuple[str, Order, Letter | None]:
    verifier = str(event.data["verifier"])
    write = partial(to_leader, order, verifier, LeaderKind.CODE, _round_at(event))
    return f"{event.id}:{verifier}", order, worded(write)


def tell(told: Sequence[Told]) -> None:
    """Write notices and mails for accounts, each by the channels its person chose."""
    chosen = _choices({item.account.id for item in told})
    now = clock.now()
    notices, letters = [], []
    for item in told:
        offer = OFFER[item.kind]
        console, mail = chosen.get((item.account.id, item.kind), (offer.console, offer.mail))
        if console or offer.always:
            notices.append(_row(item, now))
        if mail and item.account.active:
            letters.append((item.key, item.order, worded(partial(_letter, item))))
    insert_once(Notice.__table__, notices)  # type: ignore[arg-type]
    queue(letters, now)


def _row(item: Told, now: Any) -> dict[str, Any]:
    return {
        "account_id": item.account.id,
        "order_id": item.order.id,
        "kind": item.kind.value,
        "key": item.key,
        "data": item.data,
        "at": item.at,
        "created_at": now,
    }


def _letter(item: Told) -> Letter:
    return Letter(
        to=item.account.email,
        language=item.account.language,
        kind=item.kind.value,
        number=item.order.number,
        data=item.data,
        round=item.order.round,
        only_in=item.only_in,
        until=item.until,
    )


def _choices(account_ids: Iterable[int]) -> dict[tuple[int, str], tuple[bool, bool]]:
    rows = db.session.scalars(select(NoticeChoice).where(NoticeChoice.account_id.in_(account_ids)))
    return {(row.account_id, row.kind): (row.console, row.mail) for row in rows}


def _reviewers() -> list[Account]:
    role = Account.roles.any(AccountRole.name == Role.REVIEWER.value)
    query = select(Account).where(role, Account.active)
    return [account for (account,) in readable(query, Account)]


def _by_id(table: Any, ids: set[Any]) -> dict[int, Any]:
    query = select(table).where(table.id.in_(ids)).execution_options(populate_existing=True)
    return {row.id: row for (row,) in readable(query, table)}
