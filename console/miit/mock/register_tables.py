"""The ministry's register, and the small tables beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedJSON, UTCDateTime


class MinistryEntity(Base):
    """An entity that is filed, or was: the row of a cancelled one keeps its number taken."""

    __tablename__ = "miit_entities"
    __table_args__ = (Index("ix_miit_entities_certificate", "certificate_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    certificate_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    last_position: Mapped[int] = mapped_column(default=0)
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MinistryService(Base):
    """A service that is filed, or was. `accesses` is how many providers give it access."""

    __tablename__ = "miit_services"
    __table_args__ = (Index("ix_miit_services_domain", "kind", "domain"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("miit_entities.id"), index=True)
    number: Mapped[str] = mapped_column(String(48), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    domain: Mapped[str] = mapped_column(String(255), default="")
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    accesses: Mapped[int] = mapped_column(default=1)
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MinistryCounter(Base):
    """The last value given out of one series: event sequences, references, ICP numbers."""

    __tablename__ = "miit_counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


class MinistryFault(Base):
    """A fault that was switched on."""

    __tablename__ = "miit_faults"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class MinistryThrottle(Base):
    """How often one pair of mobile and last six was entered without success since `since`.

    The row is written for every entry alike, so that neither the answer nor its time tells
    whether the ministry knows the pair.
    """

    __tablename__ = "miit_throttles"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int]
    since: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class MinistryPicture(Base):
    """A picture check that was answered, so that it is never accepted again."""

    __tablename__ = "miit_pictures"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
