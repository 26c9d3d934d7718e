"""The ministry on the command line: `flask miit …`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NoReturn

import click
from flask.cli import AppGroup

from console import clock
from console.errors import NotFound, Refusal
from console.miit.mock import decisions
from console.miit.mock.inbox import inbox
from console.miit.mock.store import Fault, reading, switch, write
from console.rules.text import T

miit = AppGroup("miit", help="The mock ministry: its phone, its decisions, its faults.")


def refuse(error: Refusal) -> NoReturn:
    """One line on stderr, and exit status 2."""
    click.echo(" ".join(str(error).split()), err=True)
    raise SystemExit(2)


def _or_refuse(work: Callable[[], None]) -> None:
    try:
        work()
    except Refusal as error:
        refuse(error)


@miit.command("inbox")
@click.option("--mobile", help="Only the texts to this mobile number.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value and nothing else.")
def show_inbox(mobile: str | None, as_json: bool) -> None:
    """The texts that have arrived on the mock phone, newest first."""
    with reading() as session:
        rows = inbox(session, clock.now(), mobile)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['sent_at']}  {row['mobile']}  {row['sender'] or '-'}  {row['code']}")


@miit.command("decide")
@click.argument("number")
@click.argument("decision", metavar="accept|return")
@click.option("--reason", "reasons", multiple=True, metavar="CODE", help="Why it is returned.")
@click.option("--note", default="", help="What else the applicant should know.")
def decide(number: str, decision: str, reasons: tuple[str, ...], note: str) -> None:
    """Accept or return the order NUMBER, as the administration."""
    if decision not in ("accept", "return"):
        refuse(Refusal(T("Say accept or return, not %(word)s.", word=decision)))
    accept = decision == "accept"
    _or_refuse(lambda: decisions.decide(number, accept, reasons, note, clock.now()))


@miit.command("fault")
@click.argument("name")
@click.argument("switched", metavar="on|off")
def fault(name: str, switched: str) -> None:
    """Switch the fault NAME on or off."""
    if name not in list(Fault):
        known = ", ".join(Fault)
        refuse(
            NotFound(
                T("There is no fault %(name)s. Choose one of: %(known)s.", name=name, known=known)
            )
        )
    if switched not in ("on", "off"):
        refuse(Refusal(T("Say on or off, not %(word)s.", word=switched)))
    write(lambda session: switch(session, Fault(name), switched == "on", clock.now()))
