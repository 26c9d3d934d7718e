"""Uploading the papers of an order: adding, replacing, taking away, and who looked at them.

A file is in the store before its row is written, and is deleted again when the row is not: what is
left after a crash between the two is found by the worker's sweep.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import current_app

from console import clock
from console.errors import Changed, Invalid, NotFound
from console.extensions import db
from console.models import Material, Order
from console.outside import uploads
from console.outside.inspecting import Inspected, inspect
from console.queries.materials import materials_of
from console.rules.checks import Finding
from console.rules.filing import Filing
from console.rules.lifecycle import State
from console.rules.materials import Need, Slot, check_materials, check_name, needs
from console.rules.text import T
from console.services.actors import Actor
from console.services.contents import as_handed_over, filing_of
from console.services.corrections import refuse_closed_paper
from console.services.loading import order_for
from console.services.material_rows import drop, live, require_room, same
from console.services.moves import record, touch
from console.transactions import verb
from console.types import digest, keyring

EDITABLE = frozenset({State.DRAFT, State.RETURNED})


@dataclass(frozen=True)
class _Kept:
    """A file that lies in the store and waits for its row."""

    name: str
    file: Inspected
    digest: str
    path: str


def add(actor: Actor, number: str, slot: Slot, name: str, data: bytes) -> int:
    """Add a file to an order; its id. The same file sent twice is kept once.

    Raises Invalid saying what is wrong with the file, Changed when the order is not open for
    changes, NotFound, Refusal when there are too many files, Busy.
    """
    sent = _digest(data)
    there = _may_add(actor, number, slot, sent)
    if there is not None:
        return there
    return _store(name, data, sent, lambda kept: _add(actor, number, slot, kept))


def replace(actor: Actor, number: str, material_id: int, name: str, data: bytes) -> int:
    """Put another file in the place of one, which is deleted; the new id. Raises as `add`."""
    _may_replace(actor, number, material_id)
    sent = _digest(data)
    return _store(name, data, sent, lambda kept: _replace(actor, number, material_id, kept))


def remove(actor: Actor, number: str, material_id: int) -> None:
    """Take a file away; it is deleted. Raises Changed, NotFound."""
    uploads.delete(_remove(actor, number, material_id))


@verb
def looked_at(actor: Actor, number: str, material_id: int) -> None:
    """Put on record that a reviewer looks at a file, before it is shown.

    The order's revision stays: looking must not stand in the way of deciding.
    """
    order = order_for(actor, number)
    data = {"material": material_id, "kind": live(order, material_id).kind}
    record([order.id], "look-at-material", actor, {order.id: clock.now()}, data=data)


def content_of(material: Material) -> bytes:
    """The file as it was kept. `keys rotate` gives files other names while they are asked for.

    Raises what `uploads.read` raises.
    """
    before = material.path
    try:
        return uploads.read(before)
    except NotFound:
        db.session.rollback()  # what the row says now, not when the request began
        db.session.refresh(material, ["path"])
        if material.path == before:
            raise
        return uploads.read(material.path)


def wanted(order: Order, filing: Filing | None = None) -> Sequence[Need]:
    """What the order needs and may bring; `filing` as it is handed over, where that is known."""
    if filing is None:
        filing = as_handed_over(order, filing_of(order))
    return needs(filing, order.reasons if State(order.state) is State.RETURNED else ())


def papers_of(order: Order) -> set[Slot]:
    """For what the order has at least one file."""
    return {material.slot for material in materials_of(order)}


def findings(order: Order, filing: Filing, papers: Collection[Slot]) -> list[Finding]:
    """What is to be said of the order's papers; refusals where the deployment demands them."""
    demanded = bool(current_app.config["MATERIALS_REQUIRED"])
    return check_materials(wanted(order, filing), set(papers), demanded)


def _digest(data: bytes) -> str:
    return digest("material", hashlib.sha256(data).hexdigest())


def _store(name: str, data: bytes, sent: str, keep: Callable[[_Kept], tuple[int, str]]) -> int:
    """Look at a file and keep it. `keep` writes its row and tells which file nobody needs now."""
    if problem := check_name(name):
        raise Invalid(problem)
    file = inspect(data)
    path = uploads.write(file.data)
    try:
        material_id, unneeded = keep(_Kept(name, file, sent, path))
    except BaseException:
        uploads.delete(path)
        raise
    if unneeded:
        uploads.delete(unneeded)
    return material_id


def _open(actor: Actor, number: str) -> Order:
    order = order_for(actor, number)
    if State(order.state) not in EDITABLE:
        raise Changed(T("This order is not open for changes now."))
    return order


@verb
def _may_add(actor: Actor, number: str, slot: Slot, sent: str) -> int | None:
    """Refuse at once what would be refused after the file was looked at."""
    order = _open(actor, number)
    there = same(order, slot, sent)
    if there is None:
        _require_place(order, slot)
        return None
    return there.id


def _require_place(order: Order, slot: Slot) -> None:
    """Where a paper is missing one can always be brought; beside others only where that is open."""
    require_room(order, slot)
    for material in materials_of(order):
        if material.slot == slot:
            refuse_closed_paper(order, material)


@verb
def _may_replace(actor: Actor, number: str, material_id: int) -> None:
    _correctable(_open(actor, number), material_id)


def _correctable(order: Order, material_id: int) -> Material:
    material = live(order, material_id)
    refuse_closed_paper(order, material)
    return material


@verb
def _add(actor: Actor, number: str, slot: Slot, kept: _Kept) -> tuple[int, str]:
    order = _open(actor, number)
    there = same(order, slot, kept.digest)
    if there is not None:
        return there.id, kept.path
    _require_place(order, slot)
    return _row(order, slot, kept), ""


@verb
def _replace(actor: Actor, number: str, material_id: int, kept: _Kept) -> tuple[int, str]:
    order = _open(actor, number)
    old = _correctable(order, material_id)
    slot, unneeded = old.slot, old.path
    drop(order, old)
    return _row(order, slot, kept), unneeded


@verb
def _remove(actor: Actor, number: str, material_id: int) -> str:
    order = _open(actor, number)
    material = _correctable(order, material_id)
    path = material.path
    drop(order, material)
    touch(order, clock.now())
    return path


def _row(order: Order, slot: Slot, kept: _Kept) -> int:
    now = clock.now()
    material = Material(
        order_id=order.id,
        kind=slot[0],
        service=slot[1],
        name=kept.name,
        content_type=kept.file.content_type,
        size=len(kept.file.data),
        pages=kept.file.pages,
        digest=kept.digest,
        path=kept.path,
        key_id=keyring().newest,
        thumbnail=kept.file.thumbnail,
        round_first=order.round + 1,
        uploaded_at=now,
    )
    db.session.add(material)
    touch(order, now)
    db.session.flush()
    return material.id
