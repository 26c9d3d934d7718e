"""Working days in China: weekends and public holidays off, make-up working days on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

FIRST_REVIEW_DAYS = 3  # providers say 1 to 3
ADMINISTRATION_DAYS = 20  # Measures for the Administration of ICP filing, article 12


@dataclass(frozen=True)
class Expected:
    """A day to expect something by. `provisional`: the holidays of its year are not out yet."""

    day: date
    provisional: bool


def is_workday(day: date) -> tuple[bool, bool]:
    """Whether the day is worked, and whether that is only a guess from the weekday."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


def after_workdays(day: date, count: int) -> Expected:
    """The `count`-th working day after `day`, which itself does not count."""
    provisional = False
    while count > 0:
        day += timedelta(days=1)
        worked, guessed = is_workday(day)
        provisional = provisional or guessed
        count -= worked
    return Expected(day, provisional)
