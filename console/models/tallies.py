"""The figures, kept up as things happen: counting a million orders anew takes too long."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import UTCDateTime


class Tally(Base):
    """How often something befell on a day in China; `name` is one of `rules.tallies`.

    Each is kept for its province and, under the province "", for all of them.
    """

    __tablename__ = "tallies"

    province: Mapped[str] = mapped_column(String(2), primary_key=True)  # the figures of a period
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    count: Mapped[int]


class TallyCursor(Base):
    """The last event that was tallied. One row."""

    __tablename__ = "tally_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int]


class OrderCount(Base):
    """How many orders were in a state in a province when they were counted last."""

    __tablename__ = "order_counts"

    state: Mapped[str] = mapped_column(String(24), primary_key=True)
    province: Mapped[str] = mapped_column(String(2), primary_key=True)
    count: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
