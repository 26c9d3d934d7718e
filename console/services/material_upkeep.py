"""Files nobody needs any more: left over, or of orders that ended; and moving them to a new key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from console import clock
from console.errors import NotFound
from console.extensions import db
from console.keyring import DataDamaged, KeyMissing
from console.models import Material
from console.outside import uploads
from console.queries.materials import kept_paths, of_ended_orders, under_older_key
from console.rules.lifecycle import State
from console.rules.retention import ENDED_ORDER
from console.services.rotation import Rotated, Unread
from console.transactions import verb
from console.types import keyring

# Of an order that was given up or has lapsed: the papers go when the answers do.
KEPT_AFTER_THE_END = ENDED_ORDER
BATCH = 50
# A file without a row may be one that is just being uploaded.
SETTLED_SECONDS = 3600
SWEEP_EVERY_SECONDS = 3600


class Sweeper:
    """Deletes what nobody needs any more, once an hour, or whenever asked `at_once`."""

    def __init__(self) -> None:
        self._last: float | None = None

    def sweep(self, at_once: bool = False) -> bool:
        """One sweep where it is time for one. Never more to do."""
        # Files are dated by the machine, so their age is reckoned by its clock.
        now = clock.machine_seconds()
        if not at_once and self._last is not None and now - self._last < SWEEP_EVERY_SECONDS:
            return False
        self._last = now
        while purge_ended():
            pass
        there = list(uploads.names())
        for start in range(0, len(there), 500):
            batch = there[start : start + 500]
            for name in set(batch) - kept_paths(batch):
                if uploads.age(name, now) > SETTLED_SECONDS:
                    uploads.delete(name)
        return False


def purge_ended() -> bool:
    """Delete the papers of orders that were cancelled or lapsed 30 days ago; True: maybe more."""
    paths = _forget_ended()
    for path in paths:
        uploads.delete(path)
    return len(paths) == BATCH


@verb
def _forget_ended() -> list[str]:
    now = clock.now()
    ended = (State.CANCELLED, State.LAPSED)
    found = of_ended_orders(ended, now - KEPT_AFTER_THE_END, BATCH)
    paths = [material.path for material in found]
    for material in found:
        material.name, material.thumbnail, material.removed_at = "", None, now
    return paths


def rotate_files(after: Sequence[Any] = (0,)) -> Rotated:
    """Encrypt a batch of files under the newest key, of the materials behind `after`.

    Each is written beside the old one, which goes when the row names the new one. Raises Busy
    where the store does not answer.
    """
    newest = keyring().newest
    found = under_older_key(newest, after[0], BATCH)
    unread = []
    for material_id, old in found:
        try:
            new = uploads.write(uploads.read(old))
        except (KeyMissing, DataDamaged, NotFound) as error:
            unread.append(Unread(f"material {material_id}", str(error)))
            continue
        uploads.delete(old if _renamed(material_id, old, new, newest) else new)
    last = found[-1][:1] if len(found) == BATCH else None
    return Rotated(len(found) - len(unread), last, tuple(unread))


@verb
def _renamed(material_id: int, old: str, new: str, key_id: str) -> bool:
    renamed = db.session.connection().execute(
        update(Material)
        .where(Material.id == material_id, Material.path == old, Material.removed_at.is_(None))
        .values(path=new, key_id=key_id)
    )
    return renamed.rowcount == 1
