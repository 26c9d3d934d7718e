"""What people were told in the console, what they chose, and how far the telling has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import UTCDateTime


class Notice(Base):
    """One thing an account was told. `key` is what makes it told once.

    `kind` is a `rules.notices.Kind`; `data` holds what the sentence needs, no personal data. `at`
    is when it befell.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_list", "account_id", "id"),  # a person's list
        Index("ix_notices_unread", "account_id", "read_at"),  # the number at the bell
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NoticeChoice(Base):
    """What a person chose for one kind; where there is no row, the table of offers holds."""

    __tablename__ = "notice_choices"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    console: Mapped[bool]
    mail: Mapped[bool]


class NoticeCursor(Base):
    """The last event that was told. One row."""

    __tablename__ = "notice_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int]


class Reminder(Base):
    """A reminder that was given: `key` makes each given once.

    `kind` is the threshold in hours, "by-hand" or "lapse"; the latter is about no verifier.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_verifier", "verifier_id", "kind", "at"),  # the worker; the throttle
        Index("ix_reminders_order", "order_id", "kind", "at"),  # the worker; the order's page
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("verifiers.id"))
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
