"""What the portal does with an entry.

An entry is counted in one transaction of its own, committed before anything is compared: however
many arrive together, no more are evaluated than the book allows. The second transaction compares
and settles. Both are run for every entry alike, known or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from console.errors import Throttled
from console.miit.gateway import EventKind
from console.miit.mock.answers import Answer
from console.miit.mock.codes import CODE, code_digest, last_six_digest, mobile_digest, same
from console.miit.mock.codes import void_codes as void
from console.miit.mock.events import tell
from console.miit.mock.expiry import expire_of_mobile
from console.miit.mock.sending import locked_order
from console.miit.mock.store import write
from console.miit.mock.tables import MinistryCode, MinistryOrder, MinistryPerson
from console.miit.mock.throttle import WAIT, count_pair, forget_pair, pair_digest
from console.rules.text import T


@dataclass(frozen=True)
class Entry:
    """What was entered, as digests; `well_formed`: it could be a code at all."""

    mobile: str
    last_six: str
    code: str
    pair: str
    well_formed: bool


@dataclass(frozen=True)
class Counted:
    """A person for whom an entry was counted, and the count it brought them to."""

    person_id: int
    order_id: int
    tries_used: int


def verify(mobile: str, last_six: str, code: str, now: datetime) -> Answer:
    """The portal's answer to one entry.

    A code that is not six ASCII digits cannot be one: it is answered like any other that does not
    match, and counts as no try. Raises Throttled under a book that counts wrong certificate
    numbers only, after as many guesses of the code.
    """
    entry = Entry(
        mobile=mobile_digest(mobile),
        last_six=last_six_digest(last_six),
        code=code_digest(mobile, code),
        pair=pair_digest(mobile, last_six),
        well_formed=CODE.fullmatch(code) is not None,
    )
    counted = write(lambda session: _count(session, entry, now))
    if counted is None:
        raise Throttled(
            T("Too many entries for this mobile number. Wait an hour, then try again."),
            int(WAIT.total_seconds()),
        )
    return write(lambda session: _settle(session, entry, counted, now))


def _count(session: Session, entry: Entry, now: datetime) -> list[Counted] | None:
    expire_of_mobile(session, entry.mobile, now)
    if not count_pair(session, entry.pair, now):
        return None
    # The certificate is compared by the database as a keyed digest: a try that does not count
    # must not be given back later, or parallel entries would slip through.
    counts = or_(MinistryPerson.any_entry, MinistryPerson.last_six_digest != entry.last_six)
    open_orders = select(MinistryOrder.id).where(MinistryOrder.state.in_(("verifying", "expired")))
    rows = session.execute(
        update(MinistryPerson)
        .where(
            MinistryPerson.mobile_digest == (entry.mobile if entry.well_formed else ""),
            MinistryPerson.code_sent_at.is_not(None),
            MinistryPerson.verified_at.is_(None),
            MinistryPerson.failed_at.is_(None),
            MinistryPerson.tries_used < MinistryPerson.tries,
            MinistryPerson.order_id.in_(open_orders),
        )
        .values(
            tries_used=MinistryPerson.tries_used + case((counts, 1), else_=0),
            last_entry_at=now,
        )
        .returning(MinistryPerson.id, MinistryPerson.order_id, MinistryPerson.tries_used)
        .execution_options(synchronize_session=False)
    ).all()
    return sorted((Counted(*row) for row in rows), key=lambda one: one.order_id)


def _settle(session: Session, entry: Entry, counted: Sequence[Counted], now: datetime) -> Answer:
    orders = {one.order_id: locked_order(session, one.order_id) for one in counted}
    people = _pending(session, counted)
    matched = _matching(session, entry, [person for person, _ in people])
    if matched is not None and orders[matched.order_id].state == "verifying":
        forget_pair(session, entry.pair)
        _reset_others(session, matched, people, orders, now)
        return _verified(session, orders[matched.order_id], matched, now)
    failed = False
    for person, one in people:
        order = orders[one.order_id]
        if order.state != "verifying":
            continue
        if not person.any_entry and same(person.last_six_digest, entry.last_six):
            continue  # a guess of the code: the throttle counts it, the order lives
        if not person.any_entry:
            forget_pair(session, entry.pair, 1)
        failed = _failed_entry(session, order, person, one.tries_used, now) or failed
    return Answer.FAILED if failed or matched is not None else Answer.NO_RECORD


def _pending(session: Session, counted: Sequence[Counted]) -> list[tuple[MinistryPerson, Counted]]:
    """The people counted who are still to verify, read after their orders were locked."""
    by_id = {one.person_id: one for one in counted}
    people = session.scalars(
        select(MinistryPerson)
        .where(
            MinistryPerson.id.in_(by_id),
            MinistryPerson.verified_at.is_(None),
            MinistryPerson.failed_at.is_(None),
        )
        .order_by(MinistryPerson.id)
        .execution_options(populate_existing=True)
    )
    return [(person, by_id[person.id]) for person in people]


def _matching(
    session: Session, entry: Entry, people: Sequence[MinistryPerson]
) -> MinistryPerson | None:
    """The one person whose certificate and live code were entered; every code is compared."""
    codes = session.execute(
        select(MinistryCode.person_id, MinistryCode.code_digest).where(
            MinistryCode.person_id.in_([person.id for person in people]),
            MinistryCode.sent_at.is_not(None),
            MinistryCode.void_at.is_(None),
        )
    ).all()
    by_id = {person.id: person for person in people}
    found = None
    for person_id, stored in codes:
        right_code = same(stored, entry.code)
        right_certificate = same(by_id[person_id].last_six_digest, entry.last_six)
        if right_code & right_certificate:
            found = by_id[person_id]
    return found


def _verified(
    session: Session, order: MinistryOrder, person: MinistryPerson, now: datetime
) -> Answer:
    person.verified_at = now
    person.tries_used = 0
    void(session, [person.id], now)
    session.flush()
    tell(session, now, order, EventKind.VERIFIED, person.verifier, verified_at=now.isoformat())
    waiting = session.scalar(
        select(MinistryPerson.id)
        .where(MinistryPerson.order_id == order.id, MinistryPerson.verified_at.is_(None))
        .limit(1)
    )
    if waiting is not None:
        return Answer.VERIFIED_OTHERS_WAITING
    order.state = "administration"
    tell(session, now, order, EventKind.ALL_VERIFIED)
    return Answer.VERIFIED


def _reset_others(
    session: Session,
    matched: MinistryPerson,
    people: Sequence[tuple[MinistryPerson, Counted]],
    orders: dict[int, MinistryOrder],
    now: datetime,
) -> None:
    """A success ends the row of failed entries on every pending verification of the mobile."""
    for person, one in people:
        if person is matched:
            continue
        # Whether this very entry was counted for them, too: then nothing but it is taken back.
        counted = person.any_entry or person.last_six_digest != matched.last_six_digest
        if orders[one.order_id].state != "verifying":
            person.tries_used -= counted  # that row of failed entries ended with the window
            continue
        had, person.tries_used = person.tries_used - counted, 0
        if had:
            tell(
                session,
                now,
                orders[one.order_id],
                EventKind.ENTRY_FAILED,
                person.verifier,
                tries_used=0,
                reset=True,
            )


def _failed_entry(
    session: Session, order: MinistryOrder, person: MinistryPerson, count: int, now: datetime
) -> bool:
    """Tell of a failed entry; the one that used up the last try fails the order."""
    tell(
        session,
        now,
        order,
        EventKind.ENTRY_FAILED,
        person.verifier,
        tries_used=person.tries_used,
    )
    return count >= person.tries and fail(session, order, person, now)


def fail(session: Session, order: MinistryOrder, person: MinistryPerson, now: datetime) -> bool:
    """Fail a locked order in verification, since this person's tries are used up."""
    person.failed_at = now
    order.state = "failed"
    session.flush()
    ids = session.scalars(
        select(MinistryPerson.id).where(MinistryPerson.order_id == order.id)
    ).all()
    void(session, list(ids), now)
    tell(session, now, order, EventKind.TRIES_USED_UP, person.verifier)
    return True
