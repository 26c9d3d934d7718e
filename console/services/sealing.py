"""Sealing the events into a chain of blocks, so that a change behind our back is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from console import clock
from console.extensions import db
from console.models import Event, Seal
from console.transactions import verb
from console.types import keyring

BLOCK = 500
# A row may be committed after one with a higher id; by then nothing below it is still open.
SETTLED = timedelta(seconds=60)


@dataclass(frozen=True)
class Fault:
    """A block that does not match its seal."""

    first_event_id: int
    last_event_id: int
    what: str


def _digest(previous: str, events: Sequence[Event]) -> str:
    """Cover every column of every event, and the seal before; keyed, so that it cannot be redone."""
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
def seal_next() -> bool:
    """Seal the next full block, or what has been lying for a minute; True when there may be more."""
    last = _last()
    after = last.last_event_id if last else 0
    events = db.session.scalars(
        select(Event).where(Event.id > after).order_by(Event.id).limit(BLOCK)
    ).all()
    written = db.session.scalar(select(func.max(Event.id))) or 0
    full = len(events) == BLOCK and written > events[-1].id + BLOCK
    now = clock.now()
    if not events or not (full or _lain(last, now)):
        return False
    db.session.add(
        Seal(
            first_event_id=events[0].id,
            last_event_id=events[-1].id,
            count=len(events),
            sealed_at=now,
            digest=_digest(last.digest if last else "", events),
        )
    )
    return full


def _lain(last: Seal | None, now: object) -> bool:
    return last is None or now - last.sealed_at > SETTLED  # type: ignore[operator]


def verify() -> list[Fault]:
    """Check every sealed block against its events; an empty list means the trail is whole."""
    faults: list[Fault] = []
    previous, after = "", 0
    for seal in db.session.scalars(select(Seal).order_by(Seal.id)):
        events = db.session.scalars(
            select(Event).where(Event.id > after, Event.id <= seal.last_event_id).order_by(Event.id)
        ).all()
        if len(events) != seal.count:
            faults.append(Fault(seal.first_event_id, seal.last_event_id, "count"))
        elif _digest(previous, events) != seal.digest:
            faults.append(Fault(seal.first_event_id, seal.last_event_id, "digest"))
        previous, after = seal.digest, seal.last_event_id
    return faults
