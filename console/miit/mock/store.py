"""The ministry's own sessions, transactions, series of numbers and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.errors import Busy
from console.extensions import db
from console.miit.mock.register_tables import MinistryCounter, MinistryFault
from console.rules.text import T
from console.transactions import TRIES, run_writing

R = TypeVar("R")


class Fault(StrEnum):
    """What the ministry can be told to do wrong."""

    LATE_TEXTS = "late-texts"
    LOST_TEXTS = "lost-texts"
    LAGGING_ANSWERS = "lagging-answers"
    DOWN = "down"
    LOST_ANSWER = "lost-answer"
    REPEATED_EVENTS = "repeated-events"


@contextmanager
def reading() -> Iterator[Session]:
    """A session of the ministry's own to read with."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


def write(work: Callable[[Session], R]) -> R:
    """Run `work` in one write transaction of the ministry's own. Raises Busy.

    A unique value that someone else took first (a key, a code, a number) makes it run again:
    it then finds what the other wrote.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        for _ in range(TRIES):
            try:
                return run_writing(session, lambda: work(session))
            except IntegrityError:
                session.rollback()
    raise Busy(T("The system is busy. Nothing was changed; try again in a moment."))


def next_value(session: Session, series: str) -> int:
    """The next value of a series, from 1. Others wait for it until this transaction ends."""
    value = session.execute(
        update(MinistryCounter)
        .where(MinistryCounter.name == series)
        .values(value=MinistryCounter.value + 1)
        .returning(MinistryCounter.value)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if value is not None:
        return value
    session.add(MinistryCounter(name=series, value=1))
    session.flush()
    return 1


def faulty(session: Session, fault: Fault) -> bool:
    """Whether a fault is switched on."""
    return session.get(MinistryFault, fault.value, populate_existing=True) is not None


def faults_on(session: Session) -> dict[str, bool]:
    """Every fault, and whether it is on."""
    return {fault.value: faulty(session, fault) for fault in Fault}


def switch(session: Session, fault: Fault, on: bool, now: datetime) -> None:
    """Switch a fault on or off; switching twice is the same as once."""
    if not on:
        session.execute(delete(MinistryFault).where(MinistryFault.name == fault.value))
    elif not faulty(session, fault):
        session.add(MinistryFault(name=fault.value, since=now))
