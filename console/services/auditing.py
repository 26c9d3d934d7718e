"""Whether the trail is whole: the chain of seals, its end, and the orders' own story.

What the chain alone cannot show, and what stands in for it, is in `docs/operations.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from console.extensions import db
from console.models import Event, NoticeCursor, Order, Seal, TallyCursor
from console.services.sealing import Fault, verify

CUT = "cut"
STORY = "story"


def head(session: Session | None = None) -> str:
    """The newest seal as `<id>:<digest>`, to be noted elsewhere; "0:" where nothing is sealed."""
    query = select(Seal.id, Seal.digest).order_by(Seal.id.desc()).limit(1)
    last = (session or db.session).execute(query).one_or_none()
    return f"{last.id}:{last.digest}" if last else "0:"


def unsealed(session: Session | None = None) -> int:
    """How many events wait for a seal: these alone could still be changed without a trace."""
    session = session or db.session()
    sealed = session.scalar(select(func.max(Seal.last_event_id))) or 0
    return session.scalar(select(func.count()).where(Event.id > sealed)) or 0


def verify_trail(noted_head: str = "", session: Session | None = None) -> list[Fault]:
    """Every fault there is; an empty list means that the trail is whole.

    `noted_head` is what `head` gave at some time before: a chain that was cut off behind a seal
    looks whole by itself. Raises ValueError where it is no head.
    """
    session = session or db.session()
    cut = bool(noted_head) and _without(session, noted_head)
    try:
        faults = verify(session)
    except (TypeError, ValueError):  # a seal that cannot even be read
        faults = [Fault(0, 0, "digest")]
    if cut or _ends_early(session):
        faults.append(Fault(0, 0, CUT))
    return faults + list(_stories(session))


def _without(session: Session, noted_head: str) -> bool:
    seal_id, _, digest = noted_head.partition(":")
    if not (seal_id.isascii() and seal_id.isdigit()):
        raise ValueError("a head is a number, a colon and a digest")
    if seal_id == "0":
        return False
    if len(seal_id) > 18:
        return True  # no database counts that far
    return session.scalar(select(Seal.digest).where(Seal.id == int(seal_id))) != digest


def _ends_early(session: Session) -> bool:
    """Whether the worker has tallied what is not sealed, or told of what is not there.

    It did neither, so the end was cut off since. An old backup has no such tables yet.
    """
    there = inspect(session.connection())
    for cursor, last in ((TallyCursor, Seal.last_event_id), (NoticeCursor, Event.id)):
        if there.has_table(cursor.__tablename__):
            end = select(func.coalesce(func.max(last), 0)).scalar_subquery()
            if session.scalar(select(cursor.id).where(cursor.event_id > end)) is not None:
                return True
    return False


def _stories(session: Session) -> Iterator[Fault]:
    """Orders whose moves do not lead from one state to the next, and to where they stand.

    A move that was taken out or put in shows here, sealed or not, unless the order was falsified
    along with it.
    """
    moves = (
        select(Event.id, Event.order_id, Event.from_state, Event.to_state, Order.state)
        .join(Order)
        .where(Event.to_state.is_not(None))
        .order_by(Event.order_id, Event.id)
        .execution_options(yield_per=1000)
    )
    for _, story in groupby(session.execute(moves), key=lambda move: move.order_id):
        yield from _breaks(list(story))
    silent = select(Order.id).where(
        ~select(Event.id).where(Event.order_id == Order.id, Event.action == "start").exists()
    )
    for _ in session.scalars(silent):
        yield Fault(0, 0, STORY)


def _breaks(story: Sequence[Any]) -> Iterator[Fault]:
    """Where one order's moves, none of which may be missing, do not follow from each other."""
    reached, before = None, story[0].id
    for move in story:
        if move.from_state != reached:
            yield Fault(before, move.id, STORY)
        reached, before = move.to_state, move.id
    if reached != story[-1].state:
        yield Fault(story[0].id, story[-1].id, STORY)
