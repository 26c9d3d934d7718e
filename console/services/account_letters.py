"""Mails about accounts: kept with what causes them, worded and sent by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from console import clock
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.models import Account, AccountLetter
from console.outside.mail import Mail, Outgoing, Refused, Unreachable
from console.queries import due
from console.services.handover import pause
from console.transactions import verb

log = logging.getLogger(__name__)

RECOVER, CONFIRM, EXISTS, CHANGED = "recover", "confirm", "exists", "changed"
LEASE = timedelta(minutes=2)
WORTH_SENDING = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)  # to see what became of a letter; then its address is forgotten
NOBODY, LATE, REFUSED = "nobody", "too-late", "refused"


@dataclass(frozen=True)
class Leaving:
    """A letter that this process sends now."""

    id: int
    kind: str
    account: Account
    to: str
    language: str
    data: dict[str, Any]
    created_at: datetime


Draw = Callable[[Leaving], Mail]


def queue_letter(kind: str, account: Account | None, data: dict[str, Any] | None = None) -> None:
    """Add a letter to the caller's transaction; with no account it goes nowhere, at one cost."""
    now = clock.now()
    payload = {
        "to": account.email if account else "",
        "language": account.language if account else "",
        "data": data or {},
    }
    db.session.add(
        AccountLetter(
            account_id=account.id if account else None,
            kind=kind,
            payload=payload,
            created_at=now,
            due_at=now,
        )
    )


def send_next(draw: Draw, outgoing: Outgoing) -> bool:
    """Send one letter that is due; True when there may be more."""
    if outgoing.resting(clock.now()):
        return False
    letter_id = _take()
    if letter_id is None:
        return False
    try:
        leaving = _leaving(letter_id)
    except (KeyMissing, DataDamaged):
        log.exception("letter %s cannot be read and waits as long as its lease", letter_id)
        return True
    if leaving is None:
        return True
    try:
        mail = draw(leaving)
        db.session.rollback()  # no transaction stays open while a server takes its time
        _close(leaving.id, outgoing.send(mail))
    except Refused as refusal:
        log.warning("letter %s refused: %s", leaving.id, refusal)
        _close(leaving.id, REFUSED)
    except Unreachable as error:
        log.warning("letter %s put off: %s", leaving.id, error)
        outgoing.rest(clock.now() + pause(outgoing.failures + 1))
        return False
    return True


@verb
def _take() -> int | None:
    """The next letter, this process's for a while; None where there is none to take."""
    now = clock.now()
    letter = db.session.execute(
        select(AccountLetter.id, AccountLetter.due_at)
        .where(*due.letters(now))
        .order_by(AccountLetter.due_at, AccountLetter.id)
        .limit(1)
    ).first()
    if letter is None:
        return None
    taken = db.session.execute(
        update(AccountLetter)
        .where(AccountLetter.id == letter.id, AccountLetter.due_at == letter.due_at)
        .values(due_at=now + LEASE, attempts=AccountLetter.attempts + 1)
    )
    return letter.id if cast("CursorResult[object]", taken).rowcount == 1 else None


@verb
def _leaving(letter_id: int) -> Leaving | None:
    """The letter as it leaves; None where it is for nobody or too late, and so is done."""
    now = clock.now()
    letter = db.session.get_one(AccountLetter, letter_id, populate_existing=True)
    account = db.session.get(Account, letter.account_id) if letter.account_id else None
    if account is None or not account.active or letter.created_at + WORTH_SENDING <= now:
        letter.done_at, letter.outcome = now, NOBODY if account is None else LATE
        return None
    return leaving_of(letter, account)


def leaving_of(letter: AccountLetter, account: Account) -> Leaving:
    """A letter as it is worded."""
    payload = letter.payload
    return Leaving(
        letter.id,
        letter.kind,
        account,
        payload["to"],
        payload["language"],
        payload["data"],
        letter.created_at,
    )


@verb
def _close(letter_id: int, outcome: str) -> None:
    db.session.execute(
        update(AccountLetter)
        .where(AccountLetter.id == letter_id)
        .values(done_at=clock.now(), outcome=outcome)
    )


@verb
def forget_old() -> None:
    """Delete letters that are done for a while: the trail keeps what they were about."""
    db.session.execute(
        delete(AccountLetter).where(
            AccountLetter.done_at.is_not(None), AccountLetter.done_at < clock.now() - KEPT_FOR
        )
    )
