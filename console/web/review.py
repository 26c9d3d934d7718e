"""The reviewers' pages: the queue, and a filing on one screen with its decision."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console.errors import Changed, Invalid, Refusal
from console.models import Order
from console.queries import review as queries
from console.queries.orders import reload
from console.rules.checks import parse_domain
from console.rules.lifecycle import State
from console.services import review as verbs
from console.services import sharing
from console.web.access import reviewer
from console.web.filters import say
from console.web.guards import order_for_reviewer_or_404, reviewer_required
from console.web.review_view import decided, queue_lines, review_view, tabs

blueprint = Blueprint("review", __name__)

LONGEST_SEARCH = 253
MOMENT = "%Y-%m-%dT%H:%M:%S.%f"
CURSOR = re.compile(r"([0-9T:.-]{26})_([0-9]{1,18})")


@blueprint.get("/review")
@reviewer_required
def queue() -> ResponseReturnValue:
    """Orders by state, longest waiting first; or those that a search finds."""
    words = _words(request.args.get("q", ""))
    state = _state(request.args.get("state"))
    if words:
        rows, older, newer = queries.find(words, _domain(words)), None, None
    else:
        page = queries.queue(state, _cursor("after"), _cursor("before"))
        rows, older, newer = page.rows, page.older, page.newer
    return render_template(
        "review/queue.html",
        lines=queue_lines(rows, current_user.id),
        tabs=tabs(queries.counts(), None if words else state),
        state=state,
        words=words,
        older=_link(state, "after", older),
        newer=_link(state, "before", newer),
    )


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


@blueprint.post("/review/<number>/return")
@reviewer_required
def return_(number: str) -> ResponseReturnValue:
    """Send the order back to the applicant, with reasons."""
    order = order_for_reviewer_or_404(number)
    reasons = request.form.getlist("reasons")
    try:
        verbs.return_(reviewer(), number, reasons, request.form.get("note", ""), _revision())
    except Changed as refusal:
        return _page(reload(order), refusal=refusal), 409
    except Invalid as refusal:
        return _page(reload(order), refusal=refusal), 422
    return _to_the_queue("return", number)


def _to_the_queue(action: str, number: str) -> ResponseReturnValue:
    flash(say(decided(action, number)), "success")
    return redirect(url_for("review.queue"), 303)


def _page(order: Order, refusal: Refusal | None = None, full: bool = False) -> str:
    return render_template(
        "review/page.html",
        view=review_view(order, current_user.id, full),
        refusal=refusal,
        invalid=isinstance(refusal, Invalid),
        chosen=set(request.form.getlist("reasons")),
        note=request.form.get("note", ""),
    )


def _revision() -> int | None:
    """The revision that the page showed. A form without one decides on what is there now."""
    given = request.form.get("revision", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Changed()
    return int(given)


def _state(given: str | None) -> State:
    return next((state for state in queries.QUEUES if state.value == given), State.IN_REVIEW)


def _words(given: str) -> str:
    """What to look for, without characters that no number or domain has."""
    return "".join(c for c in given.strip()[:LONGEST_SEARCH] if c.isprintable())


def _domain(words: str) -> str | None:
    try:
        return parse_domain(words)
    except Invalid:
        return None


def _cursor(name: str) -> tuple[datetime, int] | None:
    """A cursor from the address, None where it is not one of ours."""
    found = CURSOR.fullmatch(request.args.get(name, ""))
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], MOMENT).replace(tzinfo=UTC), int(found[2])
    except ValueError:
        return None


def _link(state: State, name: str, cursor: tuple[datetime, int] | None) -> str | None:
    if cursor is None:
        return None
    value = f"{cursor[0].astimezone(UTC).strftime(MOMENT)}_{cursor[1]}"
    query = urlencode({"state": state.value, name: value})
    return f"{url_for('review.queue')}?{query}"
