"""The reviewers' pages: a filing on one screen with its decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console.errors import Changed, Invalid, Refusal
from console.models import Order
from console.queries.orders import reload
from console.rules.filing import Filing
from console.rules.strings import seen
from console.services import noting, sharing
from console.services import review as verbs
from console.services.contents import filing_of, round_of
from console.web import review_after, review_figures, review_queue, review_several
from console.web.access import reviewer
from console.web.filters import say
from console.web.guards import order_for_reviewer_or_404, reviewer_required
from console.web.return_form import ReturnForm, previewed, read_form, with_choices
from console.web.review_blueprint import blueprint
from console.web.review_view import decided, review_view

__all__ = ["blueprint", "review_after", "review_figures", "review_queue", "review_several"]


@blueprint.get("/review/<number>")
@reviewer_required
def page(number: str) -> ResponseReturnValue:
    """The filing on one screen, personal data masked."""
    return _page(order_for_reviewer_or_404(number))


@blueprint.post("/review/<number>/reveal")
@reviewer_required
def reveal(number: str) -> ResponseReturnValue:
    """The same with personal data in full, after that has been put on record."""
    order = order_for_reviewer_or_404(number)
    sharing.reveal(reviewer(), number)
    return _page(reload(order), full=True)


@blueprint.post("/review/<number>/claim")
@reviewer_required
def claim(number: str) -> ResponseReturnValue:
    """Take the order for review."""
    order = order_for_reviewer_or_404(number)
    try:
        verbs.claim(reviewer(), number, _revision())
    except Changed as refusal:
        return _page(reload(order), refusal=refusal), 409
    return redirect(url_for("review.page", number=number), 303)


@blueprint.post("/review/<number>/release")
@reviewer_required
def release(number: str) -> ResponseReturnValue:
    """Give the order back to the queue."""
    order = order_for_reviewer_or_404(number)
    try:
        verbs.release(reviewer(), number)
    except Changed as refusal:
        return _page(reload(order), refusal=refusal), 409
    return redirect(url_for("review.queue"), 303)


@blueprint.post("/review/<number>/hand-on")
@reviewer_required
def hand_on(number: str) -> ResponseReturnValue:
    """Give the claimed order to a colleague."""
    order = order_for_reviewer_or_404(number)
    given = request.form.get("colleague", "")
    colleague = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    try:
        verbs.hand_on(reviewer(), number, colleague, _revision())
    except (Changed, Invalid) as refusal:
        return _refused(order, refusal)
    flash(say(decided("hand-on", number)), "success")
    return redirect(url_for("review.queue"), 303)


@blueprint.post("/review/<number>/approve")
@reviewer_required
def approve(number: str) -> ResponseReturnValue:
    """Pass the order on to the ministry."""
    order = order_for_reviewer_or_404(number)
    try:
        verbs.approve(reviewer(), number, _revision())
    except Changed as refusal:
        return _page(reload(order), refusal=refusal), 409
    return _to_the_queue("approve", number)


@blueprint.post("/review/<number>/return/preview")
@reviewer_required
def return_preview(number: str) -> ResponseReturnValue:
    """The return as the applicant would see it; nothing is sent yet."""
    order = order_for_reviewer_or_404(number)
    return _page(order, form=previewed(read_form(_filing(order)), order))


@blueprint.post("/review/<number>/return")
@reviewer_required
def return_(number: str) -> ResponseReturnValue:
    """Send the order back to the applicant, with reasons."""
    order = order_for_reviewer_or_404(number)
    form = read_form(_filing(order))
    try:
        verbs.return_(
            reviewer(), number, form.reasons, form.note, _revision(), points=form.details()
        )
    except (Changed, Invalid) as refusal:
        return _refused(order, refusal, form)
    return _to_the_queue("return", number)


@blueprint.post("/review/<number>/notes")
@reviewer_required
def add_note(number: str) -> ResponseReturnValue:
    """Leave a note for colleagues."""
    order = order_for_reviewer_or_404(number)
    text = seen(request.form.get("text", ""))
    try:
        noting.add_note(reviewer(), number, text)
    except Invalid as refusal:
        return _page(reload(order), refusal=refusal, note_text=text), 422
    return redirect(url_for("review.page", number=number, _anchor="notes-title"), 303)


def _refused(order: Order, refusal: Refusal, form: ReturnForm | None = None) -> tuple[str, int]:
    return _page(reload(order), refusal, form=form), 409 if isinstance(refusal, Changed) else 422


def _to_the_queue(action: str, number: str) -> ResponseReturnValue:
    flash(say(decided(action, number)), "success")
    return redirect(url_for("review.queue"), 303)


def _filing(order: Order) -> Filing:
    return round_of(order, order.round) or filing_of(order)


def _page(
    order: Order,
    refusal: Refusal | None = None,
    full: bool = False,
    form: ReturnForm | None = None,
    note_text: str = "",
) -> str:
    view = review_view(order, current_user.id, full)
    return render_template(
        "review/page.html",
        view=view,
        refusal=refusal,
        invalid=isinstance(refusal, Invalid),
        form=with_choices(form or ReturnForm(), view.filing),
        note_text=note_text,
    )


def _revision() -> int | None:
    """The revision that the page showed. A form without one decides on what is there now."""
    given = request.form.get("revision", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Changed()
    return int(given)
