"""`keys rotate`: everything encrypted goes under the newest key."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from console.errors import Refusal
from console.keyring import DataDamaged, KeyMissing
from console.services.material_upkeep import rotate_files
from console.services.rotation import rotate_batch, rotating_columns

group = AppGroup("keys", help="Encryption keys.")


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)


@group.command("rotate")
def rotate() -> None:
    """Encrypt everything under the newest of ENCRYPTION_KEYS; safe to stop and run again.

    The older keys can be taken out of ENCRYPTION_KEYS when this has ended with exit status 0.
    """
    total = 0
    for column in rotating_columns():
        try:
            while moved := rotate_batch(column):
                total += moved
        except (KeyMissing, DataDamaged) as error:
            click.echo(f"{column}: {error}; {total} values were encrypted anew.", err=True)
            sys.exit(2)
    try:
        while moved := rotate_files():
            total += moved
    except (KeyMissing, DataDamaged, Refusal) as error:
        click.echo(f"materials: {error}; {total} values were encrypted anew.", err=True)
        sys.exit(2)
    click.echo(f"{total} values were encrypted anew.")
