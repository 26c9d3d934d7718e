"""The checklist of an order, made by the rules from what the ministry has told."""

from __future__ import annotations

from datetime import datetime

from console.models import Order
from console.queries.orders import VerifierLine, verifiers_of
from console.rules.checklist import Checklist, VerifierFacts, checklist
from console.rules.lifecycle import State
from console.rules.masking import mask_mobile
from console.rules.rulebook import load_books


def checklist_of(order: Order, now: datetime) -> Checklist:
    """The order's checklist at a moment."""
    return checklist(
        [facts_of_row(row) for row in verifiers_of(order)],
        load_books()[order.rulebook] if order.rulebook else None,
        order.deadline,
        State(order.state),
        now,
        order.returned_by,
        order.reasons,
    )


def facts_of_row(row: VerifierLine) -> VerifierFacts:
    """One person as the rules want them: masked, since every page shows this."""
    return VerifierFacts(
        key=row.key,
        roles=tuple(row.roles.split()),
        mobile_masked=mask_mobile(row.mobile),
        certificate_type=row.certificate_type,
        sender=row.sender,
        code_sent_at=row.code_sent_at,
        tries_used=row.tries_used,
        resends_used=row.resends_used,
        verified_at=row.verified_at,
        failed_at=row.failed_at,
    )
