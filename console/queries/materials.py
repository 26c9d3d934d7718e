"""The papers of an order, as its pages and the worker read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from console.extensions import db
from console.models import Material, Order, Round
from console.queries.orders import ORDER, columns
from console.queries.readable import readable
from console.rules.lifecycle import State
from console.rules.materials import Slot


@dataclass(frozen=True)
class MaterialLine:
    """One file as the pages list it."""

    id: int
    kind: str
    service: int | None
    name: str
    content_type: str
    size: int
    pages: int | None
    round_first: int

    @property
    def slot(self) -> Slot:
        """What it is filed under."""
        return self.kind, self.service


MATERIALS = select(*columns(Material, MaterialLine)).where(
    Material.order_id == ORDER, Material.removed_at.is_(None)
)


def material_lines(order: Order) -> Sequence[MaterialLine]:
    """The order's files in the order they came."""
    rows = db.session.execute(MATERIALS.order_by(Material.id), {"order_id": order.id})
    return [MaterialLine(*row) for row in rows]


def materials_of(order: Order) -> Sequence[Material]:
    """The rows of the order's files, to be changed."""
    query = select(Material).where(Material.order_id == order.id, Material.removed_at.is_(None))
    return [material for (material,) in readable(query.order_by(Material.id), Material)]


def material_of(order: Order, material_id: int, handed_in: bool = False) -> Material | None:
    """One file of the order with its thumbnail; None where the order has no such file."""
    query = select(Material).where(
        Material.id == material_id, Material.order_id == order.id, Material.removed_at.is_(None)
    )
    if handed_in:
        query = query.where(Material.round_first <= order.round)
    return db.session.scalar(query.options(undefer(Material.thumbnail)))


def changed_since(order: Order, round_: int) -> bool:
    """Whether a file was added or taken away since a round was handed in."""
    handed_in = (
        select(Round.submitted_at)
        .where(Round.order_id == order.id, Round.round == round_)
        .scalar_subquery()
    )
    changed = select(Material.id).where(
        Material.order_id == order.id,
        or_(Material.round_first > round_, Material.removed_at > handed_in),
    )
    return db.session.scalar(changed.limit(1)) is not None


def kept_paths(paths: Collection[str]) -> set[str]:
    """Of these names in the store, those that a row still needs."""
    query = select(Material.path).where(Material.path.in_(paths), Material.removed_at.is_(None))
    return set(db.session.scalars(query))


def of_ended_orders(states: Collection[State], before: datetime, limit: int) -> Sequence[Material]:
    """Files of orders that have been in one of these states since before a moment."""
    return db.session.scalars(
        select(Material)
        .join(Order, Order.id == Material.order_id)
        .where(
            Order.state.in_([state.value for state in states]),
            Order.state_since <= before,
            Material.removed_at.is_(None),
        )
        .order_by(Material.id)
        .limit(limit)
    ).all()


def under_older_key(newest: str, after: int, limit: int) -> list[tuple[int, str]]:
    """Id and path of files that are not under the newest key, of the materials behind `after`."""
    query = select(Material.id, Material.path).where(
        Material.removed_at.is_(None), Material.key_id != newest, Material.id > after
    )
    return [
        (id_, path) for id_, path in db.session.execute(query.order_by(Material.id).limit(limit))
    ]
