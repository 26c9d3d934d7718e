"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass

from console.rules.lifecycle import Role


@dataclass(frozen=True)
class Actor:
    """A person or a part of the system, in one role. `id` is the account's, None for a part."""

    role: Role
    id: int | None = None


WORKER = Actor(Role.WORKER)
MINISTRY = Actor(Role.MINISTRY)
