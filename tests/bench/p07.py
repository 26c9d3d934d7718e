"""P7: how many queries a page costs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from console.extensions import db
from console.models import Order
from console.queries.review import PAGE
from tests.bench.stage import Stage, staged
from tests.bench.target import Room, found
from tests.web.pages.reading import counted

ROWS = PAGE  # as many as the queue shows at once


def measure(room: Room) -> dict[str, Any]:
    """Of an order's page while it is verified, and of a full page of the queue."""
    stage = staged(room.folder, ROWS + 12)
    order = _queries(stage, "owner", f"/orders/{stage.number}", stage.number)
    with stage.app.app_context():
        waiting = update(Order).where(Order.id > stage.orders[0])
        db.session.execute(waiting.values({"state": "in-review"}))
        db.session.commit()
    queue = _queries(stage, "reviewer", "/review", "20261101-")
    faults = [] if order[1] else ["the order's page does not show it"]
    faults += [] if queue[1] >= ROWS else [f"the queue shows {queue[1]} rows"]
    return found(
        {"order": len(order[0]), "queue": len(queue[0])}, {"rows of the queue": ROWS}, faults=faults
    )


def _queries(stage: Stage, who: str, path: str, shown: str) -> tuple[list[str], int]:
    """The statements of a second visit, and how often it shows something."""
    browser = stage.people.client(who)
    browser.lint = False
    browser.get(path)
    with counted(stage.app) as statements:
        page = browser.get(path)
    return statements, page.text.count(f"/{shown}") or page.text.count(shown)
