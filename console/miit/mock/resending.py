"""Sending a code again when a person asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from console.miit.mock.answers import Answer
from console.miit.mock.codes import last_six_digest, mobile_digest, void_codes
from console.miit.mock.expiry import expire_of_mobile
from console.miit.mock.sending import due_codes_of, locked_order, schedule, send_code
from console.miit.mock.settings import book_named, delay
from console.miit.mock.store import write
from console.miit.mock.tables import MinistryOrder, MinistryPerson
from console.miit.mock.throttle import count_pair, pair_digest


def resend(mobile: str, last_six: str, now: datetime) -> Answer:
    """Send a new code for each pending verification of this person; the earlier one is void.

    Neither the window nor the tries start again.
    """
    return write(lambda session: _resend(session, mobile, last_six, now))


def _resend(session: Session, mobile: str, last_six: str, now: datetime) -> Answer:
    digest = mobile_digest(mobile)
    expire_of_mobile(session, digest, now)
    # Written for every entry alike, under a name of its own: it holds nobody back.
    count_pair(session, pair_digest(f"resend {mobile}", last_six), now)
    known = session.scalars(
        select(MinistryPerson)
        .where(
            MinistryPerson.mobile_digest == digest,
            MinistryPerson.last_six_digest == last_six_digest(last_six),
        )
        .order_by(MinistryPerson.order_id)
    ).all()
    if not known:
        return Answer.NO_RECORD
    pending = _pending(session, known)
    if not pending:
        return Answer.NOTHING_PENDING
    sent = [_one(session, order, person, now) for order, person in pending]
    return Answer.RESENT if any(sent) else Answer.RESEND_LIMIT


def _pending(
    session: Session, people: Sequence[MinistryPerson]
) -> list[tuple[MinistryOrder, MinistryPerson]]:
    """Those whose first code was sent and who are still to verify, in locked orders."""
    found = []
    for person in people:
        if person.verified_at or person.failed_at or person.code_sent_at is None:
            continue
        order = locked_order(session, person.order_id)
        session.refresh(person)
        if order.state == "verifying" and not person.verified_at:
            found.append((order, person))
    return found


def _one(session: Session, order: MinistryOrder, person: MinistryPerson, now: datetime) -> bool:
    """Resend for one order, where its person has a resend left."""
    used = session.execute(
        update(MinistryPerson)
        .where(
            MinistryPerson.id == person.id,
            or_(
                MinistryPerson.resends.is_(None),
                MinistryPerson.resends_used < MinistryPerson.resends,
            ),
        )
        .values(resends_used=MinistryPerson.resends_used + 1)
        .returning(MinistryPerson.resends_used)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if used is None:
        return False
    session.refresh(person)
    book = book_named(order.book)
    assert book is not None  # without a book nobody is texted
    void_codes(session, [person.id], now)
    schedule(session, person, "resend", now + delay(book.resend_minutes or book.dispatch_minutes))
    for code_id in due_codes_of(session, person, now):
        send_code(session, code_id, now)
    return True
