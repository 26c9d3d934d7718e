"""What the provider's desk keeps besides the orders: notes, attempts, settings, heartbeats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedText, UTCDateTime


class Note(Base):
    """What a reviewer tells colleagues about an order; applicants never see it."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_order", "order_id", "id"),)  # the review page

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(EncryptedText)


class DeliveryAttempt(Base):
    """One time that a delivery was sent, and what came back. `next_at`: when it is sent again."""

    __tablename__ = "delivery_attempts"
    __table_args__ = (Index("ix_delivery_attempts_delivery", "delivery_id", "id"),)  # the ledger

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(120), default="")
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Setting(Base):
    """A text that may change while the console runs; one that has no row is as configured."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(2000))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))


class Beat(Base):
    """A worker's sign of life, by host and process."""

    __tablename__ = "beats"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
