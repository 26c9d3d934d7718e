"""Faults of ours for processes of the console, one by name in PLANTED."""

from __future__ import annotations

import os
from datetime import timedelta

from console.miit.mock import clockwork, portal, resending
from console.services import handover
from wsgi import app

__all__ = ["app"]


def revived() -> None:
    """What has expired is not kept, so that a clock set back revives it."""
    for module in (clockwork, portal, resending):
        for name in ("expire", "expire_of_mobile"):
            if hasattr(module, name):
                setattr(module, name, lambda *_: False)


def sleepy() -> None:
    """An outage outlives itself by the pause that was chosen while it lasted."""
    handover.hurry = lambda: False
    handover.pause = lambda _attempts: timedelta(minutes=15)


if planted := os.environ.get("PLANTED"):
    globals()[planted]()
