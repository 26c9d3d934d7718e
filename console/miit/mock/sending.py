"""Codes that fall due become texts: the drawing, the text and the event in one transaction.

Nothing is sent unless it is also marked as sent, so that a worker that was killed between the
two has done neither, and two workers at once send each code once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, defer

from console.clock import CHINA
from console.miit.gateway import EventKind
from console.miit.mock.codes import draw
from console.miit.mock.events import tell
from console.miit.mock.settings import book_named
from console.miit.mock.store import Fault, faulty
from console.miit.mock.tables import MinistryCode, MinistryOrder, MinistryPerson, MinistryText
from console.rules.book import Rulebook
from console.rules.carriers import sender_for
from console.types import Moment

# How much later a text arrives with the fault `late-texts`.
LATE = timedelta(minutes=10)
# How long a code is left alone that cannot be sent, since its number cannot be read.
UNSENDABLE = timedelta(hours=1)

WORDING = (
    "【备案核验演练】验证码 {code}。请于 {until}（北京时间）前在工信部核验页面（演练）"
    "填写验证码、手机号和证件号码后六位。请勿转告他人。\n"
    "[ICP filing rehearsal] Code {code}. Enter it with your mobile number and the last six "
    "characters of your certificate by {until} (China time). Tell it to no one."
)


def schedule(session: Session, person: MinistryPerson, occasion: str, due_at: datetime) -> None:
    """Have a code sent to a person at `due_at`."""
    session.add(MinistryCode(person_id=person.id, occasion=occasion, due_at=due_at))
    session.flush()


def due_codes(now: Moment) -> Select[int]:
    """The codes whose time to be sent has come, in the order of their moments."""
    return (
        select(MinistryCode.id)
        .where(
            MinistryCode.sent_at.is_(None),
            MinistryCode.void_at.is_(None),
            MinistryCode.due_at <= now,
        )
        .order_by(MinistryCode.due_at, MinistryCode.id)
    )


def put_off(session: Session, code_id: int, now: datetime) -> None:
    """Leave a code that cannot be sent alone for a while, so that it holds up no other."""
    later = update(MinistryCode).where(MinistryCode.id == code_id, MinistryCode.sent_at.is_(None))
    session.execute(later.values(due_at=now + UNSENDABLE))


def due_codes_of(session: Session, person: MinistryPerson, now: datetime) -> list[int]:
    """The same, of one person."""
    return list(session.scalars(due_codes(now).where(MinistryCode.person_id == person.id)))


def locked_order(session: Session, order_id: int) -> MinistryOrder:
    """The order, held against all others until the transaction ends.

    What was handed in is read when it is asked for: time goes on though it cannot be read.
    """
    return session.execute(
        select(MinistryOrder)
        .where(MinistryOrder.id == order_id)
        .with_for_update()
        .options(defer(MinistryOrder.content), defer(MinistryOrder.note))
        .execution_options(populate_existing=True)
    ).scalar_one()


def send_code(session: Session, code_id: int, now: datetime) -> None:
    """Send one code that is due, unless another was first or it is no longer wanted."""
    code = session.get_one(MinistryCode, code_id)
    person = session.get_one(MinistryPerson, code.person_id)
    order = locked_order(session, person.order_id)
    session.refresh(person)
    if not _claimed(session, code_id, now):
        return
    over = order.deadline is not None and now >= order.deadline
    if order.state != "verifying" or person.verified_at or person.failed_at or over:
        session.execute(update(MinistryCode).where(MinistryCode.id == code_id).values(void_at=now))
        return
    book = book_named(order.book)
    assert book is not None  # without a book nobody is texted
    order.deadline = order.deadline or now + timedelta(hours=book.window_hours)
    _void_earlier(session, person, code_id, now)
    digits, of_mobile, of_person = draw(session, person)
    session.execute(
        update(MinistryCode)
        .where(MinistryCode.id == code_id)
        .values(code_digest=of_mobile, person_digest=of_person)
    )
    person.sender = sender_for(book, person.mobile)
    person.code_sent_at = person.code_sent_at or now
    _text(session, person, digits, order.deadline, now)
    _told(session, order, person, code.occasion, now)
    _next_automatic(session, book, order, person, now)


def _claimed(session: Session, code_id: int, now: datetime) -> bool:
    claimed = session.execute(
        update(MinistryCode)
        .where(
            MinistryCode.id == code_id,
            MinistryCode.sent_at.is_(None),
            MinistryCode.void_at.is_(None),
        )
        .values(sent_at=now)
        .returning(MinistryCode.id)
    )
    return claimed.scalar_one_or_none() is not None


def _void_earlier(session: Session, person: MinistryPerson, code_id: int, now: datetime) -> None:
    session.execute(
        update(MinistryCode)
        .where(
            MinistryCode.person_id == person.id,
            MinistryCode.id != code_id,
            MinistryCode.sent_at.is_not(None),
            MinistryCode.void_at.is_(None),
        )
        .values(void_at=now)
    )


def _text(
    session: Session, person: MinistryPerson, digits: str, deadline: datetime, now: datetime
) -> None:
    until = f"{deadline.astimezone(CHINA):%Y-%m-%d %H:%M}"
    session.add(
        MinistryText(
            mobile=person.mobile,
            mobile_digest=person.mobile_digest,
            sender=person.sender,
            text=WORDING.format(code=digits, until=until),
            code=digits,
            sent_at=now,
            arrives_at=now + LATE if faulty(session, Fault.LATE_TEXTS) else now,
            lost=faulty(session, Fault.LOST_TEXTS),
        )
    )


def _told(
    session: Session, order: MinistryOrder, person: MinistryPerson, occasion: str, now: datetime
) -> None:
    if occasion in ("first", "new-mobile"):
        assert order.deadline is not None
        tell(
            session,
            now,
            order,
            EventKind.CODE_SENT,
            person.verifier,
            sender=person.sender,
            deadline=order.deadline.isoformat(),
            mobile_tail=person.mobile[-4:],
        )
        return
    tell(
        session,
        now,
        order,
        EventKind.CODE_RESENT,
        person.verifier,
        sender=person.sender,
        resends_used=person.resends_used,
        automatic=occasion == "automatic",
    )


def next_midnight(moment: datetime) -> datetime:
    """00:00 in China of the day after `moment` (RULEBOOKS: times of day are UTC+8)."""
    day = moment.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def _next_automatic(
    session: Session,
    book: Rulebook,
    order: MinistryOrder,
    person: MinistryPerson,
    now: datetime,
) -> None:
    midnight = next_midnight(now)
    if book.resend_automatic is None or order.deadline is None or midnight >= order.deadline:
        return
    planned = session.execute(
        select(MinistryCode.id).where(
            MinistryCode.person_id == person.id,
            MinistryCode.occasion == "automatic",
            MinistryCode.sent_at.is_(None),
            MinistryCode.void_at.is_(None),
        )
    ).first()
    if planned is None:
        schedule(session, person, "automatic", midnight)
