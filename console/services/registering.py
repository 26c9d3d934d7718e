"""The register changes when the ministry accepts, in the same transaction as the move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from console.extensions import db
from console.models import Order, RegisteredEntity, RegisteredService
from console.rules.changes import ENTITY, REMARKS
from console.rules.filing import Filing, FilingType, to_json
from console.services.contents import as_handed_over, filing_of, put_filing
from console.types import digest

ENTERS_ENTITY = (FilingType.FIRST_FILING, FilingType.ADD_PROVIDER)


def apply_acceptance(order: Order, at: datetime, data: Mapping[str, Any]) -> list[str]:
    """Change the register as the filing type says, and give the order's ICP numbers.

    The entity's comes first, then each service's. `data` is the ministry's: `entity_number`, and
    `service_numbers` by position.
    """
    filing = _numbered(filing_of(order), data)
    handed_over = as_handed_over(order, filing)
    put_filing(order, filing)
    if filing.type in (FilingType.CANCEL_ENTITY, FilingType.CANCEL_SERVICE):
        _cancel(filing, at)
    elif filing.type is FilingType.CANCEL_ACCESS:
        _take_off(filing)
    else:
        entity = _entity(order, handed_over, at)
        for service, content in zip(
            handed_over.services, to_json(handed_over)["services"], strict=True
        ):
            _enter_service(entity.id, service.icp_number, content, at)
    return [filing.entity.icp_number, *(service.icp_number for service in filing.services)]


def _numbered(filing: Filing, data: Mapping[str, Any]) -> Filing:
    numbers = data["service_numbers"]
    services = tuple(
        replace(s, icp_number=numbers.get(str(s.position), s.icp_number)) for s in filing.services
    )
    entity = replace(filing.entity, icp_number=data["entity_number"])
    return replace(filing, entity=entity, services=services)


def _entity(order: Order, filing: Filing, at: datetime) -> RegisteredEntity:
    """The register's entity, entered or changed where the filing type does that."""
    number = filing.entity.icp_number
    entity = db.session.scalar(
        select(RegisteredEntity).where(RegisteredEntity.icp_number == number)
    )
    entered = entity is None and filing.type in ENTERS_ENTITY
    if entity is None:
        entity = RegisteredEntity(icp_number=number, account_id=order.applicant_id, filed_at=at)
        db.session.add(entity)
    if entered or filing.changes & {ENTITY, REMARKS}:
        content = to_json(filing)
        entity.province = filing.entity.province
        entity.certificate_digest = digest("certificate", filing.entity.certificate_number)
        entity.content = {name: content[name] for name in ("entity", "entity_leader")}
    db.session.flush()
    order.entity_id = entity.id
    return entity


def _enter_service(entity_id: int, number: str, content: dict[str, Any], at: datetime) -> None:
    row = db.session.scalar(select(RegisteredService).where(RegisteredService.icp_number == number))
    if row is None:
        row = RegisteredService(icp_number=number, kind=content["kind"], filed_at=at)
        db.session.add(row)
    row.entity_id = entity_id
    row.domain = content["domain"]
    row.content = content
    row.with_us = True


def _cancel(filing: Filing, at: datetime) -> None:
    numbers = [service.icp_number for service in filing.services]
    db.session.execute(
        update(RegisteredService)
        .where(RegisteredService.icp_number.in_(numbers))
        .values(cancelled_at=at)
    )
    if filing.type is FilingType.CANCEL_ENTITY:
        db.session.execute(
            update(RegisteredEntity)
            .where(RegisteredEntity.icp_number == filing.entity.icp_number)
            .values(cancelled_at=at)
        )


def _take_off(filing: Filing) -> None:
    numbers = [service.icp_number for service in filing.services]
    db.session.execute(
        update(RegisteredService)
        .where(RegisteredService.icp_number.in_(numbers))
        .values(with_us=False)
    )
