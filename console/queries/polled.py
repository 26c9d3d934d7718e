"""`status.standing` through the database's driver alone: open pages ask by the thousand."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from console.models import Order
from console.queries.status import STANDING, Standing


class Polled:
    """The same statement as `standing`, on connections of its own that begin no transaction.

    As many are kept as have ever been in use at once. One that failed is let go with all the
    others: a server that was away has closed those too. They end when the engine is disposed of.
    """

    def __init__(self, engine: Engine) -> None:
        compiled = STANDING.compile(engine)
        self._engine = engine
        self._statement = str(compiled)
        self._positions = compiled.positiontup  # None where the driver takes names
        self._free: deque[Any] = deque()
        stored = Order.deadline.type.dialect_impl(engine.dialect)
        self._moment = stored.result_processor(engine.dialect, None)
        event.listen(engine, "engine_disposed", lambda _engine: self._let_go())

    @staticmethod
    def possible(engine: Engine) -> bool:
        """Whether further connections see the same database: one in memory has only its own."""
        return isinstance(engine.pool, QueuePool)

    def __call__(self, order_id: int, account_id: int | None) -> Standing | None:
        """The order's standing for a viewer. Raises whatever the driver raises."""
        values: Any = {"order_id": order_id, "account_id": account_id}
        if self._positions is not None:
            values = [values[name] for name in self._positions]
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._connected()
        try:
            # All rows, though there is one at most: that ends the statement, and its read.
            rows = connection.execute(self._statement, values).fetchall()
        except Exception:
            _close(connection)
            self._let_go()
            raise
        self._free.append(connection)
        return self._standing(*rows[0]) if rows else None

    def _standing(self, revision: int, deadline: Any, share: int, account: int | None) -> Standing:
        moment: datetime | None = self._moment(deadline) if self._moment else deadline
        return Standing(revision, moment, share, account)

    def _connected(self) -> Any:
        """A connection that is set up as the engine's are, but is no longer its pool's."""
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._engine.dialect.name == "postgresql":
            connection.autocommit = True  # nothing is to stay open between polls
        return connection

    def _let_go(self) -> None:
        while self._free:
            _close(self._free.pop())


def _close(connection: Any) -> None:
    with suppress(Exception):
        connection.close()
