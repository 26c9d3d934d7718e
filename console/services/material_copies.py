"""The papers of an order that has ended, taken along into the one started again from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from console import clock
from console.errors import Busy, NotFound
from console.extensions import db
from console.models import Material, Order
from console.outside import uploads
from console.queries.materials import materials_of
from console.rules.filing import Filing
from console.rules.materials import KINDS, Kind
from console.services.actors import Actor
from console.services.contents import filing_of
from console.services.loading import order_for
from console.services.moves import touch
from console.transactions import verb
from console.types import keyring

SIGNED_ONCE = "authenticity-form"  # it is signed for the answers of one order


@dataclass(frozen=True)
class Carried:
    """How many files were taken along; and the papers that were not, by why not."""

    count: int = 0
    signed: tuple[Kind, ...] = ()
    ended: tuple[Kind, ...] = ()
    unread: tuple[Kind, ...] = ()


def carry_over(actor: Actor, number: str) -> Carried:
    """Copy what still holds into an order just started again; nothing once it was worked on.

    Each copy is a file of its own, so that deleting the one leaves the other.
    """
    papers, filing = _papers(actor, number)
    today = clock.china_day(clock.now())
    signed = [paper for paper in papers if paper.kind == SIGNED_ONCE]
    ended = [paper for paper in papers if _ended(paper, filing, today)]
    kept = [paper for paper in papers if paper not in signed + ended]
    unread = []
    for paper in kept:
        try:
            _copy(actor, number, paper)
        except (Busy, NotFound):  # the order is there without it, and its page says so
            unread.append(paper)
    left = len(kept) - len(unread)
    return Carried(left, _kinds(signed), _kinds(ended), _kinds(unread))


@verb
def _papers(actor: Actor, number: str) -> tuple[list[Material], Filing]:
    order = order_for(actor, number)
    old = db.session.get(Order, order.copied_from_id) if order.copied_from_id else None
    filing = filing_of(order)
    if old is None or order.touched_at != order.created_at or materials_of(order):
        return [], filing
    return list(materials_of(old)), filing


def _ended(paper: Material, filing: Filing, today: date) -> bool:
    """Whether it shows a leader's document that has ended since."""
    leaders = {service.position: service.leader for service in filing.services}
    if paper.kind.startswith("entity-leader-"):
        leader = filing.entity_leader
    elif paper.kind.startswith("website-leader-") and paper.service in leaders:
        leader = leaders[paper.service]
    else:
        return False
    return not leader.long_term and leader.valid_to is not None and leader.valid_to < today


def _copy(actor: Actor, number: str, paper: Material) -> None:
    path = uploads.write(uploads.read(paper.path))
    try:
        _keep(actor, number, paper, path)
    except BaseException:
        uploads.delete(path)
        raise


@verb
def _keep(actor: Actor, number: str, paper: Material, path: str) -> None:
    order, now = order_for(actor, number), clock.now()
    same = ("kind", "service", "name", "content_type", "size", "pages", "digest", "thumbnail")
    db.session.add(
        Material(
            **{name: getattr(paper, name) for name in same},
            order_id=order.id,
            path=path,
            key_id=keyring().newest,
            round_first=order.round + 1,
            uploaded_at=now,
        )
    )
    touch(order, now)


def _kinds(papers: Iterable[Material]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(KINDS[paper.kind] for paper in papers))
