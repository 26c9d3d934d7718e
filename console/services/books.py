"""Which rulebook this deployment goes by."""

from __future__ import annotations

from datetime import date

from flask import current_app

from console.rules.rulebook import Rulebook, in_force, load_books


def book_on(day: date) -> Rulebook | None:
    """The book in force on a day in China; None before the family's first."""
    return in_force(current_app.config["RULEBOOK"], day)


def book_named(name: str | None) -> Rulebook | None:
    """The book an order was forwarded under; None when it was forwarded under none."""
    return load_books()[name] if name else None
