"""Orders: the case, what was submitted in each round, and by what it can be found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedJSON, EncryptedText, UTCDateTime


def _while_verifying(name: str, *columns: str) -> Index:
    where = text("state = 'verifying'")
    return Index(name, *columns, "deadline", "id", sqlite_where=where, postgresql_where=where)


def _mine(name: str, *columns: str) -> Index:
    # What stands behind the id is looked at in the index, before any row is fetched.
    filters = [one for one in ("type", "province", "round") if one not in columns]
    return Index(name, "reviewer_id", "state", *columns, "state_since", "id", *filters)


class Order(Base):
    """A case. Its state is assigned by `services.moves.move` alone.

    `revision` rises with every write that a page of the order would show. `content` is the filing
    as it stands (`rules.filing.to_json`); what was handed in is kept per round in `rounds`.
    `due_at` is when a draft or a returned order lapses, or when the answers of one that came to
    nothing are deleted; `cancel_at` when the book cancels it.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_list", "applicant_id", "touched_at", "id"),  # the applicant's list
        Index("ix_orders_own", "applicant_id", "state", "id"),  # what presses, on top of it
        Index("ix_orders_queue", "state", "state_since", "id"),  # the reviewers' queue
        # The queue's filters; what came back is told apart by its round.
        Index("ix_orders_queue_type", "state", "type", "state_since", "id"),
        Index("ix_orders_queue_province", "state", "province", "state_since", "id"),
        Index("ix_orders_queue_both", "state", "type", "province", "state_since", "id"),
        _mine("ix_orders_queue_mine"),
        _mine("ix_orders_queue_mine_province", "province"),
        Index(
            "ix_orders_queue_came_back",
            "state",
            "state_since",
            "id",
            sqlite_where=text("round > 1"),
            postgresql_where=text("round > 1"),
        ),
        Index("ix_orders_claims", "claimed_by_id", "state", "id"),  # what a reviewer has in hand
        # Verifying, by time left: the queue, the strips, the worker's reminders.
        Index("ix_orders_at_risk", "state", "deadline", "id"),
        # The same with the queue's filters: small, for few orders are being verified at once.
        _while_verifying("ix_orders_risk_type", "type"),
        _while_verifying("ix_orders_risk_province", "province"),
        _while_verifying("ix_orders_risk_both", "type", "province"),
        _while_verifying("ix_orders_risk_mine", "reviewer_id"),
        Index("ix_orders_due", "state", "due_at", "id"),  # the worker: lapse
        Index("ix_orders_cancel", "state", "cancel_at", "id"),  # the worker: cancel
        Index("ix_orders_entity", "entity_id", "state"),  # orders in each other's way
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    type: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(24))
    revision: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=0)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entity_id: Mapped[int | None] = mapped_column(ForeignKey("entities.id"))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    province: Mapped[str] = mapped_column(String(2), default="")
    label: Mapped[str] = mapped_column(String(255), default="")
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    approved_round: Mapped[int | None]

    rulebook: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned_by: Mapped[str | None] = mapped_column(String(16))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    return_note: Mapped[str | None] = mapped_column(EncryptedText)
    # What each reason points at: [{"reason", "fields": ["service-name:1"], "materials": [CODE]}].
    return_details: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]"
    )
    icp_numbers: Mapped[list[str]] = mapped_column(JSON, default=list)

    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))  # decided last
    share_epoch: Mapped[int] = mapped_column(default=1)

    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    touched_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def ministry_key(self) -> str:
        """The key under which the ministry knows the present round."""
        return f"{self.number}/{self.round}"


# Said so that the planner sees that the small indexes above hold all such orders.
BEING_VERIFIED = Order.state == literal_column("'verifying'")


class Round(Base):
    """What was submitted in one round: the version the reviewer and the ministry saw."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("order_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    round: Mapped[int]
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Mark(Base):
    """By what an order can be found: a domain or number in clear, personal data as its digest."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("order_id", "purpose", "value"),
        Index("ix_marks_find", "purpose", "value", "order_id"),  # search, conflicts, phone checks
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(255))


class VerifierRow(Base):
    """One person who must verify in one round, as far as the ministry has told us."""

    __tablename__ = "verifiers"
    __table_args__ = (UniqueConstraint("order_id", "round", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    round: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    roles: Mapped[str] = mapped_column(String(40))  # space-separated
    mobile: Mapped[str] = mapped_column(EncryptedText)
    certificate_type: Mapped[str] = mapped_column(String(40))
    sender: Mapped[str | None] = mapped_column(String(60))
    code_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries_used: Mapped[int] = mapped_column(default=0)
    resends_used: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
