"""Sealing the events into a chain of blocks, so that a change behind our back is found."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from console import clock
from console.extensions import db
from console.models import Event, Seal
from console.transactions import verb
from console.types import keyring

log = logging.getLogger(__name__)

BLOCK = 500
PART = timedelta(seconds=10)  # how long a block that is not full may wait for its seal


@dataclass(frozen=True)
class Fault:
    """A block that does not match its seal."""

    first_event_id: int
    last_event_id: int
    what: str


def _digest(previous: str, events: Sequence[Event]) -> str:
    """Cover every column of every event and the seal before; keyed, so none can be made anew."""
    block = hashlib.sha256(previous.encode("ascii"))
    for event in events:
        row = [
            event.id,
            event.order_id,
            event.at.isoformat(),
            event.action,
            event.from_state,
            event.to_state,
            event.actor,
            event.actor_id,
            event.data,
        ]
        block.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode("utf-8"))
    return keyring().digest("seal", block.hexdigest())


def _last() -> Seal | None:
    return db.session.scalar(select(Seal).order_by(Seal.id.desc()).limit(1))


@verb
def seal_next(at_once: bool = False) -> bool:
    """Seal the next block; True when there may be more.

    A block that is not full waits until the last seal is ten seconds old, unless `at_once`.
    """
    if db.session.connection().dialect.name == "postgresql":
        # A row may otherwise be committed after one with a higher id, and be left out for good.
        db.session.execute(text("LOCK TABLE events IN SHARE MODE"))
    last = _last()
    after = last.last_event_id if last else 0
    events = db.session.scalars(
        select(Event).where(Event.id > after).order_by(Event.id).limit(BLOCK)
    ).all()
    now = clock.now()
    full = len(events) == BLOCK
    if not events or not (full or at_once or last is None or now - last.sealed_at >= PART):
        return False
    seal = Seal(
        first_event_id=events[0].id,
        last_event_id=events[-1].id,
        count=len(events),
        sealed_at=now,
        digest=_digest(last.digest if last else "", events),
    )
    db.session.add(seal)
    db.session.flush()
    # A log that is kept elsewhere notes the chain's end: `audit verify --head` checks against it.
    log.info("sealed", extra={"fields": {"head": f"{seal.id}:{seal.digest}"}})
    return full


def verify(session: Session | None = None) -> list[Fault]:
    """Check every sealed block against its events; an empty list means that each is whole."""
    session = session or db.session()
    faults: list[Fault] = []
    previous: str = ""
    after: int | None = None  # nothing may stand before the first block either
    for seal in session.scalars(select(Seal).order_by(Seal.id)):
        query = select(Event).where(Event.id <= seal.last_event_id).order_by(Event.id)
        if after is not None:
            query = query.where(Event.id > after)
        events = session.scalars(query).all()
        if len(events) != seal.count or [e.id for e in events[:1]] != [seal.first_event_id]:
            faults.append(Fault(seal.first_event_id, seal.last_event_id, "count"))
        elif _digest(previous, events) != seal.digest:
            faults.append(Fault(seal.first_event_id, seal.last_event_id, "digest"))
        previous, after = seal.digest, seal.last_event_id
    return faults
