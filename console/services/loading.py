"""Loading what a verb is about to change: locked, the actor's own, and as they saw it."""

from __future__ import annotations

from sqlalchemy import select

from console.errors import Changed, NoSuchOrder, NotFound
from console.extensions import db
from console.models import Order
from console.rules.lifecycle import Role
from console.rules.text import T
from console.services.actors import Actor


def order_for(actor: Actor, number: str, revision: int | None = None) -> Order:
    """The order, locked until the transaction ends.

    An applicant finds only their own. Raises NotFound, and Changed when `revision` is given and
    is no longer the order's.
    """
    query = select(Order).where(Order.number == number).with_for_update()
    if actor.role is Role.APPLICANT:
        query = query.where(Order.applicant_id == actor.id)
    order = db.session.scalar(query.execution_options(populate_existing=True))
    if order is None:
        if actor.role is Role.APPLICANT:
            raise NoSuchOrder()
        raise NotFound(T("There is no such order."))
    if revision is not None and order.revision != revision:
        raise Changed()
    return order


def order_of_link(order_id: int, epoch: int) -> Order:
    """The order that a leader's link is about, locked. Raises NotFound once it was revoked."""
    order = db.session.get(Order, order_id, with_for_update=True, populate_existing=True)
    if order is None or order.share_epoch != epoch:
        raise NotFound(T("This link has ended. Ask the applicant for a new one."))
    return order
