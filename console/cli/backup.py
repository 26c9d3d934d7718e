"""`backup` and `restore`: the SQLite file and the folder of materials, checked both ways."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from console import clock
from console.cli.refusals import refusals_to_stderr
from console.errors import Refusal
from console.extensions import db
from console.outside import backup as files
from console.rules.text import T
from console.services.auditing import head, verify_trail

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
    database, materials = _places()
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
    database, materials = _places()
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


def _places() -> tuple[Path, Path]:
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    store = urlsplit(current_app.config["MATERIALS_URL"])
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refusal(T("This is for SQLite. Back PostgreSQL up with its own pg_dump."))
    if store.scheme not in ("file", ""):
        raise Refusal(T("The materials are not in a folder. Back their store up by its own means."))
    return Path(url.database).absolute(), Path(unquote(store.path))


def _refuse_unless_audited(database: Path, noted_head: str) -> None:
    engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    try:
        with Session(engine) as session:
            faults = verify_trail(noted_head, session)
    finally:
        engine.dispose()
    if faults:
        raise Refusal(T("The trail in the backup is not whole: nothing was restored."))


def _or_refuse(work: Callable[[], R]) -> R:
    try:
        return work()
    except (OSError, sqlite3.Error) as error:
        click.echo(f"The files could not be copied: {type(error).__name__}", err=True)
        sys.exit(2)
