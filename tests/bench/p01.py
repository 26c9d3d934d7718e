"""P1: a poll that has nothing new, in-process, on SQLite."""

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
    return share_of_bare(stage.app, unchanged(stage), "304", room.seconds / 2)


def unchanged(stage: Stage) -> list[dict[str, Any]]:
    """Polls of leaders' and applicants' pages whose version is the present one."""
    return [
        environ(stage.address(order, leader=n % 2 == 0), {"HX-PTag": stage.version(order)})
        for n, order in enumerate(stage.orders)
    ]
