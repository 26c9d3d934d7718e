"""P4: polls that bring the changed part, over HTTP, against Django's."""

from __future__ import annotations

from typing import Any

from tests.bench.overhttp import against_django
from tests.bench.target import Room


def measure(room: Room) -> dict[str, Any]:
    """Ours a second as a multiple of Django's."""
    return against_django(room, ("1-0", "1-0"), 200)
