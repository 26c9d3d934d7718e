"""Filings whose every free text is a payload, put past all checks into orders in every state."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from console.extensions import db
from console.miit.mock.tables import MinistryOrder, MinistryText
from console.models import Order, Round
from console.rules.filing import Filing, Person, Platform, Service, to_json
from console.services.contents import put_filing

PERSON = ("name", "certificate_number", "mobile", "emergency_phone", "email")
ENTITY = ("name", "certificate_number", "certificate_address", "city", "district",
          "contact_address", "superior_unit", "remarks")  # fmt: skip
SERVICE = ("name", "domain", "home_address", "pre_approval_number", "remarks", "sdks")
PLATFORM = ("package_name", "public_key", "fingerprint")


def stuffed(filing: Filing, payload: str) -> Filing:
    """The filing with the payload wherever an applicant types freely."""

    def person(who: Person) -> Person:
        return replace(who, **dict.fromkeys(PERSON, payload))

    def service(one: Service) -> Service:
        platforms = tuple(
            Platform(p.system, **dict.fromkeys(PLATFORM, payload)) for p in one.platforms
        )
        texts = dict.fromkeys(SERVICE, payload)
        return replace(one, **texts, ip_addresses=(payload,), platforms=platforms,
                       leader=person(one.leader))  # fmt: skip

    return replace(
        filing,
        entity=replace(filing.entity, **dict.fromkeys(ENTITY, payload)),
        entity_leader=person(filing.entity_leader),
        services=tuple(service(one) for one in filing.services),
    )


def stuff(number: str, filing: Filing, payload: str) -> None:
    """Put the payload into an order, its rounds, and what the ministry has of it."""
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    evil = stuffed(filing, payload)
    put_filing(order, evil)
    order.label = payload[:100]
    order.return_note = payload
    for round_ in db.session.scalars(select(Round).where(Round.order_id == order.id)):
        round_.content = to_json(evil)
    for known in db.session.scalars(select(MinistryOrder).where(MinistryOrder.number == number)):
        known.content, known.note = to_json(evil), payload
    for text in db.session.scalars(select(MinistryText)):
        text.text = payload
    db.session.commit()
