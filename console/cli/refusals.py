"""How commands refuse: one line on stderr and exit status 2."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from console.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

NO_DATABASE = (
    "The database cannot be used: run flask db upgrade where it is new or of before, else look at"
    " DATABASE_URL."
)


def refusals_to_stderr(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a refusal of the domain into its line and status; a database that is not there too."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            click.echo(" ".join(str(refusal.text).split()), err=True)
            sys.exit(2)
        except (OperationalError, ProgrammingError):
            click.echo(NO_DATABASE, err=True)
            sys.exit(2)

    return guarded
