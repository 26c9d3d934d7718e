"""Who besides the applicant may look: the leaders' links, and a reviewer's look at it all."""

from __future__ import annotations

from sqlalchemy import delete, or_

from console import clock
from console.extensions import db
from console.models import Confirmation
from console.services.actors import Actor
from console.services.loading import order_for
from console.services.moves import record
from console.transactions import verb


@verb
def revoke_links(actor: Actor, number: str) -> None:
    """Make every leader's link of the order worthless; new ones are on its page at once.

    What was said through the old ones is forgotten, confirmations aside: it may have been
    somebody else who said it.
    """
    order = order_for(actor, number)
    order.share_epoch += 1
    db.session.execute(
        delete(Confirmation).where(
            Confirmation.order_id == order.id,
            Confirmation.round == order.round,
            or_(Confirmation.confirmed_at.is_(None), Confirmation.reported_at.is_not(None)),
        )
    )
    order.revision += 1
    record([order.id], "revoke-links", actor, {order.id: clock.now()})


@verb
def reveal(actor: Actor, number: str) -> None:
    """Note that a reviewer looks at the personal data in full, before they are shown.

    The order's revision stays: looking must stand in nobody's way who decides or fills in.
    """
    order = order_for(actor, number)
    record([order.id], "reveal", actor, {order.id: clock.now()})
