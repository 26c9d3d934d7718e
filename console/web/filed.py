"""What an applicant has filed, and what can be started for each: `/filed`."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console.queries.register import FiledEntity, FiledService, filed
from console.rules.filing import FilingType
from console.rules.labels import SERVICE_KINDS
from console.rules.provinces import PROVINCES
from console.rules.text import T, Text
from console.web.guards import applicant_required, current_actor

blueprint = Blueprint("filed", __name__, url_prefix="/filed")

# What can be done about an entity, and about one of its services.
OF_ENTITY = {
    FilingType.ADD_SERVICE: T("Add a website or app"),
    FilingType.CHANGE: T("Change"),
    FilingType.CANCEL_ENTITY: T("Cancel the entity"),
}
OF_SERVICE = {
    FilingType.CHANGE: T("Change"),
    FilingType.CANCEL_ACCESS: T("Take this provider off"),
    FilingType.CANCEL_SERVICE: T("Cancel"),
}


@dataclass(frozen=True)
class Way:
    """Something to start. `busy`: one's own order that keeps it from being started now."""

    type: str
    label: Text
    url: str
    busy: str | None


@dataclass(frozen=True)
class ServiceLine:
    """A service as the list shows it. `state`: filed, elsewhere or cancelled."""

    service: FiledService
    kind: Text
    state: str
    state_label: Text
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class EntityLine:
    """An entity with its services."""

    entity: FiledEntity
    province: object
    ways: tuple[Way, ...]
    services: tuple[ServiceLine, ...]


@blueprint.get("")
@applicant_required
def index() -> ResponseReturnValue:
    """One's entities and their services, first filed first."""
    account_id = current_actor().id
    assert account_id is not None, "an applicant has an account"
    after = min(max(request.args.get("after", 0, type=int), 0), 2**31 - 1)
    page = filed(account_id, after)
    return render_template(
        "filed/index.html",
        lines=[_entity(entity) for entity in page.entities],
        next=page.next,
        first=not after,
    )


def _entity(entity: FiledEntity) -> EntityLine:
    gone = entity.cancelled_at is not None
    ways = () if gone else tuple(_way(entity, code, label) for code, label in OF_ENTITY.items())
    province = PROVINCES.get(entity.province)
    return EntityLine(
        entity,
        province.name if province else "",
        ways,
        tuple(_service(entity, service) for service in entity.services),
    )


def _service(entity: FiledEntity, service: FiledService) -> ServiceLine:
    state, label = _state(service)
    ways = []
    if state != "cancelled":
        ways = [
            _way(entity, code, text, service)
            for code, text in OF_SERVICE.items()
            if service.with_us or code is not FilingType.CANCEL_ACCESS
        ]
    return ServiceLine(service, SERVICE_KINDS[service.kind], state, label, tuple(ways))


def _state(service: FiledService) -> tuple[str, Text]:
    if service.cancelled_at is not None:
        return "cancelled", T("Cancelled")
    if not service.with_us:
        return "elsewhere", T("Filed, without this provider")
    return "filed", T("Filed")


def _way(
    entity: FiledEntity, code: FilingType, label: Text, service: FiledService | None = None
) -> Way:
    url = f"/orders/new/{code.value}?entity={entity.id}"
    if service is not None:
        url += f"&service={service.id}"
    elif code is FilingType.CHANGE:
        url += "&changes=entity"
    numbers = [service.icp_number] if service else []
    return Way(code.value, label, url, entity.in_the_way(code, numbers))
