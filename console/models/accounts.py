"""Accounts, their roles, and the sessions that are alive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from console.extensions import Base
from console.types import EncryptedJSON, EncryptedText, UTCDateTime, legible

ROLES = ("applicant", "reviewer", "administrator")

account_roles = Table(
    "account_roles",
    Base.metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class AccountRole(Base, RoleMixin):
    """One of `ROLES`."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Account(Base, UserMixin):
    """Someone who signs in. `password` is an argon2 hash.

    `epoch` rises at logout, at disabling and when a role is taken away: links signed with an
    older one no longer open. `language` is empty until the person chooses one. `confirmed_at` is
    empty while nobody has shown that the e-mail address is theirs. `totp_secret` is the second
    factor's key (RFC 6238, base 32), `totp_counter` the last time step whose code was used.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(EncryptedText)
    email_digest: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(12), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_counter: Mapped[int | None]
    totp_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Read along with the session, since every page has a bell; None where nobody asked.
    unread: Mapped[int | None] = query_expression()
    roles: Mapped[list[AccountRole]] = relationship(  # type: ignore[assignment]
        secondary=account_roles, lazy="selectin"
    )

    @property
    def shown_email(self) -> str:
        """The address in clear, or words for one that cannot be read: for the person's own page."""
        return legible(lambda: self.email)


class LiveSession(Base):
    """A session that has not ended: the digest of the random id that its cookie carries.

    Deleting the row ends the session at its next request, whatever cookie is presented.
    """

    __tablename__ = "live_sessions"
    __table_args__ = (Index("ix_live_sessions_account", "account_id"),)  # end all of a person's

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A code that stands in for the second factor once: only its keyed digest is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_account", "account_id"),)  # how many are left

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AccountLetter(Base):
    """A mail about an account, worded when it is sent.

    `payload` holds the address and the language. No account: somebody asked in the name of an
    address that has none; the row is there so that asking costs the same, and nothing is sent.
    """

    __tablename__ = "account_letters"
    __table_args__ = (Index("ix_account_letters_due", "done_at", "due_at", "id"),)  # the worker

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    payload: Mapped[Any] = mapped_column(EncryptedJSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(24))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
