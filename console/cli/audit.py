"""`audit verify`: whether the trail of events is whole."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from console.cli.refusals import refusals_to_stderr
from console.queries.accounts import digest_key_fits
from console.services.auditing import head, unsealed, verify_trail

group = AppGroup("audit", help="The trail of events.")

WHAT = {
    "count": "events are missing or were added",
    "digest": "an event was changed, or when they were sealed",
    "cut": "the trail's end is missing: it was longer when it was last read or its head was noted,"
    " or another chain took its place",
    "story": "an order's moves do not lead to where it stands: one is missing or was added",
}

OTHER_KEY = "DIGEST_KEY is not the one of this database: nothing can be said until it is put back."


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)


@group.command("verify")
@click.option("--head", "noted", default="", help="A head noted earlier, elsewhere.")
@refusals_to_stderr
def verify(noted: str) -> None:
    """Check the trail against its seals and the orders; exit status 2 where something is wrong."""
    try:
        faults = verify_trail(noted)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--head") from error
    if faults and not digest_key_fits():
        click.echo(OTHER_KEY, err=True)
        sys.exit(2)
    for fault in faults:
        what = WHAT.get(fault.what, fault.what)
        place = f"events {fault.first_event_id} to {fault.last_event_id}: "
        click.echo(f"{place if fault.last_event_id else ''}{what}", err=True)
    if faults:
        sys.exit(2)
    click.echo("The trail is whole.")
    click.echo(f"head {head()}")
    if waiting := unsealed():
        click.echo(f"{waiting} events wait for a seal.")
