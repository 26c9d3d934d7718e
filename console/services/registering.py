"""The register changes when the ministry accepts, in the same transaction as the move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.extensions import db
from console.models import Order, RegisteredEntity, RegisteredService
from console.rules.filing import Filing, Service, to_json
from console.services.contents import filing_of, put_filing
from console.types import digest


def apply_acceptance(order: Order, at: datetime, data: Mapping[str, Any]) -> list[str]:
    """Enter what was accepted and give the ICP numbers the order ends with, entity's first."""
    filing = _numbered(filing_of(order), data)
    put_filing(order, filing)
    entity = _enter_entity(order, filing, at)
    for service in filing.services:
        _enter_service(entity, service, at)
    return [filing.entity.icp_number, *(service.icp_number for service in filing.services)]


def _numbered(filing: Filing, data: Mapping[str, Any]) -> Filing:
    numbers = data["service_numbers"]
    services = tuple(
        replace(s, icp_number=numbers.get(str(s.position), s.icp_number)) for s in filing.services
    )
    entity = replace(filing.entity, icp_number=data["entity_number"])
    return replace(filing, entity=entity, services=services)


def _enter_entity(order: Order, filing: Filing, at: datetime) -> RegisteredEntity:
    number = filing.entity.icp_number
    entity = db.session.scalar(
        select(RegisteredEntity).where(RegisteredEntity.icp_number == number)
    )
    if entity is None:
        entity = RegisteredEntity(icp_number=number, account_id=order.applicant_id, filed_at=at)
        db.session.add(entity)
    content = to_json(filing)
    entity.province = filing.entity.province
    entity.certificate_digest = digest("certificate", filing.entity.certificate_number)
    entity.content = {name: content[name] for name in ("entity", "entity_leader")}
    db.session.flush()
    order.entity_id = entity.id
    return entity


def _enter_service(entity: RegisteredEntity, service: Service, at: datetime) -> None:
    row = db.session.scalar(
        select(RegisteredService).where(RegisteredService.icp_number == service.icp_number)
    )
    if row is None:
        row = RegisteredService(
            entity_id=entity.id,
            icp_number=service.icp_number,
            kind=service.kind.value,
            filed_at=at,
        )
        db.session.add(row)
    row.domain = service.domain
    row.content = to_json(Filing(type="first-filing", services=(service,)))["services"][0]  # type: ignore[arg-type]
