"""What the review page reads besides the order: all that lies around it, in one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Integer, bindparam, exists, select, union

from console.extensions import db
from console.models import Account, Event, Note, Order, Round
from console.models.accounts import AccountRole, account_roles
from console.queries.around import WORDS, Word
from console.queries.ledger import OF_ORDER, OF_ORDER_ATTEMPTS, Ledger, with_attempts
from console.queries.materials import MATERIALS, MaterialLine
from console.queries.orders import EVENTS, ORDER, EventLine, columns
from console.queries.together import Together
from console.rules.filing import Filing, from_json
from console.rules.lifecycle import Role
from console.types import for_lists

MOST_ROUNDS = 8  # rounds that are looked back at
Past = Mapping[int, Filing]


@dataclass(frozen=True)
class NoteRow:
    """A colleague's note."""

    id: int
    at: datetime
    author_id: int
    text: str


@dataclass(frozen=True)
class Case:
    """All of it. Addresses are in clear: whoever shows them masks them.

    `names`: the reviewers who did something to the order or hold it. `papers`: every file, those
    of a round to come included. `colleagues`: who else may take it over, where that was asked.
    """

    past: Past
    events: Sequence[EventLine]
    words: Mapping[str, Word]
    papers: Sequence[MaterialLine]
    notes: Sequence[NoteRow]
    ledger: Ledger
    names: Mapping[int, str]
    colleagues: Sequence[tuple[int, str]]


_ROUNDS = select(Round.round, Round.content).where(
    Round.order_id == ORDER, Round.round > bindparam("round", type_=Integer) - MOST_ROUNDS
)
_NOTES = select(*columns(Note, NoteRow)).where(Note.order_id == ORDER)
_REVIEWERS = union(
    select(Event.actor_id).where(Event.order_id == ORDER, Event.actor == Role.REVIEWER.value),
    select(Order.claimed_by_id).where(Order.id == ORDER),
)
_NAMES = select(Account.id, for_lists(Account.email)).where(Account.id.in_(_REVIEWERS))
_COLLEAGUES = select(Account.id, for_lists(Account.email)).where(
    bindparam("handing_on", type_=Boolean),
    exists()
    .where(account_roles.c.account_id == Account.id, AccountRole.id == account_roles.c.role_id)
    .where(AccountRole.name == Role.REVIEWER.value),
    Account.active,
    Account.id.not_in(
        (bindparam("reviewer", type_=Integer), bindparam("applicant", type_=Integer))
    ),
)
_CASE = Together(
    _ROUNDS, EVENTS, WORDS, MATERIALS, _NOTES, OF_ORDER, OF_ORDER_ATTEMPTS, _NAMES, _COLLEAGUES
)


def case_of(order: Order, reviewer_id: int, handing_on: bool) -> Case:
    """The case as a reviewer reads it. `handing_on`: they may give it to a colleague."""
    rounds, events, words, papers, notes, told, attempts, names, colleagues = _CASE(
        order_id=order.id,
        round=order.round,
        reviewer=reviewer_id,
        applicant=order.applicant_id,
        handing_on=handing_on,
    )
    return Case(
        past={row[0]: from_json(row[1]) for row in rounds},
        events=[EventLine(*row) for row in events],
        words={row[0]: Word(*row) for row in words},
        papers=[MaterialLine(*row) for row in papers],
        notes=[NoteRow(*row) for row in reversed(notes)],
        ledger=with_attempts(told, attempts),
        names={row[0]: row[1] for row in names},
        colleagues=[(row[0], row[1]) for row in colleagues],
    )


def language_of(account_id: int) -> str:
    """The language an account chose, empty where it chose none."""
    found = db.session.scalar(select(Account.language).where(Account.id == account_id))
    return found or ""
