"""Reads a rulebook's TOML table key by key; whatever is wrong is told with its book and its key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from console.rules.bilingual import Bilingual

_MISSING = object()


class BookError(ValueError):
    """A rulebook's file is not as it must be."""

    def __init__(self, book: str, key: str, problem: str) -> None:
        super().__init__(f"rulebook {book}: {key}: {problem}")
        self.book = book
        self.key = key


class Reader:
    """One table. What is read is ticked off; `done()` refuses what nobody asked for."""

    def __init__(self, book: str, table: Mapping[str, Any], path: str = "") -> None:
        self.book = book
        self._table = dict(table)
        self._path = path

    def _key(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def fail(self, name: str, problem: str) -> BookError:
        """The error to raise about the key `name` of this table."""
        return BookError(self.book, self._key(name), problem)

    def _take(self, name: str, kind: type, default: Any) -> Any:
        value = self._table.pop(name, _MISSING)
        if value is _MISSING:
            if default is _MISSING:
                raise self.fail(name, "is missing")
            return default
        # TOML tells true from 1 and a day from a moment; Python's isinstance does not.
        if type(value) is not kind:
            raise self.fail(name, f"must be {kind.__name__}, not {type(value).__name__}")
        return value

    def text(self, name: str, allowed: Collection[str] | None = None) -> str:
        """A text that is not empty, one of `allowed` where given."""
        value: str = self._take(name, str, _MISSING)
        if not value.strip():
            raise self.fail(name, "is empty")
        if allowed is not None and value not in allowed:
            raise self.fail(name, f"{value!r} is none of {', '.join(sorted(allowed))}")
        return value

    def text_or_none(self, name: str, allowed: Collection[str] | None = None) -> str | None:
        """The same, None where the key is left out."""
        return self.text(name, allowed) if name in self._table else None

    def number(self, name: str) -> int:
        """A whole number from 0."""
        value: int = self._take(name, int, _MISSING)
        if value < 0:
            raise self.fail(name, "is negative")
        return value

    def number_or_none(self, name: str) -> int | None:
        """The same, None where the key is left out."""
        return self.number(name) if name in self._table else None

    def flag(self, name: str) -> bool:
        """True or false."""
        return bool(self._take(name, bool, _MISSING))

    def day(self, name: str) -> date:
        """A calendar day."""
        value: date = self._take(name, date, _MISSING)
        assert not isinstance(value, datetime)
        return value

    def day_or_none(self, name: str) -> date | None:
        """The same, None where the key is left out."""
        return self.day(name) if name in self._table else None

    def span(self, name: str) -> tuple[int, int]:
        """[least, most], both whole numbers from 0."""
        value = self._take(name, list, _MISSING)
        if len(value) != 2 or any(type(item) is not int or item < 0 for item in value):
            raise self.fail(name, "must be two whole numbers from 0")
        if value[0] > value[1]:
            raise self.fail(name, "the least is more than the most")
        return value[0], value[1]

    def span_or_none(self, name: str) -> tuple[int, int] | None:
        """The same, None where the key is left out."""
        return self.span(name) if name in self._table else None

    def texts(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of texts, each one of `allowed`, none twice."""
        value = self._take(name, list, _MISSING)
        for item in value:
            if item not in allowed:
                raise self.fail(name, f"{item!r} is none of {', '.join(sorted(allowed))}")
        if len(set(value)) != len(value):
            raise self.fail(name, "names something twice")
        return tuple(value)

    def texts_or_none(self, name: str, allowed: Collection[str]) -> tuple[str, ...] | None:
        """The same, None where the key is left out."""
        return self.texts(name, allowed) if name in self._table else None

    def table(self, name: str) -> Reader:
        """A table within this one."""
        return Reader(self.book, self._take(name, dict, _MISSING), self._key(name))

    def table_or_none(self, name: str) -> Reader | None:
        """The same, None where the key is left out."""
        return self.table(name) if name in self._table else None

    def tables(self, name: str) -> Iterator[Reader]:
        """The tables of an array; none where the key is left out."""
        for number, item in enumerate(self._take(name, list, []), 1):
            if type(item) is not dict:
                raise self.fail(name, "must hold tables only")
            yield Reader(self.book, item, f"{self._key(name)}[{number}]")

    def both(self, name: str) -> Bilingual:
        """A table of `en` and `zh`."""
        return self.table(name).as_both()

    def both_or_none(self, name: str) -> Bilingual | None:
        """The same, None where the key is left out."""
        return self.both(name) if name in self._table else None

    def as_both(self) -> Bilingual:
        """This table as words in two languages."""
        words = Bilingual(en=self.text("en"), zh=self.text("zh"))
        self.done()
        return words

    def names(self) -> tuple[str, ...]:
        """The keys not read yet."""
        return tuple(self._table)

    def done(self) -> None:
        """Refuse whatever was not read."""
        for name in self._table:
            raise self.fail(name, "is not a key of a rulebook")
