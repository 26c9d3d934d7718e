"""Who someone is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from console.extensions import db
from console.models.accounts import Account, LiveSession
from console.types import digest


def account_by_email(email: str) -> Account | None:
    """The account of an address, without regard to case."""
    return db.session.scalar(
        select(Account).where(Account.email_digest == digest("account-email", email))
    )


def account_of_session(
    uniquifier: str, token: str, now: datetime, idle: timedelta, absolute: timedelta
) -> tuple[Account, datetime] | None:
    """The active account of a live session, and when the session was last seen.

    None where the session has ended, was idle for too long, or is older than the absolute limit.
    A clock that went back does not revive anything: such a row is as good as fresh, no more.
    """
    row = (
        db.session.execute(
            select(Account, LiveSession.last_seen_at)
            .join(LiveSession, LiveSession.account_id == Account.id)
            .where(
                LiveSession.digest == digest("session", token),
                LiveSession.last_seen_at > now - idle,
                LiveSession.created_at > now - absolute,
                Account.fs_uniquifier == uniquifier,
                Account.active,
            )
            .options(joinedload(Account.roles))
            .execution_options(populate_existing=True)
        )
        .unique()
        .first()
    )
    return None if row is None else (row[0], row[1])


def any_account() -> bool:
    """Whether there is anyone at all."""
    return db.session.scalar(select(Account.id).limit(1)) is not None
