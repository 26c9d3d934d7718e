"""What SQLite knows of its tables, and so which index it takes for a question."""

from __future__ import annotations

from sqlalchemy import text

from console.extensions import db
from console.transactions import verb

SAMPLE = 400  # entries of each index that are looked at, so that a million take no longer


@verb
def learn() -> None:
    """Let SQLite look at a sample of every index; PostgreSQL does that by itself.

    Without, it takes the index of all orders of a state for a reviewer's few.
    """
    if db.session.connection().dialect.name == "sqlite":
        db.session.execute(text(f"PRAGMA analysis_limit = {SAMPLE}"))
        db.session.execute(text("ANALYZE"))
