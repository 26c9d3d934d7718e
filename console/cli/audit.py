"""`audit verify`: whether the trail of events is whole."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from console.services.sealing import verify as verify_seals

group = AppGroup("audit", help="The trail of events.")

WHAT = {
    "count": "events are missing or were added",
    "digest": "an event was changed",
    "chain": "the seals do not follow on each other",
}


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)


@group.command("verify")
def verify() -> None:
    """Check every sealed block against its seal; exit status 2 where one does not match."""
    faults = verify_seals()
    for fault in faults:
        what = WHAT.get(fault.what, fault.what)
        click.echo(f"events {fault.first_event_id} to {fault.last_event_id}: {what}", err=True)
    if faults:
        sys.exit(2)
    click.echo("The trail is whole.")
