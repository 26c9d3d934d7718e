"""What the ministry keeps of orders: people who must verify, codes, texts, events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedJSON, EncryptedText, UTCDateTime


class MinistryOrder(Base):
    """An order as it was received, with the terms of the book that was in force on that day.

    States: `verifying` `expired` `failed` `withdrawn` `refused` `administration` `accepted`
    `returned`. The deadline is empty until the order's first code is sent. An order withdrawn
    before it was ever received has no content.
    """

    __tablename__ = "miit_orders"
    __table_args__ = (
        Index("ix_miit_orders_due", "state", "deadline"),  # the clockwork: expiry
        Index("ix_miit_orders_number", "number", "id"),  # a decision names the order's number
        Index("ix_miit_orders_entity", "entity_digest", "state"),  # orders in each other's way
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(20))
    province: Mapped[str] = mapped_column(String(2), default="")
    entity_digest: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[Any] = mapped_column(EncryptedJSON, nullable=True)
    state: Mapped[str] = mapped_column(String(16))
    book: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str | None] = mapped_column(EncryptedText)


class MinistryPerson(Base):
    """One person who must verify in one order, found by the digest of the mobile number.

    `tries` and `resends` are the book's limits (no limit: empty); `any_entry` says whether every
    failed entry counts as a try or only a wrong certificate number.
    """

    __tablename__ = "miit_people"
    __table_args__ = (
        Index("ix_miit_people_mobile", "mobile_digest"),  # every entry at the portal
        Index("ix_miit_people_order", "order_id", "verifier", unique=True),
        Index(  # the clockwork: a last try whose answer was never given
            "ix_miit_people_counted",
            "last_entry_at",
            sqlite_where=text("verified_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("verified_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("miit_orders.id"))
    verifier: Mapped[str] = mapped_column(String(40))
    roles: Mapped[str] = mapped_column(String(40))  # space-separated
    mobile: Mapped[str] = mapped_column(EncryptedText)
    mobile_digest: Mapped[str] = mapped_column(String(64))
    last_six_digest: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str | None] = mapped_column(String(40))
    any_entry: Mapped[bool]
    tries: Mapped[int]
    tries_used: Mapped[int] = mapped_column(default=0)
    resends: Mapped[int | None]
    resends_used: Mapped[int] = mapped_column(default=0)
    code_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the first one
    last_entry_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MinistryCode(Base):
    """A code that is due or was sent; kept as keyed digests, drawn at the moment of sending.

    `code_digest` is over mobile and code: no two live ones of a mobile number may be equal.
    `person_digest` is over person and code: what this person has had is not sent again.
    """

    __tablename__ = "miit_codes"
    __table_args__ = (
        Index("ix_miit_codes_due", "sent_at", "void_at", "due_at"),  # the clockwork: to be sent
        Index("ix_miit_codes_person", "person_id", "person_digest"),
        Index(
            "uq_miit_codes_live",
            "code_digest",
            unique=True,
            sqlite_where=text("void_at IS NULL"),
            postgresql_where=text("void_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("miit_people.id"))
    occasion: Mapped[str] = mapped_column(String(12))  # first, resend, automatic, new-mobile
    code_digest: Mapped[str | None] = mapped_column(String(64))
    person_digest: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MinistryText(Base):
    """A text message on its way to, or on, the mock phone. A lost one never arrives."""

    __tablename__ = "miit_texts"
    __table_args__ = (Index("ix_miit_texts_inbox", "mobile_digest", "arrives_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mobile: Mapped[str] = mapped_column(EncryptedText)
    mobile_digest: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(EncryptedText)
    code: Mapped[str] = mapped_column(EncryptedText)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    arrives_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lost: Mapped[bool] = mapped_column(default=False)


class MinistryEventRow(Base):
    """What the ministry tells, insert-only. `sequence` is drawn under a lock held to the commit,
    so that a reader's cursor never passes an event that is not visible yet."""

    __tablename__ = "miit_events"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    verifier: Mapped[str | None] = mapped_column(String(40))
    data: Mapped[Any] = mapped_column(EncryptedJSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    available_at: Mapped[datetime] = mapped_column(UTCDateTime)
