"""Column types: moments in UTC, and text and JSON that are encrypted at rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, DateTime, Dialect, Text, bindparam, type_coerce
from sqlalchemy.types import TypeDecorator

from console.keyring import DataDamaged, KeyMissing, Keyring
from console.rules.masking import Unreadable


def keyring() -> Keyring:
    """The keys of the running app."""
    ring: Keyring = current_app.extensions["keyring"]
    return ring


def digest(purpose: str, value: str) -> str:
    """The keyed digest by which a value of this purpose is found."""
    return keyring().digest(purpose, value)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite drops offsets silently, so naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Moment = ColumnElement[datetime] | datetime


def moment(name: str) -> ColumnElement[datetime]:
    """A moment that is given, by this name, when the statement runs."""
    return bindparam(name, type_=UTCDateTime)


class EncryptedText(TypeDecorator[str]):
    """Text encrypted at rest. Cannot be compared in SQL: keep a digest beside it for finding."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().decrypt(value)


class EncryptedJSON(TypeDecorator[Any]):
    """A JSON value encrypted at rest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring().encrypt(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(keyring().decrypt(value))


def legible(read: Callable[[], str]) -> str:
    """What `read` gives, or words for what is damaged or under a lost key: for lists, whose other
    rows are wanted all the same."""
    try:
        return read()
    except (KeyMissing, DataDamaged):
        return Unreadable(_("(cannot be read)"))


class LegibleText(EncryptedText):
    """Encrypted text as lists read it. To be read alone: a column of this type would keep the
    words in the place of what may still be saved."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return legible(lambda: keyring().decrypt(value))


def for_lists(column: Any) -> Any:
    """The column as a list selects it: encrypted text is read where that can be done."""
    if not isinstance(column.type, EncryptedText):
        return column
    return type_coerce(column, LegibleText).label(column.key)
