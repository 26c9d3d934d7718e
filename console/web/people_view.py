"""The rows of the checklist as pages show them: from the console's own copy of what was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.models import Order
from console.queries.orders import VerifierLine
from console.rules.book import Rulebook
from console.rules.carriers import sender_for
from console.rules.checklist import Checklist, Row, VerifierFacts, VerifierState, checklist
from console.rules.codes import PERSON_CERTIFICATES
from console.rules.labels import VERIFIER_STATES
from console.rules.lifecycle import State
from console.rules.masking import mask_mobile
from console.rules.text import T, Text
from console.web.confirming_view import qr_path
from console.web.portal_links import sender_words


@dataclass(frozen=True)
class PersonLine:
    """One verifier: the checklist's row, and the words around it. `link` is for handing on."""

    row: Row
    state_label: Text
    about: Text | None
    sender: Text | str
    certificate: Text | str
    link: str | None = None

    @property
    def qr(self) -> str | None:
        """Where the link is drawn as a QR code, on this origin."""
        return qr_path(self.link)

    @property
    def waiting(self) -> bool:
        """Whether a code was sent and it is this person's turn."""
        return self.row.state is VerifierState.WAITING

    @property
    def open(self) -> bool:
        """Whether this person can still verify."""
        return self.row.state in (VerifierState.WAITING, VerifierState.WAITING_FOR_CODE)


def checklist_of(
    order: Order, verifiers: Sequence[VerifierLine], book: Rulebook | None, now: datetime
) -> Checklist:
    """The order's checklist at `now`."""
    facts = [_facts(row, book) for row in verifiers]
    state = State(order.state)
    return checklist(facts, book, order.deadline, state, now, order.returned_by, order.reasons)


def _facts(row: VerifierLine, book: Rulebook | None) -> VerifierFacts:
    return VerifierFacts(
        key=row.key,
        roles=tuple(row.roles.split()),
        mobile_masked=mask_mobile(row.mobile),
        certificate_type=row.certificate_type,
        sender=row.sender or (sender_for(book, row.mobile) if book else None),
        code_sent_at=row.code_sent_at,
        tries_used=row.tries_used,
        resends_used=row.resends_used,
        verified_at=row.verified_at,
        failed_at=row.failed_at,
    )


def person_line(row: Row, link: str | None = None, several: bool = False) -> PersonLine:
    """A row with its words. `several`: more than one website leader verifies, so say which."""
    position = row.key.rpartition("-")[2]
    about = T("Website or app %(position)s", position=position) if several else None
    return PersonLine(
        row=row,
        state_label=VERIFIER_STATES[row.state],
        about=about if position.isdigit() else None,
        sender=sender_words(row.sender),
        certificate=PERSON_CERTIFICATES.get(row.certificate_type, T("certificate")),
        link=link,
    )


def several_websites(rows: Sequence[Row]) -> bool:
    """Whether more than one website leader is on the list."""
    return sum(row.key != "entity-leader" for row in rows) > 1
