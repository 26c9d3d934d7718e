"""What leaders said through their own links before and while they are asked to verify."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import UTCDateTime


class Confirmation(Base):
    """One leader's word in one round: that the particulars are theirs, or that they are not.

    `key` is the verifier's. `tries` counts what was entered, the entry that matched included.
    """

    __tablename__ = "confirmations"
    __table_args__ = (UniqueConstraint("order_id", "round", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    round: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    tries: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class LeaderLanguage(Base):
    """In which language a leader chose to read about an order; it goes before the applicant's word.

    `person` is the keyed digest of their certificate number: the choice outlives a round, and is
    not another leader's who takes their place.
    """

    __tablename__ = "leader_languages"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(10))
