"""What the steps of filling in share: their frame, and the revision that a page was made from."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from console.web.desk import Desk
from console.web.return_view import why_returned

# What only some answers of a step have to say.
DEFAULTS = {"changed": False, "differences": (), "refusal": None, "session_ended": False}


def order_path(number: str) -> str:
    """The address of the order's own page."""
    return f"/orders/{number}"


def to_order(number: str) -> ResponseReturnValue:
    """Lead to the order's own page."""
    return redirect(order_path(number), 303)


def open_desk(number: str, step: str) -> Desk:
    """The order at a step of its own; 404 where its type has no such step."""
    desk = Desk.open(number)
    return desk if desk.has_step(step) else abort(404)


def revision_sent(desk: Desk) -> int:
    """The revision that the page was made from; one that is no number fits no order."""
    sent = request.form.get("revision", str(desk.order.revision))
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


def page(
    desk: Desk, template: str, here: str, status: int = 200, **values: object
) -> ResponseReturnValue:
    """A step's page with the way through the others."""
    html = render_template(
        f"orders/{template}.html",
        desk=desk,
        order=desk.order,
        here=here,
        parts=desk.parts(),
        came_back=why_returned(desk.order),
        **{**DEFAULTS, "revision": desk.order.revision, **values},
    )
    return html, status
