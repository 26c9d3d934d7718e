"""The command line, one file for each group of commands."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

# Each is a module of this package with `register(app)`, or with a click group named `group`.
MODULES = ("accounts", "rulebooks", "worker", "orders", "demo", "audit", "keys", "backup")


def register(app: Flask) -> None:
    """Add every command to `flask`."""
    for name in MODULES:
        module = import_module(f"{__name__}.{name}")
        if hasattr(module, "register"):
            module.register(app)
        else:
            app.cli.add_command(module.group)
