"""Who someone is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session, joinedload, with_expression

from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.models.accounts import Account, AccountLetter, LiveSession, RecoveryCode
from console.queries.notices import unread_of
from console.queries.readable import readable
from console.types import digest, for_lists, keyring


def account_by_email(email: str) -> Account | None:
    """The account of an address, without regard to case."""
    query = select(Account).where(Account.email_digest == digest("account-email", email))
    return next((account for (account,) in readable(query, Account)), None)


def account_of_session(
    uniquifier: str, token: str, now: datetime, idle: timedelta, absolute: timedelta
) -> tuple[Account, datetime] | None:
    """The active account of a live session, and when the session was last seen.

    None where the session has ended, was idle for too long, or is older than the absolute limit.
    A clock that went back does not revive anything: such a row is as good as fresh, no more.
    """
    query = (
        select(Account, LiveSession.last_seen_at)
        .join(LiveSession, LiveSession.account_id == Account.id)
        .where(
            LiveSession.digest == digest("session", token),
            LiveSession.last_seen_at > now - idle,
            LiveSession.created_at > now - absolute,
            Account.fs_uniquifier == uniquifier,
            Account.active,
        )
        .options(
            joinedload(Account.roles),
            with_expression(Account.unread, unread_of(Account.id)),
        )
        .execution_options(populate_existing=True)
    )
    return next(((account, seen) for account, seen in readable(query, Account)), None)


def account_names(ids: Collection[int]) -> Mapping[int, str]:
    """The addresses of some accounts, in clear: whoever shows them masks them."""
    query = select(Account.id, for_lists(Account.email)).where(Account.id.in_(ids))
    return {row.id: row.email for row in db.session.execute(query)}


def digest_key_fits(session: Session | None = None) -> bool:
    """Whether DIGEST_KEY is the one of this database; True where nothing shows the contrary."""
    query = select(type_coerce(Account.email, Text), Account.email_digest).limit(20)
    fits = True
    for stored, found_by in (session or db.session).execute(query).all():
        with suppress(KeyMissing, DataDamaged):
            fits = digest("account-email", keyring().decrypt(stored)) == found_by
            if fits:
                break
    return fits


def any_account() -> bool:
    """Whether there is anyone at all."""
    return db.session.scalar(select(Account.id).limit(1)) is not None


@dataclass(frozen=True)
class SessionRow:
    """A session that is alive; `here` is the one that asks."""

    created_at: datetime
    last_seen_at: datetime
    here: bool


def sessions_of(
    account_id: int, token: str, now: datetime, idle: timedelta, absolute: timedelta
) -> Sequence[SessionRow]:
    """An account's live sessions, last seen first."""
    mine = digest("session", token)
    rows = db.session.scalars(
        select(LiveSession)
        .where(
            LiveSession.account_id == account_id,
            LiveSession.last_seen_at > now - idle,
            LiveSession.created_at > now - absolute,
        )
        .order_by(LiveSession.last_seen_at.desc(), LiveSession.id.desc())
    )
    return [SessionRow(r.created_at, r.last_seen_at, r.digest == mine) for r in rows]


def account_by_id(account_id: int) -> Account | None:
    """The account with this id."""
    return db.session.get(Account, account_id)


def recovery_codes_left(account_id: int) -> int:
    """How many recovery codes of the account are unused."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id)
    return db.session.scalar(query) or 0


def letters(limit: int = 20) -> Sequence[tuple[AccountLetter, Account]]:
    """The latest mails about accounts, newest first."""
    query = (
        select(AccountLetter, Account)
        .join(Account, Account.id == AccountLetter.account_id)
        .order_by(AccountLetter.id.desc())
        .limit(limit)
    )
    return [(letter, account) for letter, account in readable(query, AccountLetter, Account)]
