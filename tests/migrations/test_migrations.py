"""Migrations go up, down and up again on both databases, with rows in the tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from console.extensions import Base, db
from tests.migrations.rows import counts, fill
from tests.support.postgres import both_databases

MIGRATIONS = Path(__file__).parents[2] / "migrations"

REWRITES_ACCOUNTS = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("accounts") as batch:
        batch.alter_column("language", type_=sa.String(30))


def downgrade():
    with op.batch_alter_table("accounts") as batch:
        batch.alter_column("language", type_=sa.String(12))
"""
BREAKS_REFERENCES = """
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    op.execute("UPDATE live_sessions SET account_id = 999")


def downgrade():
    pass
"""


@both_databases
def test_migrations_go_up_down_and_up_again_with_rows_in_the_tables(bare_app: Flask) -> None:
    upgrade()
    with db.engine.begin() as connection:
        filled = fill(connection)
    assert set(filled.values()) == {1}
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    with db.engine.begin() as connection:
        assert set(fill(connection)) == set(filled)


@both_databases
def test_models_and_migrated_schema_agree(bare_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@both_databases
def test_the_trail_takes_rows_and_never_changes_them(bare_app: Flask) -> None:
    upgrade()
    with db.engine.begin() as connection:
        fill(connection)
    for table in ("events", "seals"):
        for change in (f"UPDATE {table} SET id = id + 1", f"DELETE FROM {table}"):
            refused = pytest.raises(DatabaseError, match="insert-only")
            with refused, db.engine.begin() as connection:
                connection.execute(text(change))


def _head() -> str:
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def _with_next(folder: Path, source: str) -> str:
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next.py").write_text(source.replace("{head}", _head()))
    return str(folder)


@both_databases
def test_writing_a_table_anew_keeps_the_rows_that_refer_to_it(
    bare_app: Flask, tmp_path: Path
) -> None:
    folder = _with_next(tmp_path / "migrations", REWRITES_ACCOUNTS)
    upgrade(folder, revision=_head())
    with db.engine.begin() as connection:
        before = fill(connection)
    upgrade(folder)
    with db.engine.connect() as connection:
        assert counts(connection) == before
    downgrade(folder)
    with db.engine.connect() as connection:
        assert counts(connection) == before


@both_databases
def test_a_migration_that_breaks_references_leaves_nothing_behind(
    bare_app: Flask, tmp_path: Path
) -> None:
    folder = _with_next(tmp_path / "migrations", BREAKS_REFERENCES)
    upgrade(folder, revision=_head())
    with db.engine.begin() as connection:
        fill(connection)
    with pytest.raises((RuntimeError, DatabaseError, SystemExit)):
        upgrade(folder)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT account_id FROM live_sessions")) == 1
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == _head()


def test_foreign_keys_hold_again_after_a_migration(bare_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_the_sql_of_a_migration_can_be_read_before_it_runs(
    bare_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(sql=True)
    assert "CREATE TABLE orders" in capsys.readouterr().out
