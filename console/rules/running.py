"""Which orders may run at once (DOMAIN, "The road of an order")."""

from __future__ import annotations

from dataclasses import dataclass

from console.rules.filing import FilingType

EXCLUSIVE = frozenset({FilingType.FIRST_FILING, FilingType.CANCEL_ENTITY})
ONE_AT_A_TIME = frozenset({FilingType.CHANGE, FilingType.ADD_SERVICE})
ONCE_FOR_EACH_SERVICE = frozenset(
    {FilingType.ADD_PROVIDER, FilingType.CANCEL_SERVICE, FilingType.CANCEL_ACCESS}
)
# Orders that bring a domain into the register, so that two of them cannot name the same one.
BRINGS_DOMAIN = frozenset({FilingType.FIRST_FILING, FilingType.ADD_SERVICE, FilingType.CHANGE})


@dataclass(frozen=True)
class Running:
    """What of an order decides whether it is in another's way: type and services' numbers."""

    type: FilingType
    service_numbers: frozenset[str] = frozenset()


def in_the_way(new: Running, other: Running) -> bool:
    """Whether two orders of one entity exclude each other."""
    if new.type in EXCLUSIVE or other.type in EXCLUSIVE:
        return True
    if new.type in ONE_AT_A_TIME:
        return new.type is other.type
    if other.type in ONE_AT_A_TIME:
        return False
    return bool(new.service_numbers & other.service_numbers)
