"""Who besides the applicant may look: the leaders' links, and a reviewer's look at it all."""

from __future__ import annotations

from console import clock
from console.services.actors import Actor
from console.services.loading import order_for
from console.services.moves import record
from console.transactions import verb


@verb
def revoke_links(actor: Actor, number: str) -> None:
    """Make every leader's link of the order worthless; new ones are on its page at once."""
    order = order_for(actor, number)
    order.share_epoch += 1
    order.revision += 1
    record([order.id], "revoke-links", actor, {order.id: clock.now()})


@verb
def reveal(actor: Actor, number: str) -> None:
    """Note that a reviewer looks at the personal data in full, before they are shown."""
    order = order_for(actor, number)
    order.revision += 1
    record([order.id], "reveal", actor, {order.id: clock.now()})
