"""Several orders at a time, with what came of each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.services.deciding import Outcome, approve_several, claim_several
from console.web.access import reviewer
from console.web.guards import NUMBER, reviewer_required
from console.web.review_blueprint import blueprint


@blueprint.post("/review/several/claim", endpoint="claim_several")
@reviewer_required
def claim() -> ResponseReturnValue:
    """Claim all ticked orders."""
    return _told(claim_several(reviewer(), _numbers()), _("Claimed"))


@blueprint.post("/review/several/approve", endpoint="approve_several")
@reviewer_required
def approve() -> ResponseReturnValue:
    """Approve those of the ticked orders that nothing is found in."""
    return _told(approve_several(reviewer(), _numbers()), _("Passed first review"))


def _numbers() -> list[str]:
    return [number for number in request.form.getlist("numbers") if NUMBER.fullmatch(number)]


def _told(outcomes: list[Outcome], title: str) -> ResponseReturnValue:
    if not outcomes:
        flash(_("Tick at least one order."), "warning")
        return redirect(url_for("review.queue"), 303)
    return render_template("review/several.html", outcomes=outcomes, title=title)
