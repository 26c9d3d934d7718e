"""Leaders look at their own particulars while a mistake still costs nothing.

Before an order is forwarded, each person who will have to verify can enter the mobile number and
the last six characters that the ministry will ask for, and can say at any time that the link is
not meant for them. They act through a link and have no account.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import select

from console import clock
from console.errors import Conflict, Invalid, NotFound
from console.extensions import db
from console.models import Confirmation, Event, Order
from console.queries.around import BEFORE_FORWARDING
from console.queries.orders import verifiers_of
from console.rules.filing import Filing, Person
from console.rules.lifecycle import State
from console.rules.masking import last_six
from console.rules.mobiles import normalise_mobile
from console.rules.text import T
from console.rules.verifiers import Verifier, facts_of, leader_of, who_must_verify
from console.services.books import book_on
from console.services.contents import as_handed_over, round_of
from console.services.loading import order_of_link
from console.transactions import verb

LEADER = "leader"  # the actor of such an event
MOST_TRIES = 5  # as often as the ministry would let them, so that guessing gains nothing here
OPEN_TO_REPORT = (*BEFORE_FORWARDING, State.VERIFYING)


@dataclass(frozen=True)
class ToConfirm:
    """Someone who will have to verify if the ministry received the order today."""

    verifier: Verifier
    person: Person


def people_to_confirm(order: Order, handed: Filing | None) -> tuple[ToConfirm, ...]:
    """Who can confirm now, with what was submitted about them; nobody once it is forwarded.

    `handed` is what was submitted in the present round, as the ministry will get it.
    """
    if State(order.state) not in BEFORE_FORWARDING or handed is None:
        return ()
    today = clock.china_day(clock.now())
    try:
        verifiers = who_must_verify(book_on(today), facts_of(handed, today))
    except Invalid:  # another book is in force by now and takes no such order
        return ()
    return tuple(ToConfirm(verifier, leader_of(handed, verifier)) for verifier in verifiers)


def _to_confirm(order: Order) -> tuple[ToConfirm, ...]:
    filing = round_of(order, order.round)
    return people_to_confirm(order, as_handed_over(order, filing) if filing else None)


@verb
def confirm(order_id: int, epoch: int, key: str, mobile: str, tail: str) -> bool:
    """Whether both entries are those submitted about this person; which is wrong is not told.

    Raises NotFound where the link no longer stands or asks nothing of its holder, Conflict when
    the tries are used up.
    """
    order = order_of_link(order_id, epoch)
    asked = next((one for one in _to_confirm(order) if one.verifier.key == key), None)
    if asked is None:
        raise NotFound(T("There is nothing to confirm any more."))
    word = _word(order, key)
    if word.confirmed_at is not None:
        return True
    if word.reported_at is not None or word.tries >= MOST_TRIES:
        raise Conflict(T("The tries are used up. Ask the applicant to check your particulars."))
    word.tries += 1
    order.revision += 1
    if not _matches(asked.person, mobile, tail):
        stuck = word.tries >= MOST_TRIES
        _note(order, "leader-stuck" if stuck else "leader-mismatch", key, tries_used=word.tries)
        return False
    word.confirmed_at = clock.now()
    _note(order, "leader-confirmed", key)
    return True


@verb
def report_wrong_person(order_id: int, epoch: int, key: str) -> None:
    """Note that the link reached somebody else, or that the number is wrong. Once is enough.

    Raises NotFound where the link no longer stands or asks nothing of its holder.
    """
    order = order_of_link(order_id, epoch)
    known = {one.verifier.key for one in _to_confirm(order)}
    if State(order.state) is State.VERIFYING:
        known |= {row.key for row in verifiers_of(order)}
    if key not in known:
        raise NotFound(T("There is nothing to report any more."))
    word = _word(order, key)
    if word.reported_at is None:
        word.reported_at = clock.now()
        order.revision += 1
        _note(order, "leader-wrong-person", key)


def _word(order: Order, key: str) -> Confirmation:
    word = db.session.scalar(
        select(Confirmation).where(
            Confirmation.order_id == order.id,
            Confirmation.round == order.round,
            Confirmation.key == key,
        )
    )
    if word is None:
        word = Confirmation(order_id=order.id, round=order.round, key=key, tries=0)
        db.session.add(word)
    return word


def _matches(person: Person, mobile: str, tail: str) -> bool:
    wanted = f"{normalise_mobile(person.mobile)} {last_six(person.certificate_number)}"
    entered = f"{normalise_mobile(mobile)} {last_six(tail)}"
    return hmac.compare_digest(wanted.encode(), entered.encode())


def _note(order: Order, action: str, key: str, **more: int) -> None:
    db.session.add(
        Event(
            order_id=order.id,
            at=clock.now(),
            action=action,
            actor=LEADER,
            data={"verifier": key, **more},
        )
    )
