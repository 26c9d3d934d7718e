"""The ministry's register: what is filed, found by ICP number, certificate or domain."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.miit.gateway import Filed
from console.miit.mock.register_tables import MinistryEntity, MinistryService
from console.miit.mock.tables import MinistryOrder
from console.rules.filing import (
    Entity,
    Filing,
    FilingType,
    Service,
    ServiceKind,
    from_json,
)
from console.rules.icp_numbers import parse_icp_number
from console.types import digest

# The orders a type cannot stand beside while they are with the ministry (DOMAIN: one entity).
ALONE = (FilingType.FIRST_FILING.value, FilingType.CANCEL_ENTITY.value)
PENDING = ("verifying", "administration")
# The services of these orders are named by the numbers they have.
BY_NUMBER = (
    FilingType.ADD_PROVIDER,
    FilingType.CHANGE,
    FilingType.CANCEL_SERVICE,
    FilingType.CANCEL_ACCESS,
)


def entity_digest(entity: Entity) -> str:
    """By what an entity is found: its certificate."""
    return digest("miit-entity", f"{entity.certificate_type} {entity.certificate_number}")


def active_entity(session: Session, number: str) -> MinistryEntity | None:
    """The entity filed under a number; None when unknown or cancelled."""
    parsed = parse_icp_number(number)
    if parsed is None or parsed.position is not None:
        return None
    return session.scalar(
        select(MinistryEntity).where(
            MinistryEntity.number == str(parsed), MinistryEntity.cancelled_at.is_(None)
        )
    )


def active_service(session: Session, number: str) -> MinistryService | None:
    """The service filed under a number; None when unknown or cancelled."""
    parsed = parse_icp_number(number)
    if parsed is None or parsed.position is None:
        return None
    return session.scalar(
        select(MinistryService).where(
            MinistryService.number == str(parsed), MinistryService.cancelled_at.is_(None)
        )
    )


def services_of(session: Session, entity: MinistryEntity) -> Sequence[MinistryService]:
    """The services filed of an entity, in the order of their numbers."""
    return session.scalars(
        select(MinistryService)
        .where(MinistryService.entity_id == entity.id, MinistryService.cancelled_at.is_(None))
        .order_by(MinistryService.id)
    ).all()


def stored_service(row: MinistryService) -> Service:
    """The service as it is filed."""
    return from_json(row.content).services[0]


def look_up(session: Session, icp_number: str) -> Filed | None:
    """What is filed under an entity's number, or under one service's."""
    service = active_service(session, icp_number)
    entity = (
        session.get(MinistryEntity, service.entity_id)
        if service
        else active_entity(session, icp_number)
    )
    if entity is None:
        return None
    rows = [service] if service else services_of(session, entity)
    filed = from_json(entity.content)
    return Filed(filed.entity, filed.entity_leader, [stored_service(row) for row in rows])


def stands_in_the_way(session: Session, order: MinistryOrder, filing: Filing) -> bool:
    """Whether the ministry will not take an order: a number it does not know, or a conflict."""
    if _excluded(session, order):
        return True
    if filing.type is FilingType.FIRST_FILING:
        return _entity_filed(session, order) or _domain_filed(session, filing)
    entity = active_entity(session, filing.entity.icp_number)
    if entity is None:
        return True
    if filing.type is FilingType.ADD_SERVICE:
        return _domain_filed(session, filing)
    if filing.type is FilingType.CHANGE and filing.changes <= {"entity"}:
        return False
    if filing.type in BY_NUMBER:
        return not all(_belongs(session, entity, one) for one in filing.services)
    return False


def _belongs(session: Session, entity: MinistryEntity, service: Service) -> bool:
    row = active_service(session, service.icp_number)
    return row is not None and row.entity_id == entity.id


def _entity_filed(session: Session, order: MinistryOrder) -> bool:
    filed = select(MinistryEntity.id).where(
        MinistryEntity.certificate_digest == order.entity_digest,
        MinistryEntity.cancelled_at.is_(None),
    )
    return session.scalar(filed.limit(1)) is not None


def _domain_filed(session: Session, filing: Filing) -> bool:
    """Whether a website's domain is another's already; an app's back end may share one."""
    domains = [one.domain for one in filing.services if one.kind is ServiceKind.WEBSITE]
    filed = select(MinistryService.id).where(
        MinistryService.kind == ServiceKind.WEBSITE.value,
        MinistryService.domain.in_([domain for domain in domains if domain]),
        MinistryService.cancelled_at.is_(None),
    )
    return session.scalar(filed.limit(1)) is not None


def _excluded(session: Session, order: MinistryOrder) -> bool:
    """Whether an order of the same entity is here that tolerates none beside it, or is not
    tolerated by this one. An earlier round of the same order is no other order."""
    others = select(MinistryOrder.id).where(
        MinistryOrder.entity_digest == order.entity_digest,
        MinistryOrder.number != order.number,
        MinistryOrder.state.in_(PENDING),
    )
    if order.type not in ALONE:
        others = others.where(MinistryOrder.type.in_(ALONE))
    return session.scalar(others.limit(1)) is not None
