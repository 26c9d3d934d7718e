"""Whether the database is there, with our tables in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import inspect, select, text

from console.extensions import db
from console.models.accounts import AccountRole

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def database_answers() -> bool:
    """True where a table of ours can be read. Raises SQLAlchemyError where it cannot."""
    db.session.execute(select(AccountRole.id).limit(1)).all()
    return True


@cache
def _newest() -> str:
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


def schema_is_old() -> bool:
    """Whether a migration of this version is still to be run; one of a later version is no harm.

    Raises SQLAlchemyError where the database cannot be read.
    """
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return False  # the tables were made without migrations
    return any(
        version < _newest()
        for version in db.session.scalars(text("SELECT version_num FROM alembic_version"))
    )


def let_go() -> None:
    """End the read of a request that failed, so that its error page can begin anew."""
    db.session.rollback()
