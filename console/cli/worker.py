"""`worker`: the process beside the web server."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from console.worker import run


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(worker)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do everything that is due, then end.")
@with_appcontext
def worker(once: bool) -> None:
    """Hand over, collect the ministry's news, let lapse, seal; until told to stop."""
    run(current_app._get_current_object(), once)  # type: ignore[attr-defined]
