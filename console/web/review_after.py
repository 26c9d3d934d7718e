"""What comes after a decision: reminders, and the ledger of what was told outside."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console import clock
from console.errors import Changed, Throttled
from console.queries import ledger as queries
from console.services import ledger as verbs
from console.services.reminding import remind as remind_leader
from console.web.access import reviewer
from console.web.filters import say
from console.web.guards import order_for_reviewer_or_404, reviewer_required
from console.web.ledger_view import KINDS, ledger_lines
from console.web.review_blueprint import blueprint

SHOWN = ("open", "stuck", "all")


@blueprint.post("/review/<number>/remind")
@reviewer_required
def remind(number: str) -> ResponseReturnValue:
    """Mail someone who has not verified."""
    order_for_reviewer_or_404(number)
    try:
        remind_leader(reviewer(), number, request.form.get("verifier", ""))
    except (Changed, Throttled) as refusal:
        flash(say(refusal.text), "warning")
    else:
        flash(_("Order %(number)s: the reminder is on its way.", number=number), "success")
    return redirect(url_for("review.queue", state=request.form.get("state") or None), 303)


@blueprint.get("/review/ledger")
@reviewer_required
def ledger() -> ResponseReturnValue:
    """What was to be told outside: what is stuck first, or everything."""
    shown = request.args.get("show", "")
    shown = shown if shown in SHOWN else "open"
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    given = request.args.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    now = clock.now()
    found, older = queries.page(now, shown, kind, before)
    return render_template(
        "review/ledger.html",
        lines=ledger_lines(found, now),
        shown=shown,
        kind=kind,
        kinds=KINDS,
        older=url_for("review.ledger", show=shown, kind=kind or None, before=older)
        if older
        else None,
    )


@blueprint.post("/review/ledger/<int(max=2147483647):delivery_id>/send")
@reviewer_required
def send_delivery(delivery_id: int) -> ResponseReturnValue:
    """Let it be sent at once."""
    verbs.send_now(reviewer(), delivery_id)
    flash(_("It is sent within seconds."), "success")
    return redirect(url_for("review.ledger"), 303)


@blueprint.post("/review/ledger/<int(max=2147483647):delivery_id>/hold")
@reviewer_required
def hold_delivery(delivery_id: int) -> ResponseReturnValue:
    """Stop it until someone sends it by hand."""
    verbs.hold(reviewer(), delivery_id)
    flash(_("It is stopped until someone sends it by hand."), "success")
    return redirect(url_for("review.ledger"), 303)
