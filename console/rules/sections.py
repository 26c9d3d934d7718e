"""Which parts of a filing each filing type asks for, shows, or leaves out: one table.

The steps' pages are drawn from it, their addresses exist by it, and drafts are guarded by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.errors import Refusal
from console.rules.filing import Filing, FilingType
from console.rules.text import T


class Mode(StrEnum):
    """What the applicant may do with a part."""

    EDITED = "edited"
    SHOWN = "shown"
    NONE = "none"


@dataclass(frozen=True)
class Sections:
    """One line of the table.

    `steps`: the pages there are before materials and check. `may_add`: whether websites and apps
    are added and removed. `given`: answers of an edited part that stand as the ministry has them,
    by their HTML names. `compared`: the register's answer stands beside each that differs.
    `mobiles`: of what is only shown, the leaders' mobile numbers can still be corrected, since a
    code sent to a lost phone helps nobody.
    """

    entity: Mode
    entity_leader: Mode
    services: Mode
    steps: tuple[str, ...]
    may_add: bool = False
    given: frozenset[str] = frozenset()
    compared: bool = False
    mobiles: bool = False

    @property
    def first(self) -> str:
        """The step a new order opens with: the first that asks for anything."""
        asking = {"entity": self.entity, "services": self.services}
        return next((step for step in self.steps if asking[step] is Mode.EDITED), "check")


EDITED, SHOWN = Mode.EDITED, Mode.SHOWN
BOTH = ("entity", "services")
# Of a filing made through another provider, what the ministry's public register shows.
_GIVEN = frozenset(
    {
        "entity-name",
        "entity-nature",
        "entity-certificate_type",
        "entity-certificate_number",
        "entity-province",
        "service-name",
        "service-domain",
    }
)
_CANCELLED = Sections(SHOWN, SHOWN, SHOWN, (), mobiles=True)

SECTIONS: dict[FilingType, Sections] = {
    FilingType.FIRST_FILING: Sections(EDITED, EDITED, EDITED, BOTH, may_add=True),
    FilingType.ADD_SERVICE: Sections(SHOWN, SHOWN, EDITED, BOTH, may_add=True),
    FilingType.ADD_PROVIDER: Sections(EDITED, EDITED, EDITED, BOTH, given=_GIVEN),
    FilingType.CHANGE: Sections(EDITED, EDITED, EDITED, BOTH, compared=True),
    FilingType.CANCEL_ENTITY: _CANCELLED,
    FilingType.CANCEL_SERVICE: _CANCELLED,
    # Nobody verifies under any book, so no phone can be the wrong one.
    FilingType.CANCEL_ACCESS: Sections(SHOWN, SHOWN, SHOWN, ()),
}
CANCELLATIONS = (FilingType.CANCEL_ENTITY, FilingType.CANCEL_SERVICE, FilingType.CANCEL_ACCESS)


def sections_of(filing_type: str) -> Sections:
    """The table's line for a filing type."""
    return SECTIONS[FilingType(filing_type)]


def refuse_edit(before: Filing, after: Filing) -> None:
    """Raise Refusal where an edit touches what the order's type does not let be edited."""
    allowed = SECTIONS[before.type]
    if allowed.entity is not EDITED and before.entity != after.entity:
        raise _as_filed()
    if allowed.entity_leader is not EDITED and before.entity_leader != after.entity_leader:
        raise _as_filed()
    if allowed.services is not EDITED and before.services != after.services:
        raise _as_filed()
    if not allowed.may_add and len(before.services) != len(after.services):
        raise Refusal(T("The websites and apps of this order were chosen when it was started."))
    if _values(before, allowed.given) != _values(after, allowed.given):
        raise _as_filed()


def _as_filed() -> Refusal:
    return Refusal(
        T("This order leaves that as it is filed. To change it, start a change of the filing.")
    )


def _values(filing: Filing, fields: frozenset[str]) -> list[object]:
    values = []
    for field in sorted(fields):
        part, _, name = field.partition("-")
        about = [filing.entity] if part == "entity" else filing.services
        values += [getattr(one, name) for one in about]
    return values
