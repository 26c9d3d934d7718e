"""The register: what is filed, with its ICP numbers, as the ministry accepted it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedJSON, UTCDateTime


class RegisteredEntity(Base):
    """A filed entity. `content` holds `entity` and `entity_leader` as `rules.filing` does."""

    __tablename__ = "entities"
    __table_args__ = (Index("ix_entities_owner", "account_id", "id"),)  # the new-order page

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    icp_number: Mapped[str] = mapped_column(String(40), unique=True)
    province: Mapped[str] = mapped_column(String(2))
    certificate_digest: Mapped[str] = mapped_column(String(64), index=True)  # entity conflicts
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RegisteredService(Base):
    """A filed website or app. `with_us`: this provider is on the filing."""

    __tablename__ = "services"
    __table_args__ = (Index("ix_services_domain", "domain"),)  # domain conflicts

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"), index=True)
    icp_number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    domain: Mapped[str] = mapped_column(String(255), default="")
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    with_us: Mapped[bool] = mapped_column(default=True)
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
