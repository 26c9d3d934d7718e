"""`demo`: an empty database is filled with accounts and orders in every state."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_security.utils import hash_password
from sqlalchemy.exc import OperationalError, ProgrammingError

from console.cli.refusals import refusals_to_stderr
from console.demo.stage import stage
from console.demo.stories import play
from console.errors import Refusal
from console.queries.accounts import any_account
from console.rules.lifecycle import Role
from console.rules.text import T
from console.services.accounts import create_account
from console.services.actors import Actor

ACCOUNTS = (
    ("applicant@example.cn", "applicant"),
    ("second@example.cn", "applicant"),
    ("reviewer@example.cn", "reviewer"),
    ("administrator@example.cn", "administrator"),
)


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(demo)


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data already.")
@with_appcontext
@refusals_to_stderr
def demo(as_json: bool, if_empty: bool) -> None:
    """Fill an empty database: four accounts, and orders in every state."""
    if _has_data():
        if if_empty:
            return
        raise Refusal(T("The database is not empty: demo data go into an empty one only."))
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password)
    ids = [create_account(email, hashed, (role,)).id for email, role in ACCOUNTS]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    applicant, second = (Actor(Role.APPLICANT, ids[n]) for n in (0, 1))
    with _quiet(), stage(app, applicant, second, Actor(Role.REVIEWER, ids[2])) as made:
        play(made)
    if as_json:
        emails = [email for email, _ in ACCOUNTS]
        click.echo(json.dumps({"accounts": emails, "password": password}))
        return
    for email, role in ACCOUNTS:
        click.echo(f"{role:<14}{email}")
    click.echo(f"{'password':<14}{password}")


@contextmanager
def _quiet() -> Iterator[None]:
    """Weeks of work in two seconds: its log lines would bury what the command has to say."""
    logger = logging.getLogger("console")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


def _has_data() -> bool:
    try:
        return any_account()
    except (OperationalError, ProgrammingError) as error:
        raise Refusal(T("The database has no tables yet: run flask db upgrade first.")) from error
