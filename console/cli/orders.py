"""`orders show`: an order as other programs read it."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from console import clock
from console.cli.refusals import refusals_to_stderr
from console.errors import NotFound
from console.queries.order_json import order_json
from console.queries.orders import by_number
from console.rules.text import T

group = AppGroup("orders", help="Orders, without personal data.")


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)


@group.command("show")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@refusals_to_stderr
def show(number: str, as_json: bool) -> None:
    """Where the order NUMBER stands, who must verify, and how it came there."""
    order = by_number(number.strip())
    if order is None:
        raise NotFound(T("There is no such order."))
    facts = order_json(order, clock.now())
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    _print(facts)


def _print(facts: dict[str, Any]) -> None:
    click.echo(f"{facts['number']}  {facts['type']}  {facts['state']}")
    if facts["returned_by"]:
        click.echo(f"returned by {facts['returned_by']}: {', '.join(facts['reasons'])}")
    if facts["deadline"]:
        click.echo(f"deadline {facts['deadline']} under {facts['rulebook']}")
    for row in facts["verifiers"]:
        click.echo(f"{' and '.join(row['roles'])}: {row['state']}, {row['tries_left']} tries left")
    for number in facts["icp_numbers"]:
        click.echo(number)
    for event in facts["events"]:
        click.echo(f"{event['at']}  {event['action']:<24}  {event['to']:<22}  {event['actor']}")
