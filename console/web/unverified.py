"""Why an order went to the administration without anybody verifying."""

from __future__ import annotations

from console import clock
from console.errors import Invalid
from console.models import Order
from console.rules.book import Rulebook
from console.rules.explain import why_none
from console.rules.text import Text
from console.rules.verifiers import facts_of, who_must_verify
from console.services.contents import as_handed_over, filing_of


def why_unverified(order: Order, book: Rulebook | None) -> Text | None:
    """The book's reason, as on the day the ministry received the order; None where it has none."""
    if order.received_at is None:
        return None
    filing = as_handed_over(order, filing_of(order))
    facts = facts_of(filing, clock.china_day(order.received_at))
    try:
        verifiers = who_must_verify(book, facts)
    except Invalid:
        return None  # the register has moved on: what the order changes can no longer be told
    return None if verifiers else why_none(book, facts)
