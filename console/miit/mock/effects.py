"""What acceptance does to the register, for each of the seven filing types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.miit.mock.numbers import new_entity_number, new_service_number
from console.miit.mock.register import (
    active_entity,
    active_service,
    entity_digest,
    services_of,
    stored_service,
)
from console.miit.mock.register_tables import MinistryEntity, MinistryService
from console.rules.filing import (
    Entity,
    Filing,
    FilingType,
    Person,
    Service,
    from_json,
    to_json,
)

Numbers = dict[str, str]


def take_effect(session: Session, filing: Filing, now: datetime) -> tuple[str, Numbers]:
    """Change the register; the entity's number, and the services' by position in the order.

    The caller has checked that nothing stands in the way.
    """
    if filing.type is FilingType.FIRST_FILING:
        entity = _new_entity(session, filing, now)
        return entity.number, _add(session, entity, filing.services, now)
    known = active_entity(session, filing.entity.icp_number)
    assert known is not None  # checked: it stands not in the way
    found = session.execute(
        select(MinistryEntity).where(MinistryEntity.id == known.id).with_for_update()
    ).scalar_one()
    if filing.type is FilingType.ADD_SERVICE:
        return found.number, _add(session, found, filing.services, now)
    EFFECTS[filing.type](session, found, filing, now)
    return found.number, {str(one.position): one.icp_number for one in filing.services}


def _entity_content(entity: Entity, leader: Person) -> object:
    return to_json(Filing(FilingType.FIRST_FILING, entity=entity, entity_leader=leader))


def _service_content(service: Service) -> object:
    return to_json(Filing(FilingType.FIRST_FILING, services=(service,)))


def _new_entity(session: Session, filing: Filing, now: datetime) -> MinistryEntity:
    number = new_entity_number(session, filing.entity.province, now)
    entity = MinistryEntity(
        number=number,
        certificate_digest=entity_digest(filing.entity),
        content=_entity_content(replace(filing.entity, icp_number=number), filing.entity_leader),
        last_position=0,
        filed_at=now,
    )
    session.add(entity)
    session.flush()
    return entity


def _add(
    session: Session, entity: MinistryEntity, services: tuple[Service, ...], now: datetime
) -> Numbers:
    numbers = {}
    for service in services:
        number = new_service_number(entity, service.kind)
        numbers[str(service.position)] = number
        session.add(
            MinistryService(
                entity_id=entity.id,
                number=number,
                kind=service.kind.value,
                domain=service.domain,
                content=_service_content(replace(service, icp_number=number)),
                accesses=1,
                filed_at=now,
            )
        )
    session.flush()
    return numbers


def _rows(session: Session, filing: Filing) -> list[tuple[MinistryService, Service]]:
    found = [(active_service(session, one.icp_number), one) for one in filing.services]
    return [(row, one) for row, one in found if row is not None]


def _add_provider(session: Session, _e: MinistryEntity, filing: Filing, _now: datetime) -> None:
    for row, service in _rows(session, filing):
        row.accesses += 1
        row.content = _service_content(service)


def _change(session: Session, entity: MinistryEntity, filing: Filing, _now: datetime) -> None:
    if "entity" in filing.changes:
        entity.certificate_digest = entity_digest(filing.entity)
        entity.content = _entity_content(filing.entity, filing.entity_leader)
    elif "remarks" in filing.changes:
        filed = from_json(entity.content)
        entity.content = _entity_content(
            replace(filed.entity, remarks=filing.entity.remarks), filed.entity_leader
        )
    for row, service in _rows(session, filing):
        if "service" in filing.changes:
            row.kind, row.domain = service.kind.value, service.domain
            row.content = _service_content(service)
        elif "remarks" in filing.changes:
            row.content = _service_content(replace(stored_service(row), remarks=service.remarks))


def _cancel_entity(session: Session, entity: MinistryEntity, _f: Filing, now: datetime) -> None:
    entity.cancelled_at = now
    for row in services_of(session, entity):
        row.cancelled_at = now


def _cancel_service(session: Session, _e: MinistryEntity, filing: Filing, now: datetime) -> None:
    for row, _ in _rows(session, filing):
        row.cancelled_at = now


def _cancel_access(session: Session, _e: MinistryEntity, filing: Filing, _now: datetime) -> None:
    for row, _ in _rows(session, filing):
        row.accesses = max(0, row.accesses - 1)  # the filing stays, the access goes


EFFECTS: dict[FilingType, Callable[[Session, MinistryEntity, Filing, datetime], None]] = {
    FilingType.ADD_PROVIDER: _add_provider,
    FilingType.CHANGE: _change,
    FilingType.CANCEL_ENTITY: _cancel_entity,
    FilingType.CANCEL_SERVICE: _cancel_service,
    FilingType.CANCEL_ACCESS: _cancel_access,
}


def file_elsewhere(session: Session, filing: Filing, now: datetime) -> tuple[str, Numbers]:
    """Enter into the register what was filed through another provider, as if long ago."""
    known = active_entity(session, filing.entity.icp_number)
    entity = known or _new_entity(session, filing, now)
    return entity.number, _add(session, entity, filing.services, now)
