"""Moving what is encrypted at rest under the newest key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, and_, select, type_coerce, update
from sqlalchemy import Text as SqlText

from console.extensions import Base, db
from console.transactions import verb
from console.types import EncryptedJSON, EncryptedText, keyring

BATCH = 200


def rotating_columns() -> Sequence[Column[Any]]:
    """Every encrypted column of every table, the mock ministry's included."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (EncryptedText, EncryptedJSON))
    ]


@verb
def rotate_batch(column: Column[Any]) -> int:
    """Encrypt a batch of one column anew; how many, 0 when nothing is left.

    What is under an older key is found by the key id it begins with. A row that someone else
    wrote meanwhile is under the newest key already and stays as it is. Raises KeyMissing,
    DataDamaged.
    """
    ring = keyring()
    table, stored = column.table, type_coerce(column, SqlText)
    keys = tuple(table.primary_key.columns)
    rows = db.session.execute(
        select(*keys, stored)
        .where(stored.is_not(None), stored.not_like(f"{ring.newest}.%"))
        .limit(BATCH)
    ).all()
    for *key, old in rows:
        same_row = and_(*(part == value for part, value in zip(keys, key, strict=True)))
        db.session.execute(
            update(table)
            .where(same_row, stored == old)
            .values({column.name: type_coerce(ring.encrypt(ring.decrypt(old)), SqlText)})
        )
    return len(rows)
