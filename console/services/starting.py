"""Starting an order, of each filing type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from console import clock
from console.errors import Busy, Invalid, NotFound, Refusal
from console.extensions import db
from console.miit.gateway import Filed, Gateway, TryLater
from console.models import Order, RegisteredEntity, RegisteredService
from console.rules.filing import Entity, Filing, FilingType, Person, Service, ServiceKind
from console.rules.lifecycle import FINAL, State
from console.rules.text import T
from console.rules.verifiers import facts_of, refuse_apps
from console.services.actors import Actor
from console.services.books import book_on
from console.services.conflicts import refuse_conflicts
from console.services.contents import filing_of, registered_filing
from console.services.drafts import MOST_SERVICES, create
from console.services.loading import order_for
from console.services.numbers import number_for_key
from console.services.retention import was_purged
from console.transactions import verb


@verb
def start(
    actor: Actor,
    filing_type: FilingType,
    kinds: Sequence[ServiceKind] = (ServiceKind.WEBSITE,),
    entity_id: int | None = None,
    service_ids: Sequence[int] = (),
    key: str = "",
) -> str:
    """Start an order and give its number.

    A first filing needs nothing that is filed. An added service needs the entity; a change or a
    cancellation the entity and, but for the entity's own, its services. `key` is the form's: sent
    twice, it starts one order. Raises Conflict when a running order stands in the way, Invalid
    when something is not chosen, NotFound.
    """
    if filing_type is FilingType.ADD_PROVIDER:
        raise Refusal(T("Give the ICP number of the service that is filed elsewhere."))
    number, started = number_for_key(actor, key, clock.now()) if key else (None, False)
    if number and started:
        return number
    if filing_type is FilingType.FIRST_FILING:
        filing = _known(Filing(type=filing_type, services=_empty(kinds)))
        return create(actor, filing, number=number).number
    entity = _own_entity(actor, entity_id)
    if filing_type is FilingType.ADD_SERVICE:
        filing = replace(registered_filing(entity.id, (), filing_type), services=_empty(kinds))
    else:
        numbers = _numbers(entity, filing_type, service_ids)
        filing = registered_filing(entity.id, numbers, filing_type)
    refuse_conflicts(_id(actor), _known(filing), entity.id)
    return create(actor, filing, entity_id=entity.id, number=number).number


def _known(filing: Filing) -> Filing:
    """The filing, unless the book in force knows nothing of what it is about: Invalid."""
    day = clock.china_day(clock.now())
    book = book_on(day)
    if book is not None:
        refuse_apps(book, facts_of(filing, day))
    return filing


def _id(actor: Actor) -> int:
    assert actor.id is not None, "an applicant has an account"
    return actor.id


def _empty(kinds: Sequence[ServiceKind]) -> tuple[Service, ...]:
    if not kinds:
        raise Invalid(T("Choose what is to be filed: a website or an app."))
    if len(kinds) > MOST_SERVICES:
        raise Refusal(T("An order holds at most %(most)s services.", most=MOST_SERVICES))
    return tuple(Service(position=n, kind=kind) for n, kind in enumerate(kinds, 1))


def _own_entity(actor: Actor, entity_id: int | None) -> RegisteredEntity:
    if entity_id is None:
        raise Invalid(T("Choose the entity that this order is about."))
    entity = db.session.scalar(
        select(RegisteredEntity)
        .where(
            RegisteredEntity.id == entity_id,
            RegisteredEntity.account_id == actor.id,
            RegisteredEntity.cancelled_at.is_(None),
        )
        .with_for_update()
    )
    if entity is None:
        raise NotFound(T("There is no such entity."))
    return entity


def _numbers(
    entity: RegisteredEntity, filing_type: FilingType, service_ids: Sequence[int]
) -> list[str]:
    """The ICP numbers of the services an order is about; all of them when the entity goes."""
    filed = db.session.scalars(
        select(RegisteredService)
        .where(RegisteredService.entity_id == entity.id, RegisteredService.cancelled_at.is_(None))
        .order_by(RegisteredService.id)
    ).all()
    if filing_type is FilingType.CANCEL_ENTITY:
        return [service.icp_number for service in filed]
    chosen = [service for service in filed if service.id in set(service_ids)]
    if len(chosen) != len(set(service_ids)):
        raise NotFound(T("The entity has no such service."))
    if filing_type is not FilingType.CHANGE and not chosen:
        raise Invalid(T("Choose at least one service."))
    if filing_type is FilingType.CANCEL_ACCESS and not all(s.with_us for s in chosen):
        raise Refusal(T("This provider is not on the filing of that service."))
    return [service.icp_number for service in chosen]


def start_add_provider(
    actor: Actor,
    icp_number: str,
    certificate_number: str,
    answers: Mapping[str, bool],
    gateway: Gateway,
    key: str = "",
) -> str:
    """Start an access filing for a service that is filed through another provider.

    What the ministry holds is shown only to someone who knows the entity's certificate number,
    and the leaders' particulars not even then. `answers` are those to the two questions
    ("mobile-changed", "empty-shell"); Refusal carries the book's own advice. `key` as in `start`.
    Raises Busy when the ministry does not answer, Invalid, Conflict.
    """
    refuse_by_answers(answers)
    try:
        filed = gateway.look_up(icp_number)
    except TryLater:
        raise Busy(
            T("The ministry does not answer at the moment. Try again in a few minutes.")
        ) from None
    known = filed.entity.certificate_number.upper() if filed else ""
    if filed is None or not known or known != certificate_number.strip().upper():
        raise Invalid(
            T("Nothing is filed under this ICP number and certificate number. Check both.")
        )
    return _start_add_provider(actor, filed, icp_number, answers, key)


@verb
def _start_add_provider(
    actor: Actor, filed: Filed, icp_number: str, answers: Mapping[str, bool], key: str
) -> str:
    number, started = number_for_key(actor, key, clock.now()) if key else (None, False)
    if number and started:
        return number
    services = [s for s in filed.services if icp_number in (s.icp_number, filed.entity.icp_number)]
    if not services:
        raise Invalid(T("No website or app is filed under this number."))
    _refuse_served(services)
    filing = Filing(
        type=FilingType.ADD_PROVIDER,
        entity=_public(filed.entity),
        services=tuple(_shown(service, n) for n, service in enumerate(services, 1)),
        answers=tuple(sorted(answers.items())),
    )
    own = db.session.scalar(
        select(RegisteredEntity.id).where(
            RegisteredEntity.icp_number == filed.entity.icp_number,
            RegisteredEntity.account_id == actor.id,
        )
    )
    refuse_conflicts(_id(actor), _known(filing), own)
    return create(actor, filing, entity_id=own, number=number).number


def _refuse_served(services: Sequence[Service]) -> None:
    """Refuse to add this provider to what it is on already."""
    served = db.session.scalar(
        select(RegisteredService.icp_number).where(
            RegisteredService.icp_number.in_([service.icp_number for service in services]),
            RegisteredService.with_us,
            RegisteredService.cancelled_at.is_(None),
        )
    )
    if served is not None:
        raise Invalid(T("This provider is on the filing %(number)s already.", number=served))


def _public(entity: Entity) -> Entity:
    """Of a filed entity, what the ministry's public register shows, and the number given."""
    return Entity(
        name=entity.name,
        nature=entity.nature,
        certificate_type=entity.certificate_type,
        certificate_number=entity.certificate_number,
        province=entity.province,
        icp_number=entity.icp_number,
    )


