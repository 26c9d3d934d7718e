"""Reading rows of which some may hold what cannot be read: damaged, or under a lost key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, inspect
from sqlalchemy.orm import defer

from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.types import EncryptedJSON, EncryptedText


def readable(query: Any, *models: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """All rows of a SELECT.

    Where one cannot be read, what is encrypted in these models waits until it is asked for: that
    row raises KeyMissing or DataDamaged for whoever needs it, and the others cost little more.
    """
    try:
        return db.session.execute(query).unique().all()
    except (KeyMissing, DataDamaged):
        later = [
            defer(getattr(model, column.key))
            for model in models
            for column in inspect(model).column_attrs
            if isinstance(column.columns[0].type, (EncryptedText, EncryptedJSON))
        ]
        return db.session.execute(query.options(*later)).unique().all()
