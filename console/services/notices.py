"""What a person does with notices: reading them, and choosing which to get where."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select, update

from console import clock
from console.errors import NotFound
from console.extensions import db
from console.models import Notice, NoticeChoice
from console.rules.notices import Kind, offers_for
from console.rules.text import T
from console.services.accounts import locked
from console.transactions import verb


@verb
def open_notice(account_id: int, notice_id: int) -> Notice:
    """Mark one's own notice as read and give it. Raises NotFound."""
    notice = db.session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.account_id == account_id)
    )
    if notice is None:
        raise NotFound(T("There is no such notice."))
    if notice.read_at is None:
        notice.read_at = clock.now()
    return notice


@verb
def read_all(account_id: int, up_to: int) -> None:
    """Mark as read what the person saw: not what came after they opened the page."""
    db.session.execute(
        update(Notice)
        .where(Notice.account_id == account_id, Notice.id <= up_to, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


@verb
def choose(account_id: int, roles: set[str], chosen: Mapping[Kind, tuple[bool, bool]]) -> None:
    """Keep, for each kind that the roles may choose, whether it is told in console and by mail.

    A kind that is not given is off by both; what must always be told in the console stays on.
    """
    locked(account_id)  # of two choices made at once the later one stands, whole
    offers = offers_for(roles)
    kinds = [offer.kind.value for offer in offers]
    db.session.execute(
        delete(NoticeChoice).where(
            NoticeChoice.account_id == account_id, NoticeChoice.kind.in_(kinds)
        )
    )
    for offer in offers:
        console, mail = chosen.get(offer.kind, (False, False))
        db.session.add(
            NoticeChoice(
                account_id=account_id,
                kind=offer.kind.value,
                console=console or offer.always,
                mail=mail,
            )
        )
