"""The queue's pages: the list with its filters, its live part, and finding an order."""

from __future__ import annotations

from collections.abc import Sequence

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.wrappers import Response

from console import clock
from console.queries.finding import find, hidden_marks, open_marks
from console.queries.review import QueueRow
from console.rules.labels import FILING_TYPES
from console.rules.provinces import PROVINCES
from console.web import queue_args
from console.web.guards import NUMBER, reviewer_required
from console.web.queue_view import queue_lines, queue_view
from console.web.review_blueprint import blueprint


@blueprint.get("/review")
@reviewer_required
def queue() -> ResponseReturnValue:
    """Orders by state, longest waiting first; or those that an open search finds."""
    words = queue_args.words(request.args.get("q", ""))
    if words:
        return _found(words, find(words, open_marks(words)))
    which = queue_args.chosen(request.args, current_user.id)
    return render_template(
        "review/queue.html",
        view=queue_view(which, queue_args.place(request.args), current_user.id),
        which=which,
        types=FILING_TYPES,
        provinces=PROVINCES,
        sorts=queue_args.sorts_for(which.state),
        exported=queue_args.plain(which),
    )


@blueprint.get("/review/list")
@reviewer_required
def queue_list() -> ResponseReturnValue:
    """The live part of the queue; 304 while the page shows what is so."""
    which = queue_args.chosen(request.args, current_user.id)
    view = queue_view(which, queue_args.place(request.args), current_user.id)
    headers = {"HX-PTag": view.version}
    if request.headers.get("HX-PTag") == view.version:
        return Response(status=304, headers=headers)
    return make_response(render_template("review/_queue.html", view=view, which=which), headers)


@blueprint.post("/review/find")
@reviewer_required
def find_order() -> ResponseReturnValue:
    """Look for an order by anything someone may hold in hand.

    What may be personal data is looked for here and never gets into an address: numbers and
    domains lead on to one that can be kept, whatever else is answered at once.
    """
    words = queue_args.words(request.form.get("q", ""))
    marks = open_marks(words)
    if not words:
        return redirect(url_for("review.queue"), 303)
    if marks or (NUMBER.fullmatch(words) and "-" in words):
        found = find(words, marks)
        if found:
            return redirect(url_for("review.queue", q=words), 303)
    return _found(words, find(words, marks + hidden_marks(words)))


def _found(words: str, rows: Sequence[QueueRow]) -> str:
    lines = queue_lines(rows, current_user.id, clock.now())
    return render_template("review/found.html", lines=lines, words=words)