def _shown(service: Service, position: int) -> Service:
    # The access is this provider's business: its addresses and mode are asked for anew.
    return replace(
        service,
        position=position,
        leader=Person(),
        same_as_entity_leader=False,
        ip_addresses=(),
        access_mode="",
        server_province="",
    )


def refuse_by_answers(answers: Mapping[str, bool]) -> None:
    """Refuse an access filing that the book in force would see fail, with the book's advice.

    The three older books: a changed mobile must first be changed through the original provider,
    which a service without any provider left cannot do.
    """
    book = book_on(clock.china_day(clock.now()))
    advice = book.add_provider if book else None
    if advice is None or not answers.get("mobile-changed"):
        return
    raise Refusal(advice.empty_shell if answers.get("empty-shell") else advice.changed_mobile)


@verb
def start_again(actor: Actor, number: str) -> str:
    """Start a new order with the content of one that has ended; give its number.

    While a copy is still running, that one's number: asked twice, it starts one order.
    """
    old = order_for(actor, number)
    if State(old.state) not in (State.CANCELLED, State.LAPSED):
        raise Refusal(T("Only an order that was cancelled or has lapsed can be started again."))
    if was_purged(old):
        raise Refusal(T("The answers of this order have been deleted. Start a new order instead."))
    running = db.session.scalar(
        select(Order.number).where(
            Order.copied_from_id == old.id, Order.state.not_in([state.value for state in FINAL])
        )
    )
    if running is not None:
        return running
    filing = filing_of(old)
    if old.entity_id is not None:
        refuse_conflicts(_id(actor), filing, old.entity_id)
    return create(actor, filing, entity_id=old.entity_id, copied_from=old.id).number
