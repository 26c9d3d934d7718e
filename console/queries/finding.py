"""Finding orders by what someone holds in hand: a number, a domain, a name, a mobile.

Personal data are kept as keyed digests, so they are found by exact match alone; nothing that is
typed is ever taken for a pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Select, select, union

from console.errors import Invalid
from console.extensions import db
from console.models import Mark, Order
from console.queries.review import COLUMNS, PAGE, QueueRow
from console.rules.domains import parse_domain
from console.rules.icp_numbers import parse_icp_number
from console.rules.mobiles import normalise_mobile
from console.types import digest

# What is looked for by its digest: a name, a certificate, a mobile or an address of a person.
HIDDEN = ("entity-name", "certificate", "person-certificate", "person-name", "email", "mobile")
MOST = 200  # marks of one kind that are looked at


def open_marks(words: str) -> list[tuple[str, str]]:
    """The marks these words may stand for that are kept, and may be shown, in clear."""
    number = parse_icp_number(words)
    found = [("icp-number", str(number))] if number else []
    with suppress(Invalid):
        found.append(("domain", parse_domain(words)))
    return found


def hidden_marks(words: str) -> list[tuple[str, str]]:
    """The marks these words may stand for as personal data, by their digests."""
    found = [(purpose, digest(purpose, words)) for purpose in HIDDEN]
    found.append(("mobile", digest("mobile", normalise_mobile(words))))
    return list(dict.fromkeys(found))


def looked_for(words: str, marks: Sequence[tuple[str, str]]) -> Select[Any]:
    """The question for orders handed in at least once with this number or one of these marks."""
    # Each way by its own index; joined by OR the orders would be read through.
    branches = [select(Order.id).where(Order.number == words.upper()).subquery()]
    branches += [
        select(Mark.order_id.label("id"))
        .where(Mark.purpose == purpose, Mark.value == value)
        .order_by(Mark.order_id.desc())
        .limit(MOST)
        .subquery()
        for purpose, value in marks
    ]
    found = union(*(select(branch.c.id) for branch in branches)).subquery()
    return (
        select(*COLUMNS)
        .join(found, found.c.id == Order.id)
        .where(Order.round > 0)
        .order_by(Order.id.desc())
        .limit(PAGE)
    )


def find(words: str, marks: Sequence[tuple[str, str]]) -> Sequence[QueueRow]:
    """What is looked for; newest first."""
    query = looked_for(words, marks)
    return [QueueRow(**row) for row in db.session.execute(query).mappings()]
