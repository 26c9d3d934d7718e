"""Reminding a leader at one click, for the order's applicant and for reviewers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from console.services.reminding import remind
from console.web.access import applicant, reviewer
from console.web.guards import order_for_applicant_or_404, order_for_reviewer_or_404

blueprint = Blueprint("reminding", __name__)


@blueprint.post("/orders/<number>/verifiers/<key>/remind")
def reminded(number: str, key: str) -> ResponseReturnValue:
    """Mail the leader; 429 within an hour of the last time, 409 when it is no longer needed."""
    if current_user.has_role("reviewer"):
        order_for_reviewer_or_404(number)
        actor, back = reviewer(), f"/review/{number}"
    else:
        order_for_applicant_or_404(number)
        actor, back = applicant(), f"/orders/{number}"
    remind(actor, number, key)
    flash(_("A reminder is on its way by e-mail."), "success")
    return redirect(back, 303)
