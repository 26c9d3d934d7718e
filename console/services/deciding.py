"""Several orders at a time: claiming them, and passing those that nothing is found in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console import clock
from console.errors import Changed, Refusal
from console.rules.bilingual import Bilingual
from console.rules.lifecycle import State
from console.rules.text import T, Text
from console.services import review
from console.services.actors import Actor
from console.services.contents import as_handed_over, round_of
from console.services.findings import findings_for_desk
from console.services.materials import papers_of
from console.services.moves import record
from console.transactions import verb

MOST = 50  # orders at a time


@dataclass(frozen=True)
class Outcome:
    """What came of one order. `done` False: it is as it was, for the reason that `text` says."""

    number: str
    done: bool
    text: Text | Bilingual


@verb
def approve_clean(actor: Actor, number: str) -> None:
    """Approve an order that nobody else holds and that no check finds anything in.

    Raises Refusal where there is a finding, and whatever claiming raises.
    """
    order = review.order_to_review(actor, number)
    now = clock.now()
    if State(order.state) is not State.IN_REVIEW:
        raise Changed()
    if review.holder(order, now) not in (None, actor.id):
        raise Changed(T("Another reviewer has claimed this order."))
    filing = round_of(order, order.round)
    assert filing is not None, "an order in review was handed in"
    handed = as_handed_over(order, filing)
    found = findings_for_desk(order, filing, handed, papers_of(order))
    if found:
        raise Refusal(T("Not passed: the checks found %(count)s. Open it.", count=len(found)))
    if review.holder(order, now) is None:
        record([order.id], "claim", actor, {order.id: now})
    review.pass_on(order, actor)


def claim_several(actor: Actor, numbers: Sequence[str]) -> list[Outcome]:
    """Claim each of the orders, or tell why not."""
    return _each(numbers, lambda number: review.claim(actor, number), T("Claimed by you."))


def approve_several(actor: Actor, numbers: Sequence[str]) -> list[Outcome]:
    """Approve each of the orders that nothing is found in, or tell why not."""
    done = T("Passed first review and goes to the ministry.")
    return _each(numbers, lambda number: approve_clean(actor, number), done)


def _each(numbers: Sequence[str], act: Callable[[str], None], done: Text) -> list[Outcome]:
    found = []
    for number in list(dict.fromkeys(numbers))[:MOST]:
        try:
            act(number)
        except Refusal as refusal:
            found.append(Outcome(number, False, refusal.text))
        else:
            found.append(Outcome(number, True, done))
    return found
