"""What reviewers tell each other about an order."""

from __future__ import annotations

from console import clock
from console.errors import Invalid
from console.extensions import db
from console.models import Note
from console.rules.strings import seen
from console.rules.text import T
from console.services.actors import Actor
from console.services.loading import order_for
from console.services.moves import record
from console.transactions import verb

MOST = 2000


@verb
def add_note(actor: Actor, number: str, text: str) -> None:
    """Leave a note for colleagues; applicants never see it. Raises Invalid for an empty one."""
    order = order_for(actor, number)
    text = seen(text)
    if not text:
        raise Invalid(T("Write something that helps your colleagues."))
    if len(text) > MOST:
        raise Invalid(T("Enter at most %(limit)d characters here.", limit=MOST))
    now = clock.now()
    db.session.add(Note(order_id=order.id, author_id=actor.id, at=now, text=text))
    record([order.id], "note", actor, {order.id: now})
