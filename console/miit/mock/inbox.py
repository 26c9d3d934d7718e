"""What the mock phone shows, and what the desk lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, or_, select
from sqlalchemy.orm import Session, defer

from console.errors import NotFound
from console.miit.mock.codes import mobile_digest
from console.miit.mock.tables import MinistryOrder, MinistryPerson, MinistryText
from console.rules.retention import MOCK_TEXTS
from console.rules.text import T
from console.types import Moment, for_lists

PAGE = 20
# As lists read them, where one that cannot be read is no reason to show nothing of the others.
TEXTS = select(*map(for_lists, MinistryText.__table__.columns))
PEOPLE = select(*map(for_lists, MinistryPerson.__table__.columns))


def pages_of(total: int) -> int:
    """How many pages that many rows fill; an empty list has one."""
    return max(1, -(-total // PAGE))


def arrived(
    session: Session, now: datetime, digest: str | None = None, page: int = 1
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """The texts that have arrived, newest first, and how many pages there are."""
    # What was sent "in the future" was sent before the clock was set back: it is here.
    here = or_(MinistryText.arrives_at <= now, MinistryText.sent_at > now)
    query = TEXTS.where(MinistryText.lost.is_(False), here)
    if digest is not None:
        query = query.where(MinistryText.mobile_digest == digest)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(MinistryText.sent_at.desc(), MinistryText.id.desc())
    return session.execute(newest.limit(PAGE).offset((page - 1) * PAGE)).all(), pages_of(total)


def inbox(session: Session, now: datetime, mobile: str | None) -> list[dict[str, str | None]]:
    """Every text that has arrived, newest first, as the command prints it."""
    digest = mobile_digest(mobile) if mobile else None
    rows: list[Row[*tuple[Any, ...]]] = []
    page, last = 1, 1
    while page <= last:
        texts, last = arrived(session, now, digest, page)
        rows.extend(texts)
        page += 1
    return [
        {
            "mobile": row.mobile,
            "sender": row.sender,
            "sent_at": row.sent_at.isoformat().replace("+00:00", "Z"),
            "code": row.code,
            "text": row.text,
        }
        for row in rows
    ]


def old_texts(until: Moment) -> Select[int]:
    """The oldest text, where it was sent until then: after MOCK_TEXTS it has had its time."""
    oldest = select(func.min(MinistryText.id)).scalar_subquery()
    return select(MinistryText.id).where(MinistryText.id == oldest, MinistryText.sent_at <= until)


def forget_texts(session: Session, now: datetime) -> None:
    """Delete the texts that have had their time."""
    session.execute(delete(MinistryText).where(MinistryText.sent_at <= now - MOCK_TEXTS))


@dataclass(frozen=True)
class DeskOrder:
    """An order on the desk with the people who must verify."""

    order: MinistryOrder
    people: Sequence[Row[*tuple[Any, ...]]]


def desk(session: Session, state: str, page: int) -> tuple[list[DeskOrder], int]:
    """The orders the ministry has, newest first, and how many pages; `state` "" is every one."""
    unread = defer(MinistryOrder.content), defer(MinistryOrder.note)
    query = select(MinistryOrder).where(MinistryOrder.number != "").options(*unread)
    if state:
        query = query.where(MinistryOrder.state == state)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    orders = session.scalars(
        query.order_by(MinistryOrder.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    people = _people(session, [order.id for order in orders])
    return [DeskOrder(order, people.get(order.id, [])) for order in orders], pages_of(total)


def desk_order(session: Session, reference: str) -> DeskOrder:
    """One order by the ministry's reference. Raises NotFound."""
    order = session.scalar(
        select(MinistryOrder).where(
            MinistryOrder.reference == reference, MinistryOrder.number != ""
        )
    )
    if order is None:
        raise NotFound(T("The ministry has no order %(number)s.", number=reference))
    return DeskOrder(order, _people(session, [order.id]).get(order.id, []))


def _people(session: Session, order_ids: list[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    rows = session.execute(
        PEOPLE.where(MinistryPerson.order_id.in_(order_ids)).order_by(MinistryPerson.id)
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found
