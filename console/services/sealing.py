"""Sealing the events into a chain of blocks, so that a change behind our back is found."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import clock
from console.extensions import db
from console.models import Event, Seal
from console.queries.accounts import digest_key_fits
from console.services.trail import complete
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


def _covered(previous: str, events: Sequence[Event]) -> str:
    """What stands for every column of every event and for the seal before."""
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
    return block.hexdigest()


def _digest(covered: str, sealed_at: datetime) -> str:
    """A seal's digest; keyed, so none can be made anew."""
    return keyring().digest("seal", f"{covered} {sealed_at.isoformat()}")


def _matches(seal: Seal, covered: str) -> bool:
    """Whether a seal is of this block and this moment.

    Seals of before did not cover their moment and stay as they were made: which of the two one is
    needs no mark, since nobody without the key can make either of the other.
    """
    return seal.digest in (_digest(covered, seal.sealed_at), keyring().digest("seal", covered))


def _last() -> Seal | None:
    return db.session.scalar(select(Seal).order_by(Seal.id.desc()).limit(1))


@verb
def seal_next(at_once: bool = False) -> bool:
    """Seal the next block; True when there may be more.

    A block that is not full waits until the last seal is ten seconds old, or of a clock that was
    set back since, unless `at_once`.
    """
    if not complete():
        return False  # what came later would be left out for good
    last = _last()
    after = last.last_event_id if last else 0
    events = db.session.scalars(
        select(Event).where(Event.id > after).order_by(Event.id).limit(BLOCK)
    ).all()
    now = clock.now()
    full = len(events) == BLOCK
    if not events or not (full or at_once or last is None or abs(now - last.sealed_at) >= PART):
        return False
    if not digest_key_fits():  # once the right one is back, the block would look changed for good
        log.error("DIGEST_KEY is not the one of this database: nothing is sealed")
        return False
    seal = Seal(
        first_event_id=events[0].id,
        last_event_id=events[-1].id,
        count=len(events),
        sealed_at=now,
        digest=_digest(_covered(last.digest if last else "", events), now),
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
        try:
            what = _fault(seal, previous, session.scalars(query).all())
        except (TypeError, ValueError):  # a value that cannot even be read as what it was
            what = "digest"
        if what:
            faults.append(Fault(seal.first_event_id, seal.last_event_id, what))
        previous, after = seal.digest, seal.last_event_id
    return faults


def _fault(seal: Seal, previous: str, events: Sequence[Event]) -> str:
    ends = [event.id for event in (*events[:1], *events[-1:])]
    if len(events) != seal.count or ends != [seal.first_event_id, seal.last_event_id]:
        return "count"
    return "" if _matches(seal, _covered(previous, events)) else "digest"
