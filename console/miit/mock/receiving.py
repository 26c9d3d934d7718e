"""Taking an order over, taking it back, correcting a verifier's mobile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.clock import china_day
from console.errors import Refusal
from console.miit.gateway import AlreadyDone, GiveUp, Receipt, Submission
from console.miit.mock.codes import last_six_digest, mobile_digest, plain_mobile, void_codes
from console.miit.mock.expiry import expire
from console.miit.mock.register import entity_digest, stands_in_the_way
from console.miit.mock.sending import schedule
from console.miit.mock.settings import book_named, book_on, delay
from console.miit.mock.store import next_value
from console.miit.mock.tables import MinistryOrder, MinistryPerson
from console.rules.book import Rulebook
from console.rules.filing import Person, to_json
from console.rules.masking import last_six
from console.rules.mobiles import normalise_mobile
from console.rules.verifiers import Verifier, facts_of, leader_of, who_must_verify


@dataclass(frozen=True)
class Received:
    """The receipt, None when refused; `fresh`: this request had an effect."""

    receipt: Receipt | None
    fresh: bool


def receive(session: Session, submission: Submission, now: datetime) -> Received:
    """Take an order over, once for each key: asked again, the first answer stands."""
    known = by_key(session, submission.key)
    if known is not None:
        refused = known.state == "refused" or known.content is None
        return Received(None if refused else _receipt(known), fresh=False)
    book = book_on(now)
    order = _new_order(session, submission, now, book)
    session.add(order)
    session.flush()
    if stands_in_the_way(session, order, submission.filing):
        order.state = "refused"
        return Received(None, fresh=True)
    try:
        verifiers = _verifiers(book, submission, now)
    except Refusal:
        order.state = "refused"
        return Received(None, fresh=True)
    order.state = "verifying" if verifiers else "administration"
    for verifier in verifiers:
        assert book is not None
        _add_person(session, order, book, verifier, leader_of(submission.filing, verifier), now)
    return Received(_receipt(order), fresh=True)


def _verifiers(
    book: Rulebook | None, submission: Submission, now: datetime
) -> tuple[Verifier, ...]:
    if book is None:
        return ()
    return who_must_verify(book, facts_of(submission.filing, china_day(now)))


def _receipt(order: MinistryOrder) -> Receipt:
    return Receipt(order.reference, order.received_at, order.book)


def _new_order(
    session: Session, submission: Submission, now: datetime, book: Rulebook | None
) -> MinistryOrder:
    return MinistryOrder(
        key=submission.key,
        reference=_reference(session, now),
        number=submission.number,
        type=submission.filing.type.value,
        province=submission.filing.entity.province,
        entity_digest=entity_digest(submission.filing.entity),
        content=to_json(submission.filing),
        state="administration",
        book=book.name if book else None,
        received_at=now,
        reasons=[],
    )


def _reference(session: Session, now: datetime) -> str:
    return f"M{china_day(now):%Y%m%d}-{next_value(session, 'references'):06d}"


def _add_person(
    session: Session,
    order: MinistryOrder,
    book: Rulebook,
    verifier: Verifier,
    leader: Person,
    now: datetime,
) -> None:
    mobile = plain_mobile(normalise_mobile(leader.mobile))
    person = MinistryPerson(
        order_id=order.id,
        verifier=verifier.key,
        roles=" ".join(verifier.roles),
        mobile=mobile,
        mobile_digest=mobile_digest(mobile),
        last_six_digest=last_six_digest(last_six(leader.certificate_number)),
        any_entry=book.counted_failure == "any",
        tries=book.tries,
        resends=book.resends_manual,
    )
    session.add(person)
    session.flush()
    reached = now + delay(book.synchronisation_minutes)
    schedule(session, person, "first", reached + delay(book.dispatch_minutes))


def by_key(session: Session, key: str) -> MinistryOrder | None:
    """The order handed over with this key, held against all others."""
    return session.execute(
        select(MinistryOrder).where(MinistryOrder.key == key).with_for_update()
    ).scalar_one_or_none()


def withdraw(session: Session, key: str, now: datetime) -> str:
    """Take an order back; a key never received is withdrawn for good.

    The word says what came of it: "withdrawn", "already" or "too-late". Nothing is raised, since
    that would undo an expiry which this touch found.
    """
    order = by_key(session, key)
    if order is None:
        _withdrawn_unseen(session, key, now)
        return "withdrawn"
    expire(session, order, now)
    if order.state == "withdrawn":
        return "already"
    if order.state != "verifying":
        return "too-late"
    order.state = "withdrawn"
    _void_all(session, order, now)
    return "withdrawn"


def _withdrawn_unseen(session: Session, key: str, now: datetime) -> None:
    session.add(
        MinistryOrder(
            key=key,
            reference=_reference(session, now),
            number="",
            type="",
            content=None,
            state="withdrawn",
            received_at=now,
            reasons=[],
        )
    )
    session.flush()


def _void_all(session: Session, order: MinistryOrder, now: datetime) -> None:
    people = session.scalars(select(MinistryPerson.id).where(MinistryPerson.order_id == order.id))
    void_codes(session, list(people), now)


def change_mobile(
    session: Session, key: str, verifier: str, mobile: str, now: datetime
) -> Exception | bool:
    """Correct a mobile where the book allows it: True when changed, False when it was so already.

    A refusal is handed back rather than raised, for the same reason as with `withdraw`. The tries
    and resends used stay; every code of the old number is void.
    """
    order = by_key(session, key)
    if order is None:
        return GiveUp("refused")
    expire(session, order, now)
    book = book_named(order.book)
    if book is None or order.type not in book.mobile_correction:
        return GiveUp("refused")
    if order.state != "verifying":
        return AlreadyDone()
    people = session.scalars(
        select(MinistryPerson).where(MinistryPerson.order_id == order.id)
    ).all()
    person = next((one for one in people if one.verifier == verifier), None)
    mobile = plain_mobile(normalise_mobile(mobile))
    new = mobile_digest(mobile)
    if person is None or any(one.mobile_digest == new for one in people if one is not person):
        return GiveUp("refused")
    if person.mobile_digest == new:
        return False
    if person.verified_at is not None:
        return AlreadyDone()
    _move_to(session, person, mobile, now)
    return True


def _move_to(session: Session, person: MinistryPerson, mobile: str, now: datetime) -> None:
    sent = person.code_sent_at is not None
    person.mobile, person.mobile_digest = mobile, mobile_digest(mobile)
    if not sent:
        return  # the first code is still due, and goes to the new number
    void_codes(session, [person.id], now)
    schedule(session, person, "new-mobile", now)
