"""How a migration runs, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, types

from console.extensions import Base, db


def _render_type(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write the plain type: a migration must not change when a column type of ours does."""
    if kind == "type" and isinstance(item, types.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _check_foreign_keys(*, ctx: Any, **_: Any) -> None:
    """Within the migration's own transaction, so that a broken reference undoes it."""
    if ctx.as_sql or ctx.dialect.name != "sqlite":
        return
    broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"the migration leaves broken references: {broken[:5]}")


def _foreign_keys(connection: Connection, on: bool) -> None:
    # Straight to the driver: within a transaction the pragma does nothing. While it is on, a batch
    # migration that drops a table to write it anew would take the rows that refer to it along.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _configure(**where: Any) -> None:
    context.configure(
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        transactional_ddl=True,
        compare_type=True,
        render_item=_render_type,
        on_version_apply=_check_foreign_keys,
        **where,
    )


def run_online() -> None:
    with db.engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        try:
            _configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if sqlite:
                connection.rollback()
                _foreign_keys(connection, on=True)


def run_offline() -> None:
    """Print the SQL instead of running it (`flask db upgrade --sql`)."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    _configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
