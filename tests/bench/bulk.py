"""Writing rows in bulk: COPY on PostgreSQL, many at once on SQLite; indexes are made afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from types import TracebackType
from typing import Any

from sqlalchemy import Engine, Table, text

from console.extensions import db

BATCH = 20_000
# Where the rows carry an id of their own; elsewhere the database counts.
NUMBERED = {"orders", "events", "deliveries", "ministry_news"}


class Bulk:
    """Takes rows of the tables that were asked for and leaves the others out."""

    def __init__(self, engine: Engine, tables: Collection[str]) -> None:
        self.tables: dict[str, Table] = {
            table.name: table for table in db.metadata.sorted_tables if table.name in tables
        }
        self.engine = engine
        self.rows: Counter[str] = Counter()
        self._waiting: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self.tables}
        self._columns = {
            name: [c.name for c in table.columns if c.name != "id" or name in NUMBERED]
            for name, table in self.tables.items()
        }
        self._is_postgres = engine.dialect.name == "postgresql"

    def __enter__(self) -> Bulk:
        db.session.remove()
        self.engine.dispose()  # SQLite changes its journal for a connection that is alone
        self._connection = self.engine.raw_connection()
        self._cursor = self._connection.cursor()
        if self._is_postgres:
            self._cursor.execute("SET session_replication_role = replica")  # no look-up of parents
            self._cursor.execute("SET synchronous_commit = off")
        else:
            for pragma in ("foreign_keys = OFF", "synchronous = OFF", "journal_mode = OFF"):
                self._cursor.execute(f"PRAGMA {pragma}")
            self._cursor.execute("BEGIN")
        for table in self.tables.values():
            for index in table.indexes:
                self._cursor.execute(f"DROP INDEX IF EXISTS {index.name}")
        return self

    def add(self, table: str, values: tuple[Any, ...]) -> None:
        """One row."""
        waiting = self._waiting.get(table)
        if waiting is None:
            return
        waiting.append(values)
        if len(waiting) == BATCH:
            self._write(table)

    def _write(self, name: str) -> None:
        rows, columns = self._waiting[name], self._columns[name]
        if not rows:
            return
        listed = ", ".join(f'"{column}"' for column in columns)
        if self._is_postgres:
            with self._cursor.copy(f"COPY {name} ({listed}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            self._cursor.executemany(f"INSERT INTO {name} ({listed}) VALUES ({marks})", rows)
        self.rows[name] += len(rows)
        rows.clear()

    def __exit__(
        self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            for name in self.tables:
                self._write(name)
            self._connection.commit()
        self._connection.detach()  # its settings are not for others
        self._connection.close()
        if kind is None:
            self._finish()

    def _finish(self) -> None:
        with self.engine.begin() as connection:
            for name, table in self.tables.items():
                for index in table.indexes:
                    index.create(connection)
                if self._is_postgres and name in NUMBERED and name != "ministry_news":
                    series = f"pg_get_serial_sequence('{name}', 'id')"
                    most = f"(SELECT coalesce(max(id), 1) FROM {name})"
                    connection.execute(text(f"SELECT setval({series}, {most})"))
        how = "VACUUM ANALYZE" if self._is_postgres else "ANALYZE"
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(how))
