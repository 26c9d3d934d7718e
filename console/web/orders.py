"""The applicant's list of orders: `/orders`."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console import clock
from console.queries.own_orders import own_orders
from console.web.guards import applicant_required, current_actor
from console.web.order_rows import cursor, line, read_cursor

blueprint = Blueprint("orders", __name__, url_prefix="/orders")


@blueprint.get("")
@applicant_required
def index() -> ResponseReturnValue:
    """One's own orders: what runs out first, then what was touched last."""
    account_id = current_actor().id
    assert account_id is not None, "an applicant has an account"
    place = read_cursor(request.args.get("before", ""))
    found = own_orders(account_id, clock.now(), place)
    return render_template(
        "orders/index.html",
        lines=[line(row) for row in found.rows],
        older=cursor(found.next),
        first=place is None,
    )
