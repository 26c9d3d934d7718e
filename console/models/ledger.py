"""What happened, what must be told outside, and what the ministry told us."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedJSON, UTCDateTime


class Event(Base):
    """One thing that happened: insert-only, without personal data in clear.

    A move has `from_state` and `to_state`. `at` is when it befell, which for what the ministry
    tells or what fell due is earlier than when the row was written.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_order", "order_id", "id"),  # an order's history
        Index("ix_events_at", "at", "id"),  # the figures and the audit trail, for a period
        Index("ix_events_actor", "actor_id", "at", "id"),  # the audit trail, for a person
        Index("ix_events_action", "action", "at", "id"),  # the audit trail, for what was done
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    action: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str | None] = mapped_column(String(24))
    to_state: Mapped[str | None] = mapped_column(String(24))
    actor: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Delivery(Base):
    """Something to be told outside, written with the move that causes it, sent after commit.

    `key` makes a repeat harmless for the receiver. A worker that sends holds `leased_until`. A
    delivery with `held_at` was stopped by hand: no worker takes it until it is released.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "done_at", "due_at", "id"),  # the worker
        Index("ix_deliveries_order", "order_id", "id"),  # an order's part of the ledger
        Index("ix_deliveries_kind", "kind", "id"),  # the ledger of one kind; the mails' outbox
        Index(  # the ledger of what is open or stuck; the desk's number of what is stuck
            "ix_deliveries_open",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(  # retention: mails that were settled long ago
            "ix_deliveries_mails_done",
            "done_at",
            sqlite_where=text("kind = 'mail'"),
            postgresql_where=text("kind = 'mail'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(24))  # submit, withdraw, change-mobile, mail
    key: Mapped[str] = mapped_column(String(80), unique=True)
    # Read when it is asked for: one that cannot be read must not hold up all that is about others.
    payload: Mapped[Any] = mapped_column(EncryptedJSON, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(40))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MinistryNews(Base):
    """An event of the ministry, kept once however often it is told, applied in its order.

    `applied_at` stays empty while the order is not ready for it; it is looked at again at
    `due_at`. `result` says what came of it.
    """

    __tablename__ = "ministry_news"
    __table_args__ = (Index("ix_ministry_news_open", "applied_at", "sequence"),)  # the worker

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    verifier: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    data: Mapped[Any] = mapped_column(EncryptedJSON)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[str | None] = mapped_column(String(60))


class Seal(Base):
    """A block of events, closed: its digest covers the events, the seal before, and the moment.

    A changed, missing or inserted event no longer matches (`audit verify`).
    """

    __tablename__ = "seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_event_id: Mapped[int] = mapped_column(unique=True)
    last_event_id: Mapped[int] = mapped_column(unique=True)
    count: Mapped[int]
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    digest: Mapped[str] = mapped_column(String(64))
