"""The carrier a mobile number began with, and the sender that a book gives for it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from console.rules.book import Rulebook
from console.rules.mobiles import normalise_mobile

VIRTUAL = "virtual"


@cache
def _prefixes() -> dict[str, str]:
    with Path(__file__).with_name("carriers.toml").open("rb") as file:
        table = tomllib.load(file)
    return {prefix: name for name, row in table.items() for prefix in row["prefixes"]}


def carrier_of(mobile: str) -> str:
    """The carrier a number began with: "telecom", "unicom", "mobile" or "virtual".

    By prefix, so a ported number still tells its first carrier. A prefix that is not known counts
    as virtual: for those no sender is fixed either.
    """
    number = normalise_mobile(mobile)
    known = _prefixes()
    return known.get(number[:4], known.get(number[:3], VIRTUAL))


def sender_for(book: Rulebook, mobile: str) -> str | None:
    """The number that the ministry's text to this mobile comes from; None where none is fixed."""
    return book.senders[carrier_of(mobile)]
