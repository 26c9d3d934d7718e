"""A change order as a reviewer has to see it: beside the register, and as it is handed over."""

from __future__ import annotations

from dataclasses import dataclass

from console.models import Order
from console.rules.changes import only_changed
from console.rules.filing import Filing
from console.rules.lifecycle import FINAL, State
from console.rules.rulebook import Rulebook
from console.rules.text import T
from console.services.contents import registered_beside
from console.web.expected import Expected


@dataclass(frozen=True)
class Beside:
    """A filing beside the register. `registered`: what is on record, for a change alone.

    `handed`: the filing as the ministry gets it. `over`: what the change changed is in the
    register by now, and differs from it in nothing.
    """

    registered: Filing | None
    handed: Filing
    over: bool


def beside(order: Order, filing: Filing) -> Beside:
    """The filing beside what the register holds of it."""
    found = registered_beside(order, filing)
    if found is None:
        return Beside(None, filing, over=False)
    over = State(order.state) in FINAL
    return Beside(None if over else found, only_changed(found, filing), over)


def ended(book: Rulebook | None) -> Expected:
    """What there is to expect of an order that is over."""
    return Expected(book, why_none=T("The order has ended: nobody has to verify any more."))
