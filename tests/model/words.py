"""The domain's words as the model needs them, written down a second time.

Nothing here comes from `console`: what both sides read in one place could be wrong on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

TRIES = 5
CLAIM = timedelta(minutes=20)
UNTOUCHED = timedelta(days=45)
KEPT_AFTER_END = timedelta(days=30)
GUESSES_REST = timedelta(hours=1)
LINK = timedelta(days=30)
LAG = timedelta(minutes=15)

FINAL = ("accepted", "cancelled", "lapsed")
ALONE = ("first-filing", "cancel-entity")
BRINGS_DOMAIN = ("first-filing", "add-service")


@dataclass(frozen=True)
class Frame:
    """What a book says. `any_entry`: every failed entry is a try; `resends` None: no limit."""

    hours: int
    any_entry: bool
    resends: int | None
    unmodified: bool = False
    cancelled_after: timedelta | None = None


BOOKS = {
    "aliyun-2018": Frame(24, False, None, unmodified=True),
    "jdcloud-2019": Frame(48, False, None),
    "jdcloud-2020": Frame(24, True, 2),
    "aliyun-current": Frame(24, True, 2, cancelled_after=timedelta(hours=24)),
}


def who_verifies(filing_type: str, book: str) -> str:
    """Whose leaders get a code for an order about one website: entity's, website's, both, none."""
    if filing_type == "first-filing":
        return "both"
    if filing_type == "add-service":
        return "both" if book == "aliyun-current" else "website"
    if filing_type == "cancel-access" or book in ("aliyun-2018", "jdcloud-2019"):
        return "none"
    return "entity" if filing_type == "cancel-entity" else "website"


def alone(one: str, other: str) -> bool:
    """Whether either of two orders of one entity tolerates none beside it."""
    return one in ALONE or other in ALONE
