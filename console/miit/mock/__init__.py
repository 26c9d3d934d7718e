"""The mock ministry: a second implementation of the gateway, on tables of its own.

It takes orders over, texts codes, runs the verification portal and decides, after the rules of
the rulebook in force. It shares nothing with the console but rules, clock and column types.
"""

from __future__ import annotations

from flask import Flask

from console.miit.mock.commands import miit as commands
from console.miit.mock.desk import miit_desk
from console.miit.mock.ministry import MockMinistry
from console.miit.mock.pages import miit


def register(app: Flask) -> None:
    """Put the ministry into an app: its object, its portal and commands.

    The phone and the desk are served only with `MIIT_PAGES`: they show codes to everyone.
    """
    app.extensions["ministry"] = MockMinistry()
    app.register_blueprint(miit)
    if app.config.get("MIIT_PAGES"):
        app.register_blueprint(miit_desk)
    app.cli.add_command(commands)
