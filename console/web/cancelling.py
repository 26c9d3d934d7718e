"""What a cancellation ends, and what it means, before anything is handed in."""

from __future__ import annotations

from dataclasses import dataclass

from console.rules.filing import FilingType
from console.rules.text import T, Text
from console.web.desk import Desk


@dataclass(frozen=True)
class Cancelling:
    """What ends (`ends`: ICP numbers with their names), what follows, and what is confirmed."""

    title: Text
    ends: tuple[tuple[str, str], ...]
    consequences: tuple[Text, ...]
    confirm: Text


def cancelling(desk: Desk) -> Cancelling:
    """What the order cancels."""
    filing = desk.filing
    services = tuple((s.icp_number, s.name) for s in filing.services)
    entity = (filing.entity.icp_number, filing.entity.name)
    if filing.type is FilingType.CANCEL_ENTITY:
        return Cancelling(
            T("What ends: the entity with everything filed under it"),
            (entity, *services),
            _ENTITY,
            T("I cancel this entity and all that is filed under it."),
        )
    if filing.type is FilingType.CANCEL_SERVICE:
        return Cancelling(
            T("What ends: the filing of these websites and apps"),
            services,
            _SERVICE,
            T("I cancel the filing of these websites and apps."),
        )
    return Cancelling(
        T("What ends: this provider's access to these websites and apps"),
        services,
        _ACCESS,
        T("I take this provider off the filing of these websites and apps."),
    )


_ENTITY = (
    T("The ICP numbers end for good: none of them is ever given again."),
    T("The websites and apps must be offline by the time the administration accepts."),
    T("To go online again, the entity makes a first filing and gets a new number."),
)
_SERVICE = (
    T("Their numbers end for good; the entity keeps its own, and its other services theirs."),
    T("They must be offline by the time the administration accepts."),
    T("To go online again, each is filed anew as an added website or app."),
)
_ACCESS = (
    T("The filing and its numbers stay; this provider is no longer named in it."),
    T("They can no longer be reached through this provider once the administration accepts."),
    T(
        "Add another provider before: a website that no provider serves is an empty shell, and the"
        " administration may cancel its filing."
    ),
)
