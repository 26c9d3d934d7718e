"""Working days in China: weekends and public holidays off, make-up working days on.

The calendar is that of `chinesecalendar`, which knows the years that the State Council has
published. Outside them weekdays count, and the answer is marked provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

FIRST_REVIEW_DAYS = 3  # providers say 1 to 3
# Measures for the Administration of Filings of Non-commercial Internet Services, article 12
ADMINISTRATION_DAYS = 20


@dataclass(frozen=True)
class Expected:
    """A day to expect something by. `provisional`: the holidays of its year are not out yet."""

    day: date
    provisional: bool


def is_workday(day: date) -> tuple[bool, bool]:
    """Whether the day is worked, and whether that is only a guess from the weekday."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:  # so the calendar says that this year's holidays are not set yet
        return day.weekday() < 5, True


def after_workdays(day: date, count: int) -> Expected:
    """The `count`-th working day after `day`, which itself does not count; 0 gives `day`.

    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    provisional = False
    while count > 0:
        day += timedelta(days=1)
        worked, guessed = is_workday(day)
        provisional = provisional or guessed
        count -= worked
    return Expected(day, provisional)


def expected_answer(received_day: date) -> Expected:
    """The last day on which the administration may answer what it received on a day in China."""
    return after_workdays(received_day, ADMINISTRATION_DAYS)
