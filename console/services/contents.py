"""The filing inside an order: read, replaced, and marked so that it can be found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import and_, delete, select

from console.extensions import db
from console.models import Mark, Order, RegisteredEntity, RegisteredService, Round
from console.rules.changes import only_changed
from console.rules.filing import Filing, FilingType, Person, from_json, to_json
from console.types import digest


def filing_of(order: Order) -> Filing:
    """The order's filing as it stands."""
    return from_json(order.content)


def put_filing(order: Order, filing: Filing) -> None:
    """Replace the filing, and what is derived from it: province, label and marks."""
    filing = _with_shared_leader(filing)
    order.content = to_json(filing)
    order.province = filing.entity.province
    order.label = _label(filing)
    db.session.flush()
    db.session.execute(delete(Mark).where(Mark.order_id == order.id))
    db.session.add_all(
        Mark(order_id=order.id, purpose=purpose, value=value)
        for purpose, value in sorted(set(_marks(filing)))
    )


def _label(filing: Filing) -> str:
    """What the order goes by in lists: a site's, else a unit's name. A person's is kept out."""
    of_services = (s.domain or s.name for s in filing.services if s.domain or s.name)
    unit = filing.entity.nature not in ("", "individual")
    return next(of_services, filing.entity.name if unit else "")


def _with_shared_leader(filing: Filing) -> Filing:
    services = tuple(
        replace(service, leader=filing.entity_leader) if service.same_as_entity_leader else service
        for service in filing.services
    )
    return replace(filing, services=services)


def _marks(filing: Filing) -> Iterator[tuple[str, str]]:
    def hidden(purpose: str, value: str) -> Iterator[tuple[str, str]]:
        if value:
            yield purpose, digest(purpose, value)

    def person(who: Person) -> Iterator[tuple[str, str]]:
        yield from hidden("mobile", who.mobile)
        yield from hidden("person-certificate", who.certificate_number)
        yield from hidden("email", who.email)
        yield from hidden("person-name", who.name)

    yield from hidden("entity-name", filing.entity.name)
    yield from hidden("certificate", filing.entity.certificate_number)
    if filing.entity.icp_number:
        yield "icp-number", filing.entity.icp_number
    yield from person(filing.entity_leader)
    for service in filing.services:
        yield from person(service.leader)
        if service.domain:
            yield "domain", service.domain
        if service.icp_number:
            yield "icp-number", service.icp_number


def round_of(order: Order, number: int) -> Filing | None:
    """What was submitted in a round, None when there was no such round."""
    content = db.session.scalar(
        select(Round.content).where(Round.order_id == order.id, Round.round == number)
    )
    return None if content is None else from_json(content)


def registered_filing(entity_id: int, service_numbers: Sequence[str], as_type: str) -> Filing:
    """What the register holds of an entity and of these services, as a filing of a type."""
    about = and_(
        RegisteredService.entity_id == RegisteredEntity.id,
        RegisteredService.icp_number.in_(service_numbers),
    )
    found = db.session.execute(
        select(RegisteredEntity.content, RegisteredService.icp_number, RegisteredService.content)
        .outerjoin(RegisteredService, about)
        .where(RegisteredEntity.id == entity_id)
    ).all()
    rows = {icp_number: content for _entity, icp_number, content in found}
    chosen = [rows[number] for number in service_numbers if number in rows]
    return from_json(
        {
            "type": as_type,
            **found[0][0],
            "services": [{**item, "position": n} for n, item in enumerate(chosen, 1)],
            "changes": [],
            "answers": [],
        }
    )


def registered_beside(order: Order, filing: Filing) -> Filing | None:
    """What the register holds of what a change is about; None for anything else."""
    if filing.type is not FilingType.CHANGE or order.entity_id is None:
        return None
    numbers = [service.icp_number for service in filing.services]
    return registered_filing(order.entity_id, numbers, order.type)


def as_handed_over(order: Order, filing: Filing) -> Filing:
    """The filing as the ministry gets it: of a change, only what differs from the register."""
    registered = registered_beside(order, filing)
    return filing if registered is None else only_changed(registered, filing)
