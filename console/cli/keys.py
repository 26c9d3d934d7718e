"""`keys rotate`: everything encrypted goes under the newest key."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial

import click
from flask import Flask
from flask.cli import AppGroup

from console.cli.refusals import refusals_to_stderr
from console.services.material_upkeep import rotate_files
from console.services.rotation import Rotated, Unread, rotate_batch, rotating_columns

group = AppGroup("keys", help="Encryption keys.")
NAMED = 3  # of what could not be read; the rest is counted


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)


@group.command("rotate")
@refusals_to_stderr
def rotate() -> None:
    """Encrypt everything under the newest of ENCRYPTION_KEYS; safe to stop and run again.

    The older keys can be taken out of ENCRYPTION_KEYS when this has ended with exit status 0.
    What cannot be read is named, and keeps nobody from the rest.
    """
    moved = 0
    unread: list[Unread] = []
    for batch in _batches():
        moved += batch.moved
        unread += batch.unread
    click.echo(f"{moved} values were encrypted anew.")
    if unread:
        named = "; ".join(f"{one.where}: {one.why}" for one in unread[:NAMED])
        more = f"; and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
        click.echo(f"{len(unread)} values could not be read: {named}{more}.", err=True)
        sys.exit(2)


def _batches() -> Iterator[Rotated]:
    for column in rotating_columns():
        yield from _to_the_end(partial(rotate_batch, column))
    yield from _to_the_end(rotate_files)


def _to_the_end(rotate_some: Callable[..., Rotated]) -> Iterator[Rotated]:
    batch = rotate_some()
    yield batch
    while batch.last is not None:
        batch = rotate_some(after=batch.last)
        yield batch
