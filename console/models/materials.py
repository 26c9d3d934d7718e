"""Uploaded papers of an order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from console.extensions import Base
from console.types import EncryptedText, UTCDateTime


class Material(Base):
    """One uploaded file. `path` is its name in the store, where it lies under the key `key_id`.

    `service` is the position of the website or app it is about. `digest` is a keyed digest of the
    file as it was sent, so that the same file sent twice is kept once. `round_first` is the round
    it is handed in with first. A file that was handed in and is taken away leaves its row behind,
    nameless, with `removed_at`.
    """

    __tablename__ = "materials"
    __table_args__ = (
        Index("ix_materials_order", "order_id", "id"),  # an order's papers
        Index("ix_materials_key", "removed_at", "key_id"),  # keys rotate
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[str] = mapped_column(String(32))
    service: Mapped[int | None]
    name: Mapped[str] = mapped_column(EncryptedText)
    content_type: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    pages: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(64), unique=True)
    key_id: Mapped[str] = mapped_column(String(8))
    # Base64 of a small JPEG; loaded where it is shown alone.
    thumbnail: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    round_first: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def slot(self) -> tuple[str, int | None]:
        """What it is filed under (`rules.materials.Slot`)."""
        return self.kind, self.service
