"""What the app's configuration and the rulebooks say to the mock."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import current_app

from console.clock import china_day
from console.rules.book import Rulebook
from console.rules.rulebook import in_force, load_books


def rulebook_name() -> str:
    """The book or family that is configured."""
    return str(current_app.config.get("RULEBOOK", "aliyun-current"))


def book_on(moment: datetime) -> Rulebook | None:
    """The configured book on the day in China of `moment`; None before a family's first."""
    return in_force(rulebook_name(), china_day(moment))


def book_named(name: str | None) -> Rulebook | None:
    """The book an order was received under."""
    return load_books()[name] if name else None


def real_pace() -> bool:
    """Whether the books' delays hold; otherwise everything comes within seconds."""
    return str(current_app.config.get("MIIT_PACE", "quick")) == "real"


def delay(span: tuple[int, int]) -> timedelta:
    """A delay somewhere in a book's span of minutes; none at the pace `quick`."""
    if not real_pace():
        return timedelta()
    least, most = span[0] * 60, span[1] * 60
    return timedelta(seconds=least + secrets.randbelow(most - least + 1))
