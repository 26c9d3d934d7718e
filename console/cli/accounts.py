"""`accounts create`: the only way to the first reviewer and administrator."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from flask_security.utils import hash_password

from console.cli.refusals import refusals_to_stderr
from console.errors import Invalid
from console.extensions import security
from console.models.accounts import ROLES
from console.queries.accounts import account_by_email
from console.rules.text import T, Text
from console.services.accounts import create_account_for, set_active
from console.services.second_factor import switch_off
from console.web.passwords import weakness

group = AppGroup("accounts", help="Accounts of applicants, reviewers and administrators.")


@group.command("create")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from standard input.")
@refusals_to_stderr
def create(email: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Create an account with one or more roles."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        email = security.mail_util.normalize(email)
    except ValueError as error:
        raise Invalid(T("Enter an e-mail address such as name@example.cn.")) from error
    password = security.password_util.normalize(password)
    if found := weakness(password, email):
        raise Invalid(Text(found))
    create_account_for(email, hash_password(password), tuple(dict.fromkeys(roles)))
    click.echo(f"created {', '.join(roles)}")


@group.command("disable")
@click.argument("email")
@refusals_to_stderr
def disable(email: str) -> None:
    """Disable an account and end its sessions."""
    set_active(_id_of(email), False)


@group.command("enable")
@click.argument("email")
@refusals_to_stderr
def enable(email: str) -> None:
    """Enable an account again."""
    set_active(_id_of(email), True)


@group.command("second-factor-off")
@click.argument("email")
@refusals_to_stderr
def second_factor_off(email: str) -> None:
    """Let someone who lost app and recovery codes in by the password; their sessions end."""
    account = account_by_email(email)
    if account is None or account.totp_secret is None:
        raise Invalid(T("There is no such account, or it has no second factor."))
    switch_off(account.id)
    click.echo("off; tell the person to set it up anew")


def _id_of(email: str) -> int:
    account = account_by_email(email)
    if account is None:
        raise Invalid(T("There is no such account."))
    return account.id
