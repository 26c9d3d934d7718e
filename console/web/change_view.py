"""A change order as a reviewer has to see it: beside the register, and as it is handed over."""

from __future__ import annotations

from console.models import Order
from console.rules.filing import Filing, FilingType
from console.rules.lifecycle import FINAL, State
from console.rules.rulebook import Rulebook
from console.rules.text import T
from console.services.contents import as_handed_over, registered_filing
from console.web.expected import Expected


def registered(order: Order, filing: Filing) -> Filing | None:
    """What the register holds of what a running change is about; None for anything else."""
    if filing.type is not FilingType.CHANGE or order.entity_id is None:
        return None
    if State(order.state) in FINAL:
        return None
    numbers = [service.icp_number for service in filing.services]
    return registered_filing(order.entity_id, numbers, order.type)


def told_as(order: Order, filing: Filing, state: State) -> Filing | None:
    """The filing as the ministry gets it; None for a change that is over.

    What that one changed is in the register by now, and differs from it in nothing.
    """
    if filing.type is FilingType.CHANGE and state in FINAL:
        return None
    return as_handed_over(order, filing)


def ended(book: Rulebook | None) -> Expected:
    """What there is to expect of an order that is over."""
    return Expected(book, why_none=T("The order has ended: nobody has to verify any more."))
