"""Whether the database is there, with our tables in it."""

from __future__ import annotations

from sqlalchemy import select

from console.extensions import db
from console.models.accounts import AccountRole


def database_answers() -> bool:
    """True where a table of ours can be read. Raises SQLAlchemyError where it cannot."""
    db.session.execute(select(AccountRole.id).limit(1)).all()
    return True


def let_go() -> None:
    """End the read of a request that failed, so that its error page can begin anew."""
    db.session.rollback()
