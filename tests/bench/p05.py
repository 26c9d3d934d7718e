"""P5: a poll that brings the changed part, in-process, on SQLite."""

from __future__ import annotations

from typing import Any

from tests.bench.inprocess import environ, share_of_bare
from tests.bench.places import cores, pin
from tests.bench.stage import Stage, staged
from tests.bench.target import Room


def measure(room: Room) -> dict[str, Any]:
    """Bare Flask's processor time as a share of the poll's."""
    pin(cores()[0])
    stage = staged(room.folder, 200)
    return share_of_bare(stage.app, changed(stage), "200", room.seconds / 2)


def changed(stage: Stage) -> list[dict[str, Any]]:
    """Polls of leaders' pages that show an older version: what most open pages are."""
    return [environ(stage.address(order), {"HX-PTag": "1-0"}) for order in stage.orders]
