"""Correcting a mobile number while it is being verified, where the book in force allows it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.errors import Changed, Conflict, Invalid, Refusal
from console.queries.orders import reload, verifiers_of
from console.services.correcting import correct_mobile
from console.web.access import applicant
from console.web.guards import applicant_required, order_for_applicant_or_404
from console.web.ministry import gateway
from console.web.mobiles_view import VerifierTyped
from console.web.order_page import order_html

blueprint = Blueprint("correcting", __name__, url_prefix="/orders/<number>/verifiers/<key>")


@blueprint.post("/mobile")
@applicant_required
def mobile(number: str, key: str) -> ResponseReturnValue:
    """Send the corrected number to the ministry, which texts a code to it."""
    order = order_for_applicant_or_404(number)
    if key not in {row.key for row in verifiers_of(order)}:
        abort(404)
    typed = request.form.get("mobile", "")
    try:
        there = correct_mobile(applicant(), number, key, typed, gateway())
    except Invalid as refusal:
        wrong = VerifierTyped(key, typed, refusal.text)
        return order_html(reload(order), mobile_typed=wrong), 422
    except (Changed, Conflict) as refusal:
        return order_html(reload(order), refusal), 409
    except Refusal as refusal:
        return order_html(reload(order), refusal), 422
    if there:
        flash(_("The new number goes to the ministry, which texts a code to it."), "success")
    else:
        flash(
            _("The ministry does not answer. The new number goes there as soon as it does."), "info"
        )
    return redirect(url_for("order.page", number=number), 303)
