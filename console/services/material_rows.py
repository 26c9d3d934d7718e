"""The rows of an order's papers, inside a caller's transaction."""

from __future__ import annotations

from console import clock
from console.errors import NotFound, Refusal
from console.extensions import db
from console.models import Material, Order
from console.queries.materials import materials_of
from console.rules.materials import KINDS, MOST_FILES, Slot
from console.rules.text import T
from console.services.contents import filing_of


def live(order: Order, material_id: int) -> Material:
    """A file of the order. Raises NotFound."""
    found = next((m for m in materials_of(order) if m.id == material_id), None)
    if found is None:
        raise NotFound(T("The order has no such file."))
    return found


def same(order: Order, slot: Slot, digest: str) -> Material | None:
    """The file of a slot that is this very file."""
    files = materials_of(order)
    return next((m for m in files if m.slot == slot and m.digest == digest), None)


def require_room(order: Order, slot: Slot) -> None:
    """Raise NotFound where the order has no such slot, Refusal where nothing more goes in."""
    code, service = slot
    kind = KINDS.get(code)
    if kind is None or order.type not in kind.types:
        raise NotFound(T("The order has no such material."))
    positions = [s.position for s in filing_of(order).services]
    if service not in (positions if kind.about in ("service", "website-leader") else [None]):
        raise NotFound(T("The order has no such material."))
    files = materials_of(order)
    if len(files) >= MOST_FILES:
        raise Refusal(T("An order holds at most %(most)d files.", most=MOST_FILES))
    if sum(material.slot == slot for material in files) < kind.most:
        return
    if kind.most == 1:
        raise Refusal(T("There is a file already: replace or remove it."))
    raise Refusal(
        T("There are %(most)d files already: replace or remove one of them.", most=kind.most)
    )


def drop(order: Order, material: Material) -> None:
    """Take a file's row away. What was handed in once leaves a nameless row: something changed."""
    if material.round_first > order.round:
        db.session.delete(material)
    else:
        material.name, material.thumbnail, material.removed_at = "", None, clock.now()
    db.session.flush()


def forget_service(order: Order, position: int) -> None:
    """A service is taken out of the order, and those behind it move up: so do their files.

    Files whose rows are gone are deleted by the worker's sweep.
    """
    for material in materials_of(order):
        if material.service == position:
            drop(order, material)
        elif material.service is not None and material.service > position:
            material.service -= 1
