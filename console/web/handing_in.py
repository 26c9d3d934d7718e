"""The last steps of filling in, and what an applicant decides about the whole order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.errors import Changed, Conflict, Invalid, Refusal, Unconfirmed
from console.rules.checks import refuses
from console.rules.lifecycle import State
from console.rules.sections import CANCELLATIONS
from console.services.contents import as_handed_over
from console.services.corrections import open_all
from console.services.drafts import discard, save_mobile
from console.services.material_copies import carry_over
from console.services.starting import start_again
from console.services.submission import may_skip_review, resubmit_unmodified, submit
from console.web.answers import changed, finding_links, sections
from console.web.cancelling import cancelling
from console.web.desk import Desk
from console.web.expected import expected
from console.web.filters import say
from console.web.guards import applicant_required, current_actor, order_for_applicant_or_404
from console.web.materials_view import carried_words, own_material_view
from console.web.mobiles_view import MobileTyped, mobiles
from console.web.step_page import open_desk, order_path, page, revision_sent, to_order

blueprint = Blueprint("handing_in", __name__, url_prefix="/orders/<number>")


@blueprint.get("/edit")
@applicant_required
def edit(number: str) -> ResponseReturnValue:
    """Lead to the first step that still asks for something."""
    desk = Desk.open(number)
    if not desk.editable:
        return to_order(number)
    asking = (part for part in desk.parts() if part.status not in ("done", "optional"))
    return redirect(next(asking).url, 303)


@blueprint.post("/edit/<any(services, materials, check):step>/later")
@applicant_required
def nothing_to_save(number: str, step: str) -> ResponseReturnValue:
    """Leave a step that asks nothing itself."""
    if step == "services":
        open_desk(number, step)
    Desk.open(number)
    return redirect(url_for("orders.index"), 303)


@blueprint.get("/edit/check")
@applicant_required
def check(number: str) -> ResponseReturnValue:
    """Show every answer, what is wrong with them, and who will have to verify."""
    desk = Desk.open(number)
    return _check_page(desk) if desk.editable else to_order(number)


def _check_page(
    desk: Desk,
    status: int = 200,
    refusal: Refusal | None = None,
    typed: MobileTyped | None = None,
    unconfirmed: bool = False,
) -> ResponseReturnValue:
    shown = sections(desk)
    return page(
        desk,
        "check",
        "check",
        status,
        sections=shown,
        changed=changed(shown),
        cancelling=cancelling(desk) if desk.filing.type in CANCELLATIONS else None,
        mobiles=mobiles(desk, typed),
        links=finding_links(desk),
        materials=own_material_view(desk.order, desk.filing),
        expected=expected(as_handed_over(desk.order, desk.filing), desk.book, desk.today),
        ready=not refuses(desk.findings),
        may_skip=may_skip_review(desk.order),
        refusal=refusal,
        unconfirmed=unconfirmed,
    )


def _hand_in(
    number: str, verb: Callable[..., None], done: Collection[State], said: str
) -> ResponseReturnValue:
    """Hand the order in; sent twice, the second leads to the order as the first did."""
    desk = Desk.open(number)
    try:
        verb(current_actor(), number, revision_sent(desk))
    except Changed as refusal:
        desk = Desk.open(number)
        if State(desk.order.state) in done:
            return to_order(number)
        if not desk.editable:
            raise
        return _check_page(desk, 409, refusal)
    except Conflict as refusal:
        return _check_page(Desk.open(number), 409, refusal)
    except Unconfirmed:
        return _check_page(Desk.open(number), 422, unconfirmed=True)
    except Invalid as refusal:
        return _check_page(Desk.open(number), 422, refusal)
    flash(said, "success")
    return to_order(number)


@blueprint.post("/submit")
@applicant_required
def submitted(number: str) -> ResponseReturnValue:
    """Hand the order in for first review; what ends for good, once that is confirmed."""
    said = _("Submitted. The provider's first review takes 1 to 3 working days.")
    verb = partial(submit, confirmed="confirm" in request.form)
    return _hand_in(number, verb, {State.IN_REVIEW}, said)


@blueprint.post("/resubmit-unmodified")
@applicant_required
def resubmitted_unmodified(number: str) -> ResponseReturnValue:
    """Send an unchanged order straight back to verification."""
    said = _("Submitted again, unchanged. New codes are sent as soon as the ministry has it.")
    return _hand_in(number, resubmit_unmodified, {State.APPROVED, State.VERIFYING}, said)


@blueprint.post("/edit/open-all")
@applicant_required
def opened_all(number: str) -> ResponseReturnValue:
    """Open every answer of a returned order for correction."""
    open_all(current_actor(), number, revision_sent(Desk.open(number)))
    flash(_("Every answer can be corrected now."), "success")
    return redirect(f"{order_path(number)}/edit/check", 303)


@blueprint.post("/discard")
@applicant_required
def discarded(number: str) -> ResponseReturnValue:
    """Give the order up."""
    order = order_for_applicant_or_404(number)
    if State(order.state) is State.CANCELLED:
        return to_order(number)
    revision = revision_sent(Desk.open(number)) if "revision" in request.form else None
    discard(current_actor(), number, revision)
    flash(_("Order %(number)s is discarded.", number=number), "success")
    return redirect(order_path(number), 303)


@blueprint.post("/start-again")
@applicant_required
def started_again(number: str) -> ResponseReturnValue:
    """Make a new draft from one that has ended."""
    order_for_applicant_or_404(number)
    new = start_again(current_actor(), number)
    flash(_("A new order with the same answers. Look through them, then submit."), "success")
    for said, good in carried_words(carry_over(current_actor(), new)):
        flash(say(said), "success" if good else "warning")
    return redirect(f"/orders/{new}/edit", 303)


@blueprint.post("/edit/mobiles/<int:position>")
@applicant_required
def mobile_corrected(number: str, position: int) -> ResponseReturnValue:
    """Correct the number that a code goes to, in an order that asks for nothing else."""
    desk = Desk.open(number)
    if not desk.sections.mobiles or not any(m.position == position for m in mobiles(desk)):
        abort(404)
    mobile = request.form.get("mobile", "")
    try:
        save_mobile(current_actor(), number, revision_sent(desk), position, mobile)
    except Invalid as refusal:
        return _check_page(desk, 422, typed=MobileTyped(position, mobile, refusal.text))
    except Changed as refusal:
        desk = Desk.open(number)
        if not desk.editable:
            raise
        return _check_page(desk, 409, refusal, MobileTyped(position, mobile))
    flash(_("Saved: the code goes to the new number."), "success")
    return redirect(desk.path("check"), 303)
