"""`backup` and `restore`: the SQLite file and the folder of materials, checked both ways."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from console import clock
from console.cli.refusals import refusals_to_stderr
from console.errors import Refusal
from console.extensions import db
from console.outside import backup as files
from console.outside import uploads
from console.queries.accounts import digest_key_fits
from console.rules.text import T
from console.services.auditing import CUT, head, verify_trail
from console.services.rotation import key_ids
from console.services.sealing import Fault
from console.types import keyring

R = TypeVar("R")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@with_appcontext
@refusals_to_stderr
def backup(folder: Path) -> None:
    """Back up database and materials into a new FOLDER; web and worker may go on."""
    database, materials = places()
    if not database.exists():
        raise Refusal(T("There is no database yet."))
    began = time.monotonic()
    notes = {"made_at": clock.now().isoformat(), "head": head()}
    count = _or_refuse(lambda: files.back_up(database, materials, folder, notes))
    click.echo(f"{count} materials and the database in {time.monotonic() - began:.1f} s")
    click.echo(f"head {notes['head']}")


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Even where there are data: they are lost.")
@with_appcontext
@refusals_to_stderr
def restore(folder: Path, replace: bool) -> None:
    """Restore the backup in FOLDER. Stop web and worker first."""
    database, materials = places()
    began = time.monotonic()
    if not replace and not files.is_empty(database, materials):
        raise Refusal(T("There are data here already. Say --replace to lose them."))
    manifest = _or_refuse(lambda: files.opened(folder))
    _refuse_unless_audited(folder / files.DATABASE, str(manifest.get("head", "")))
    db.session.remove()
    db.engine.dispose()
    _or_refuse(lambda: files.put_back(folder, database, materials))
    click.echo(f"restored the state of {manifest.get('made_at')}")
    click.echo(f"{manifest['materials']} materials and the database, whole, in ", nl=False)
    click.echo(f"{time.monotonic() - began:.1f} s; run flask db upgrade next")


def places() -> tuple[Path, Path]:
    """Where the running app keeps database and materials. Raises Refusal where not in files."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refusal(T("This is for SQLite. Back PostgreSQL up with its own pg_dump."))
    materials = uploads.folder()
    if materials is None:
        raise Refusal(T("The materials are not in a folder. Back their store up by its own means."))
    return Path(url.database).absolute(), materials


def _refuse_unless_audited(database: Path, noted_head: str) -> None:
    engine = create_engine("sqlite://", creator=lambda: files.reading(database))
    try:
        with Session(engine) as session:
            _refuse_other_keys(session)
            faults = verify_trail(noted_head, session)
    except ValueError:  # the head in the manifest is none
        faults = [Fault(0, 0, CUT)]
    finally:
        engine.dispose()
    if faults:
        raise Refusal(T("The trail in the backup is not whole: nothing was restored."))


def _refuse_other_keys(session: Session) -> None:
    used = key_ids(session)
    missing = {one for one in used if not keyring().knows(one)}
    named = ", ".join(sorted(missing))
    if missing and missing == used:
        raise Refusal(
            T("ENCRYPTION_KEYS lack the backup's key %(ids)s: nothing was restored.", ids=named)
        )
    if not digest_key_fits(session):
        raise Refusal(T("DIGEST_KEY is not the one of the backup: nothing was restored."))
    if missing:
        click.echo(f"Put {named} back into ENCRYPTION_KEYS: some is still under it.", err=True)


def _or_refuse(work: Callable[[], R]) -> R:
    try:
        return work()
    except (OSError, sqlite3.Error) as error:
        click.echo(f"The files could not be copied: {type(error).__name__}", err=True)
        sys.exit(2)
