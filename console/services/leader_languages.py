"""What leaders are written, in which language, and their own choice of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from console.extensions import db
from console.models import LeaderLanguage, Order
from console.rules.codes import LEADER_LANGUAGES
from console.rules.filing import Person
from console.rules.lifecycle import State
from console.rules.notices import LeaderKind
from console.services.letters import Letter, leader
from console.services.loading import order_of_link
from console.transactions import verb
from console.types import digest


def languages_of(order: Order, keys: Iterable[str]) -> dict[str, str]:
    """By verifier's key: what the leader chose themselves, else what the applicant said."""
    chosen = _chosen(order)
    people = {key: leader(order, key) for key in keys}
    return {key: chosen.get(_digest(one), one.language) for key, one in people.items()}


def own_language(order: Order, key: str) -> str | None:
    """What the leader behind a verifier's key chose; None where they chose nothing."""
    return _chosen(order).get(_digest(leader(order, key)))


def to_leader(order: Order, key: str, kind: LeaderKind, round_: int) -> Letter:
    """A letter to the leader behind a verifier's key, wanted while they have not verified."""
    return Letter(
        to=leader(order, key).email,
        language=languages_of(order, [key])[key],
        kind=kind.value,
        number=order.number,
        verifier=key,
        round=round_,
        only_in=(State.VERIFYING.value,),
    )


def _chosen(order: Order) -> dict[str, str]:
    rows = select(LeaderLanguage).where(LeaderLanguage.order_id == order.id)
    return {row.person: row.language for row in db.session.scalars(rows)}


def _digest(person: Person) -> str:
    return digest("person-certificate", person.certificate_number)


@verb
def choose_language(order_id: int, epoch: int, key: str, language: str) -> None:
    """Keep in which language a leader wants to read from now on. Raises NotFound for a dead link.

    A language that is not offered changes nothing.
    """
    order = order_of_link(order_id, epoch)
    if language in LEADER_LANGUAGES:
        person = _digest(leader(order, key))
        db.session.merge(LeaderLanguage(order_id=order.id, person=person, language=language))
