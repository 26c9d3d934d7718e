"""What is filed, or asks to be: shared by the model's console and its ministry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False, repr=False)
class Site:
    """A website in the register. Each side has its own view; `number` is known once told."""

    domain: str
    holder: Holder
    leader: int
    number: str = ""
    at_ministry: bool = True
    at_console: bool = False
    with_us: bool = True


@dataclass(eq=False, repr=False)
class Holder:
    """A filed entity: the n-th company, under one ICP number for good."""

    entity: int
    owner: str
    number: str = ""
    at_ministry: bool = True
    at_console: bool = False
    sites: list[Site] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Filing:
    """What an order files. `holder` and `site`: what is filed already and it is about."""

    type: str
    entity: int
    domain: str
    leader: int
    website_leader: int
    holder: Holder | None = None
    site: Site | None = None


@dataclass
class Leader:
    """One who must verify. The ministry counts on one such; the console keeps its own copy."""

    key: str
    mobile: int
    tries: int = 0
    resends: int = 0
    sent: datetime | None = None
    done: bool = False
    failed: bool = False


def leaders(who: str, filing: Filing) -> list[Leader]:
    """The people behind "entity", "website", "both" or "none": one mobile is one person."""
    found = []
    if who in ("entity", "both"):
        found.append(Leader("entity-leader", filing.leader))
    if who in ("website", "both") and filing.website_leader not in [one.mobile for one in found]:
        found.append(Leader("website-leader-1", filing.website_leader))
    return found
