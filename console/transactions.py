"""One write transaction for one verb, on both databases."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from console.errors import Busy
from console.extensions import db
from console.rules.text import T

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
# serialization_failure and deadlock_detected (PostgreSQL docs, 13.5): safe to run again whole.
RETRY_STATES = {"40001", "40P01"}
# unique_violation: somebody wrote a row of the same key meanwhile, which is found the next time.
KEY_TAKEN = "23505"


# Nobody waits longer: for a lock, for a free connection, for a server to let one in, for one that
# is gone without a word. Then it is said that the console is busy, and the thread serves others.
LOCK_SECONDS, POOL_SECONDS, CONNECT_SECONDS, SILENT_SECONDS = 10, 5, 5, 10
# libpq's names: what was sent and not received, and who is silent while an answer is awaited.
SILENCE = {
    "tcp_user_timeout": SILENT_SECONDS * 1000,  # milliseconds
    "keepalives_idle": SILENT_SECONDS // 2,  # seconds
    "keepalives_interval": SILENT_SECONDS // 4,
    "keepalives_count": 2,
}


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy makes an engine with; values of statements never get into an error."""
    options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
    options["pool_timeout"] = POOL_SECONDS
    if url.startswith("postgresql") and "options=" not in url:
        limits = f"-c lock_timeout={LOCK_SECONDS}s"
        waits = {"connect_timeout": CONNECT_SECONDS, **SILENCE}
        options["connect_args"] = {"options": limits, **waits}
    return options


def prepare_sqlite(engine: Engine, busy_timeout_ms: int = LOCK_SECONDS * 1000) -> None:
    """Set what SQLite needs for several writers: WAL, foreign keys, full sync, explicit BEGIN."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "foreign_keys = ON",
            "synchronous = FULL",
            f"busy_timeout = {busy_timeout_ms}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "handle_error")
    def handle_error(context: ExceptionContext) -> None:
        # Opened while the file could only be read, a connection stays so when that is over, and
        # so does what connections share in a process, for as long as one of them is open.
        if "readonly database" in str(context.original_exception):
            context.is_disconnect = True
            if context.execution_context is not None:  # a statement keeps the file open
                context.execution_context.cursor.close()
            engine.dispose()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A transaction that reads and then writes fails at once as busy unless it asked first.
        mode = connection.get_execution_options().get("sqlite_begin", "")
        connection.exec_driver_sql(f"BEGIN {mode}".strip())


def begin_writing(session: Session) -> None:
    """Start a write transaction; whatever the session had read before is let go."""
    session.rollback()
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def _again(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in RETRY_STATES or "database is locked" in str(error.orig)


def run_writing(session: Session, work: Callable[[], R]) -> R:
    """Run `work` in one write transaction of `session`: all of it takes effect, or none.

    Runs again, whole, where the database lost a race (3 times, with jitter), unless it waited for
    a lock as long as anybody should. Raises Busy then.
    """
    began = time.monotonic()
    for attempt in range(1, TRIES + 1):
        try:
            begin_writing(session)
            result = work()
            session.commit()
            return result
        except OperationalError as error:
            session.rollback()
            if not _again(error):
                raise
            if time.monotonic() - began > LOCK_SECONDS:
                break
            if attempt < TRIES:
                time.sleep(random.uniform(0.01, 0.05) * attempt)
        except IntegrityError as error:
            session.rollback()
            if attempt == TRIES or getattr(error.orig, "sqlstate", None) != KEY_TAKEN:
                raise
        except BaseException:
            session.rollback()
            raise
    raise Busy(T("The system is busy. Nothing was changed; try again in a moment."))


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make a service function one transaction of `db.session`. Verbs do not call verbs."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return run_writing(db.session(), lambda: function(*args, **kwargs))

    return run
