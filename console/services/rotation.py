"""Moving what is encrypted at rest under the newest key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, and_, func, inspect, select, tuple_, type_coerce, update
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Session

from console.extensions import Base, db
from console.keyring import KEY_ID, DataDamaged, KeyMissing
from console.models import Material
from console.transactions import verb
from console.types import EncryptedJSON, EncryptedText, keyring

BATCH = 200


@dataclass(frozen=True)
class Unread:
    """A value that could not be read, and so stays as it is: where it is, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Rotated:
    """What came of a batch. `last`: the row to go on after; None at the end of the column."""

    moved: int
    last: Sequence[Any] | None
    unread: tuple[Unread, ...] = ()


def rotating_columns() -> Sequence[Column[Any]]:
    """Every encrypted column of every table, the mock ministry's included."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (EncryptedText, EncryptedJSON))
    ]


def key_ids(session: Session) -> set[str]:
    """The ids of all keys that something in a database is under, of an older schema too."""
    there = inspect(session.connection())
    tables = set(there.get_table_names())
    found: set[str] = set()
    for column in (*rotating_columns(), Material.__table__.c.key_id):
        name = column.table.name
        if name in tables and column.name in {one["name"] for one in there.get_columns(name)}:
            stored = func.substr(type_coerce(column, SqlText), 1, 8)
            found.update(session.scalars(select(stored).where(column.is_not(None)).distinct()))
    return {one for one in found if KEY_ID.fullmatch(one)}


@verb
def rotate_batch(column: Column[Any], after: Sequence[Any] | None = None) -> Rotated:
    """Encrypt a batch of one column anew, of the rows behind `after`.

    What is under an older key is found by the key id it begins with. A row that someone else
    wrote meanwhile is under the newest key already and stays as it is. What cannot be read keeps
    nobody from the rest.
    """
    ring = keyring()
    table, stored = column.table, type_coerce(column, SqlText)
    keys = tuple(table.primary_key.columns)
    query = select(*keys, stored).where(stored.is_not(None), stored.not_like(f"{ring.newest}.%"))
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    rows = db.session.execute(query.order_by(*keys).limit(BATCH)).all()
    unread = []
    for *key, old in rows:
        try:
            fresh = ring.encrypt(ring.decrypt(old))
        except (KeyMissing, DataDamaged) as error:
            unread.append(Unread(f"{column} {'/'.join(map(str, key))}", str(error)))
            continue
        same_row = and_(*(part == value for part, value in zip(keys, key, strict=True)))
        db.session.execute(
            update(table)
            .where(same_row, stored == old)
            .values({column.name: type_coerce(fresh, SqlText)})
        )
    last = rows[-1][:-1] if len(rows) == BATCH else None
    return Rotated(len(rows) - len(unread), last, tuple(unread))
