"""An order of each filing type, started and filled in through the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from console.extensions import db
from console.models import RegisteredEntity, RegisteredService
from console.rules.filing import Filing, FilingType, to_json
from console.types import digest
from tests.support.filings import mobile, person, valid_filing, website
from tests.web.types.office import Office, form, send, words

TWO_SITES = valid_filing(
    1, services=(website(1), website(2, position=2, leader=person(9), name="西子茶叶商城"))
)
ADDED = valid_filing(4, services=(website(4, leader=person(12)),))
ELSEWHERE = valid_filing(6, two_people=True)
OF_FILED = {FilingType.CHANGE, FilingType.ADD_SERVICE} | {
    t for t in FilingType if t.value.startswith("cancel")
}


def register(office: Office, filing: Filing = TWO_SITES) -> None:
    """Enter a filing of the owner into both registers: as an accepted order leaves them."""
    owner, now = office.people.owner.id, office.clock.now
    with office.app.app_context():
        number, numbers = office.app.extensions["ministry"].file_elsewhere(filing)
        content = to_json(replace(filing, entity=replace(filing.entity, icp_number=number)))
        entity = RegisteredEntity(
            account_id=owner,
            icp_number=number,
            province=filing.entity.province,
            certificate_digest=digest("certificate", filing.entity.certificate_number),
            content={name: content[name] for name in ("entity", "entity_leader")},
            filed_at=now,
        )
        db.session.add(entity)
        db.session.flush()
        for service in content["services"]:
            service["icp_number"] = numbers[str(service["position"])]
            row = RegisteredService(
                entity_id=entity.id,
                icp_number=service["icp_number"],
                kind=service["kind"],
                domain=service["domain"],
                content=service,
                filed_at=now,
            )
            db.session.add(row)
        db.session.commit()


def ids(office: Office) -> tuple[int, list[int]]:
    """The entity of the register, and its services."""
    with office.app.app_context():
        entity = db.session.scalars(select(RegisteredEntity.id).order_by(RegisteredEntity.id)).all()
        services = db.session.scalars(select(RegisteredService.id).order_by(RegisteredService.id))
        return entity[-1], list(services)


def provider_form(office: Office, **answers: str) -> dict[str, Any]:
    """What names a filing that another provider made."""
    with office.app.app_context():
        _entity, numbers = office.app.extensions["ministry"].file_elsewhere(ELSEWHERE)
    return {
        "icp_number": numbers["1"],
        "certificate_number": ELSEWHERE.entity.certificate_number,
        **answers,
    }


def ready(office: Office, filing_type: FilingType) -> Office:
    """An order of this type, filled in and not handed in."""
    started = {
        FilingType.FIRST_FILING: _first_filing,
        FilingType.ADD_SERVICE: _add_service,
        FilingType.ADD_PROVIDER: _add_provider,
        FilingType.CHANGE: _change,
    }
    started.get(filing_type, _cancellation)(office, filing_type)
    return office


def _begun(office: Office, filing_type: FilingType, **values: Any) -> None:
    answer = office.begin(filing_type, **values)
    assert answer.status_code == 303, words(answer)[:1500]
    assert office.number, answer.location


def _first_filing(office: Office, filing_type: FilingType) -> None:
    _begun(office, filing_type, websites="2")
    office.fill(TWO_SITES)


def _add_service(office: Office, filing_type: FilingType) -> None:
    register(office)
    _begun(office, filing_type, websites="1")
    office.fill(ADDED)


def _add_provider(office: Office, filing_type: FilingType) -> None:
    answers = {}
    if "mobile-changed" in form(office.owner.get("/orders/new/add-provider"), "provider").asked:
        answers = {"mobile__changed": "no", "empty__shell": "no"}
    _begun(office, filing_type, **provider_form(office, **answers))
    office.fill(ELSEWHERE)


def _change(office: Office, filing_type: FilingType) -> None:
    register(office)
    _begun(office, filing_type, changes=["entity"], service=[str(ids(office)[1][1])])
    edit(office, "entity", entity_leader__mobile=mobile(77))
    edit(office, "services/1", service__name="西子茶叶新商城")


def edit(office: Office, step: str, **values: Any) -> None:
    """Change some answers of a step and leave the others as they stand."""
    answer = send(office.owner, office.page(step), f"/edit/{step}", **values)
    assert answer.status_code == 303, words(answer)[:1500]


def _cancellation(office: Office, filing_type: FilingType) -> None:
    register(office)
    chosen = {"service": [str(i) for i in ids(office)[1]]}
    if filing_type is FilingType.CANCEL_ENTITY:
        chosen = {}
    _begun(office, filing_type, **chosen)
