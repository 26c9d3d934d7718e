"""Filling in: changing what an order files, while it is the applicant's turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from console import clock
from console.errors import Changed, Invalid, NotFound, Refusal
from console.extensions import db
from console.models import Order
from console.rules.filing import Entity, Filing, Person, Service, ServiceKind, to_json
from console.rules.lifecycle import Action, State, target
from console.rules.mobiles import is_mobile, normalise_mobile
from console.rules.sections import SECTIONS, refuse_edit
from console.rules.text import T
from console.services.actors import Actor
from console.services.contents import filing_of, put_filing
from console.services.corrections import refuse_closed
from console.services.loading import order_for
from console.services.material_rows import forget_service
from console.services.moves import move, record, touch
from console.services.numbers import new_number
from console.transactions import verb

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
MOST_SERVICES = 20


def create(
    actor: Actor,
    filing: Filing,
    *,
    entity_id: int | None = None,
    copied_from: int | None = None,
    number: str | None = None,
) -> Order:
    """Write a new draft with its first event, inside the caller's transaction."""
    now = clock.now()
    state = target(None, Action.START, actor.role)
    order = Order(
        number=number or new_number(now),
        type=filing.type.value,
        applicant_id=actor.id,
        entity_id=entity_id,
        copied_from_id=copied_from,
        state=state.value,
        content=to_json(filing),
        created_at=now,
        touched_at=now,
        state_since=now,
    )
    db.session.add(order)
    db.session.flush()
    put_filing(order, filing)
    touch(order, now)
    record([order.id], Action.START.value, actor, {order.id: now}, to=state)
    return order


def _edit(
    actor: Actor,
    number: str,
    revision: int,
    change: Callable[[Filing], Filing],
    guard: Callable[[Order, Filing, Filing], None] | None = None,
) -> int:
    order = order_for(actor, number, revision)
    if State(order.state) not in EDITABLE:
        raise Changed(T("This order is not open for changes now."))
    before = filing_of(order)
    after = change(before)
    if to_json(after) != to_json(before):  # the leaders' languages too, which `==` leaves out
        (guard or _refuse)(order, before, after)
        put_filing(order, after)
        touch(order, clock.now())
    return order.revision


def _refuse(order: Order, before: Filing, after: Filing) -> None:
    refuse_edit(before, after)
    refuse_closed(order, before, after)


@verb
def save_entity(
    actor: Actor, number: str, revision: int, entity: Entity, entity_leader: Person
) -> int:
    """Save the entity and its leader; give the order's new revision.

    Raises Changed, and Refusal where the order's type leaves them as they are filed, or the
    return of the order leaves closed what would change.
    """
    return _edit(
        actor,
        number,
        revision,
        lambda filing: replace(
            filing,
            entity=replace(entity, icp_number=filing.entity.icp_number),
            entity_leader=entity_leader,
        ),
    )


@verb
def save_service(actor: Actor, number: str, revision: int, service: Service) -> int:
    """Save the service at its position. Raises Changed, Refusal, NotFound when none is there."""

    def change(filing: Filing) -> Filing:
        if service.position not in {old.position for old in filing.services}:
            raise NotFound(T("The order has no such service."))
        services = tuple(
            replace(service, icp_number=old.icp_number, kind=old.kind)
            if old.position == service.position
            else old
            for old in filing.services
        )
        return replace(filing, services=services)

    return _edit(actor, number, revision, change)


@verb
def add_service(actor: Actor, number: str, revision: int, kind: ServiceKind) -> int:
    """Add an empty service at the end; give the order's new revision. Raises Changed, Refusal."""

    def change(filing: Filing) -> Filing:
        if len(filing.services) >= MOST_SERVICES:
            raise Refusal(T("An order holds at most %(most)s services.", most=MOST_SERVICES))
        added = Service(position=len(filing.services) + 1, kind=kind)
        return replace(filing, services=(*filing.services, added))

    return _edit(actor, number, revision, change)


@verb
def remove_service(actor: Actor, number: str, revision: int, position: int) -> int:
    """Take a service out; those behind it move up. Raises Changed, NotFound, Refusal."""

    def change(filing: Filing) -> Filing:
        kept = [service for service in filing.services if service.position != position]
        if len(kept) == len(filing.services):
            raise NotFound(T("The order has no such service."))
        if not kept:
            raise Refusal(T("An order needs at least one service."))
        return replace(
            filing, services=tuple(replace(s, position=n) for n, s in enumerate(kept, 1))
        )

    saved = _edit(actor, number, revision, change)
    forget_service(order_for(actor, number), position)
    return saved


@verb
def save_mobile(actor: Actor, number: str, revision: int, position: int, mobile: str) -> int:
    """Correct the mobile number that will get a code, in an order that files nothing else.

    `position`: the service whose leader it is, 0 for the entity leader. Raises Changed, Invalid,
    NotFound, and Refusal where the order's type has no such thing.
    """
    if not is_mobile(mobile):
        raise Invalid(T("Enter a mainland mobile number of 11 digits, like 138 0013 8000."))
    plain = normalise_mobile(mobile)

    def change(filing: Filing) -> Filing:
        if position == 0:
            leader = replace(filing.entity_leader, mobile=plain)
            return replace(filing, entity_leader=leader)
        if position not in {s.position for s in filing.services if not s.same_as_entity_leader}:
            raise NotFound(T("The order has no such service."))
        services = tuple(
            replace(s, leader=replace(s.leader, mobile=plain)) if s.position == position else s
            for s in filing.services
        )
        return replace(filing, services=services)

    return _edit(actor, number, revision, change, _refuse_mobile)


def _refuse_mobile(_order: Order, before: Filing, _after: Filing) -> None:
    # Whatever a return points at: a code that goes to a lost phone helps nobody.
    if not SECTIONS[before.type].mobiles:
        raise Refusal(T("The mobile numbers of this order are not corrected here."))


@verb
def discard(actor: Actor, number: str, revision: int | None = None) -> None:
    """Give a draft or a returned order up for good."""
    order = order_for(actor, number, revision)
    move([order], Action.DISCARD, actor, clock.now())
