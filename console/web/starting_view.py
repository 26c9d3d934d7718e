"""What the pages that start an order offer: the types, and what each is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from console.queries.register import FiledEntity, FiledService, Holdings
from console.rules.filing import FilingType
from console.rules.labels import FILING_TYPES
from console.rules.text import T, Text
from console.web.forms.new_order import PURPOSES

# Types about something in the register; the others file what is not there yet.
ABOUT_FILED = (
    FilingType.ADD_SERVICE,
    FilingType.CHANGE,
    FilingType.CANCEL_ENTITY,
    FilingType.CANCEL_SERVICE,
    FilingType.CANCEL_ACCESS,
)
CHOOSES_SERVICES = (FilingType.CHANGE, FilingType.CANCEL_SERVICE, FilingType.CANCEL_ACCESS)

QUESTIONS: dict[FilingType, Text] = {
    FilingType.CHANGE: T("Which websites and apps change?"),
    FilingType.CANCEL_SERVICE: T("Which websites and apps are cancelled?"),
    FilingType.CANCEL_ACCESS: T("Which websites and apps have left this provider?"),
}


@dataclass(frozen=True)
class TypeChoice:
    """A type of order as the page offers it. `closed`: why it cannot be started, what to do."""

    code: str
    label: Text
    purpose: Text
    closed: Text | None = None
    way_out: FilingType | None = None


@dataclass(frozen=True)
class ServiceChoice:
    """A service to tick. `busy`: one's own order that is about it already."""

    service: FiledService
    ticked: bool
    busy: str | None


def type_choices(holdings: Holdings) -> list[TypeChoice]:
    """The seven types, each with why it is not to be had."""
    return [
        TypeChoice(code.value, FILING_TYPES[code], purpose, *_closed(code, holdings))
        for code, purpose in PURPOSES.items()
    ]


def _closed(code: FilingType, holdings: Holdings) -> tuple[Text | None, FilingType | None]:
    if code in ABOUT_FILED and not holdings.entities:
        return (
            T(
                "Nothing of yours is in the register here yet. Start with a first filing; if the"
                " entity is filed through another provider, add this provider to it."
            ),
            FilingType.FIRST_FILING,
        )
    if code is FilingType.CANCEL_SERVICE and not holdings.services:
        return T("No website or app of yours is filed."), FilingType.ADD_SERVICE
    if code is FilingType.CANCEL_ACCESS and not holdings.with_us:
        return T("This provider is on none of your filings."), FilingType.ADD_PROVIDER
    return None, None


def service_choices(
    entity: FiledEntity, filing_type: FilingType, ticked: Collection[int]
) -> list[ServiceChoice]:
    """The services that an order of this type can be about."""
    if filing_type not in CHOOSES_SERVICES:
        return []
    once_each = filing_type is not FilingType.CHANGE
    return [
        ServiceChoice(
            service,
            service.id in ticked,
            entity.in_the_way(filing_type, [service.icp_number]) if once_each else None,
        )
        for service in entity.live
        if service.with_us or filing_type is not FilingType.CANCEL_ACCESS
    ]


def numbers_of(entity: FiledEntity, filing_type: FilingType, ticked: Collection[int]) -> list[str]:
    """The ICP numbers of the services that the order would be about."""
    chosen: Sequence[FiledService] = entity.live
    if filing_type in CHOOSES_SERVICES:
        chosen = [service for service in entity.live if service.id in ticked]
    return [service.icp_number for service in chosen]
