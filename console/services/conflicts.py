"""Orders that stand in each other's way."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from console.errors import Conflict
from console.extensions import db
from console.models import Mark, Order
from console.rules.filing import Filing, FilingType
from console.rules.lifecycle import FINAL
from console.rules.text import T
from console.types import digest

EXCLUSIVE = (FilingType.FIRST_FILING.value, FilingType.CANCEL_ENTITY.value)


def refuse_conflicts(order: Order, filing: Filing) -> None:
    """Raise Conflict when a running order of the entity or of a domain is in the way (DOMAIN).

    A draft nobody handed in stands in nobody's way but its own applicant's.
    """
    for purpose, value in _identities(filing):
        query = (
            select(Order)
            .join(Mark, Mark.order_id == Order.id)
            .where(
                Mark.purpose == purpose,
                Mark.value == value,
                Order.id != order.id,
                Order.state.not_in([state.value for state in FINAL]),
                Order.round > 0,
            )
            .order_by(Order.id)
            .limit(1)
        )
        if purpose == "certificate" and filing.type.value not in EXCLUSIVE:
            query = query.where(Order.type.in_(EXCLUSIVE))
        other = db.session.scalar(query)
        if other is not None:
            _refuse(order, other, purpose)


def _identities(filing: Filing) -> Iterator[tuple[str, str]]:
    if filing.entity.certificate_number:
        yield "certificate", digest("certificate", filing.entity.certificate_number)
    for service in filing.services:
        if service.domain:
            yield "domain", service.domain


def _refuse(order: Order, other: Order, purpose: str) -> None:
    own = other.applicant_id == order.applicant_id
    if purpose == "domain":
        text = (
            T("Your order %(number)s for the same domain is still running.", number=other.number)
            if own
            else T("Another order for the same domain is still running.")
        )
    else:
        text = (
            T("Your order %(number)s for the same entity is still running.", number=other.number)
            if own
            else T("Another order for the same entity is still running.")
        )
    raise Conflict(text, other.number if own else None)
