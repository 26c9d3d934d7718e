"""The mock's own pages: the phone on which texts arrive, and the administration's desk."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console import clock
from console.errors import Changed, Conflict, Invalid, NotFound, Refusal
from console.miit.mock import decisions
from console.miit.mock.codes import mobile_digest
from console.miit.mock.forms import DecisionForm, PhoneForm, ReturnForm
from console.miit.mock.inbox import arrived, desk, desk_order
from console.miit.mock.store import Fault, faults_on, reading, switch, write
from console.miit.mock.words import LABELS, STATES
from console.rules.bilingual import Bilingual
from console.rules.text import T, Text

miit_desk = Blueprint("miit_desk", __name__, url_prefix="/miit")


def _page_number() -> int:
    return max(1, min(request.args.get("page", 1, type=int), 100_000))


@miit_desk.route("/phone", methods=["GET", "POST"])
def phone() -> str | Response:
    """The texts that have arrived, newest first."""
    form = PhoneForm()
    if form.validate_on_submit():
        # The address carries a keyed digest, never the number.
        line = mobile_digest(form.mobile.data) if (form.mobile.data or "").strip() else None
        return redirect(url_for("miit_desk.phone", line=line), 303)
    return render_template("miit/phone.html", form=form, **_texts())


@miit_desk.get("/phone/texts")
def phone_texts() -> str:
    """The list alone, for the page that refreshes it."""
    return render_template("miit/_texts.html", **_texts())


def _texts() -> dict[str, object]:
    line, page = request.args.get("line", "")[:64] or None, _page_number()
    with reading() as session:
        texts, last = arrived(session, clock.now(), line, page)
    return {"texts": texts, "page": page, "last": last, "line": line}


@miit_desk.get("/desk")
def orders() -> str:
    """The orders the ministry has, and the switches of its faults."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = _page_number()
    with reading() as session:
        rows, last = desk(session, state, page)
        faults = faults_on(session)
    return render_template(
        "miit/desk.html",
        rows=rows,
        page=page,
        last=last,
        state_chosen=state,
        labels=LABELS,
        faults=faults,
        form=DecisionForm(),
    )


@miit_desk.get("/desk/<reference>")
def order(reference: str) -> str:
    """One order, and what can be decided."""
    return _order_page(reference, ReturnForm(), None)


def _order_page(reference: str, form: ReturnForm, problem: Text | Bilingual | None) -> str:
    with reading() as session:
        row = desk_order(session, reference)
    return render_template(
        "miit/desk_order.html",
        row=row,
        form=form,
        accept_form=DecisionForm(),
        labels=LABELS,
        problem=problem,
    )


@miit_desk.post("/desk/<reference>/accept")
def accept(reference: str) -> Response:
    """The administration accepts."""
    return _decide(reference, True, ReturnForm())


@miit_desk.post("/desk/<reference>/return")
def return_order(reference: str) -> Response:
    """The administration returns, with reasons."""
    return _decide(reference, False, ReturnForm())


def _decide(reference: str, accepting: bool, form: ReturnForm) -> Response:
    if not form.validate():
        problem: Refusal = Invalid(T("The form has expired. Send it again."))
        return make_response(_order_page(reference, form, problem.text), 422)
    reasons = [] if accepting else list(form.reasons.data or [])
    note = "" if accepting else form.note.data or ""
    try:
        decisions.decide_reference(reference, accepting, reasons, note, clock.now())
    except (Changed, Conflict, Invalid) as error:
        status = 422 if isinstance(error, Invalid) else 409
        return make_response(_order_page(reference, form, error.text), status)
    return redirect(url_for("miit_desk.order", reference=reference), 303)


@miit_desk.post("/desk/faults/<name>")
def fault(name: str) -> Response:
    """Switch a fault on or off."""
    on = request.form.get("switch") == "on"
    if name not in list(Fault):
        raise NotFound(T("There is no fault %(name)s.", name=name))
    write(lambda session: switch(session, Fault(name), on, clock.now()))
    return redirect(url_for("miit_desk.orders"), 303)
