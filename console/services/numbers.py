"""Order numbers: read out on the telephone, and the same for a form that was sent twice."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from console import clock
from console.extensions import db
from console.models import Account, Order
from console.services.actors import Actor
from console.types import digest

# No 0, O, 1, I or L: numbers are read out on the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def new_number(now: datetime) -> str:
    """A number that no order has."""
    while True:
        tail = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        number = f"{clock.china_day(now):%Y%m%d}-{tail}"
        if db.session.scalar(select(Order.id).where(Order.number == number)) is None:
            return number


def number_for_key(actor: Actor, key: str, now: datetime) -> tuple[str, bool]:
    """The number that goes with a form's key today, and whether its order was started already.

    The account's row is locked, so that copies of one form wait for each other.
    """
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    rest = int(digest("order-key", f"{actor.id}:{key}"), 16)
    tail = ""
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(LETTERS))
        tail += LETTERS[place]
    number = f"{clock.china_day(now):%Y%m%d}-{tail}"
    owner = db.session.scalar(select(Order.applicant_id).where(Order.number == number))
    if owner is not None and owner != actor.id:
        return new_number(now), False  # one chance in 700 million, and still no harm
    return number, owner is not None
