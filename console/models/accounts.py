"""Accounts, their roles, and the sessions that are alive."""

from __future__ import annotations

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from console.extensions import Base
from console.types import EncryptedText, UTCDateTime

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
    older one no longer open. `language` is empty until the person chooses one.
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
    roles: Mapped[list[AccountRole]] = relationship(  # type: ignore[assignment]
        secondary=account_roles, lazy="selectin"
    )


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
