"""Reads through the database's driver alone, for what open pages ask by the thousand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, Select, event
from sqlalchemy.pool import QueuePool


class Direct:
    """Connections of its own, set up as the engine's are, that begin no transaction.

    As many are kept as have ever been in use at once. One that failed is let go with all the
    others: a server that was away has closed those too. They end when the engine is disposed of.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._free: deque[Any] = deque()
        event.listen(engine, "engine_disposed", lambda _engine: self._let_go())

    @staticmethod
    def possible(engine: Engine) -> bool:
        """Whether further connections see the same database: one in memory has only its own."""
        return isinstance(engine.pool, QueuePool)

    def rows(self, statement: str, values: Any) -> list[Any]:
        """What the statement finds, as the driver gives it. Raises whatever the driver raises."""
        try:
            cursor = self._free.pop()
        except IndexError:
            cursor = self._connected()
        try:
            # All rows at once: that ends the statement, and its read.
            cursor.execute(statement, values)
            found: list[Any] = cursor.fetchall()
        except Exception:
            _close(cursor)
            self._let_go()
            raise
        self._free.append(cursor)
        return found

    def _connected(self) -> Any:
        """The one cursor of a new connection."""
        pooled = self.engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self.engine.dialect.name == "postgresql":
            connection.autocommit = True  # nothing is to stay open between polls
        return connection.cursor()

    def _let_go(self) -> None:
        while self._free:
            _close(self._free.pop())


class Statement:
    """A select, put together once, whose rows have the values that the columns' types say."""

    def __init__(self, direct: Direct, select: Select[*tuple[Any, ...]]) -> None:
        dialect = direct.engine.dialect
        compiled = select.compile(direct.engine)
        self._rows = direct.rows
        self._sql = str(compiled)
        self._positions = compiled.positiontup  # None where the driver takes names
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        made: list[Callable[[Any], Any] | None] = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in select.selected_columns
        ]
        self._made = [(n, make) for n, make in enumerate(made) if make]

    def __call__(self, **values: Any) -> list[list[Any]]:
        """All rows for these values. Raises whatever the driver raises."""
        given: Any = self._fixed | values
        if self._positions is not None:
            given = [given[name] for name in self._positions]
        rows = [list(row) for row in self._rows(self._sql, given)]
        for row in rows:
            for n, make in self._made:
                row[n] = make(row[n])
        return rows


def _close(cursor: Any) -> None:
    with suppress(Exception):
        cursor.connection.close()
