"""The step that lists the order's websites and apps: `/orders/<number>/edit/services`."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.errors import Changed, Refusal
from console.rules.filing import ServiceKind
from console.services.drafts import add_service, remove_service
from console.web.desk import Desk
from console.web.filters import say
from console.web.guards import applicant_required, current_actor
from console.web.step_page import open_desk, page, revision_sent, to_order

blueprint = Blueprint("filling_services", __name__, url_prefix="/orders/<number>")


@blueprint.get("/edit/services")
@applicant_required
def services(number: str) -> ResponseReturnValue:
    """Show the websites and apps of the order."""
    desk = open_desk(number, "services")
    if not desk.editable:
        return to_order(number)
    return page(desk, "services", "services")


@blueprint.post("/edit/services/add")
@applicant_required
def service_added(number: str) -> ResponseReturnValue:
    """Add an empty website or app and ask about it."""
    desk = open_desk(number, "services")
    try:
        kind = ServiceKind(request.form.get("kind", ""))
    except ValueError:
        return _services_refused(desk, _("Choose a website or an app."), 422)
    if kind is ServiceKind.APP and desk.book is not None and not desk.book.knows_apps:
        return _services_refused(desk, _no_apps(desk), 422)
    try:
        add_service(current_actor(), number, revision_sent(desk), kind)
    except Refusal as refusal:
        return _services_refused(Desk.open(number), say(refusal.text), refusal)
    desk = Desk.open(number)
    return redirect(desk.path(f"services/{len(desk.filing.services)}"), 303)


@blueprint.post("/edit/services/<int:position>/remove")
@applicant_required
def service_removed(number: str, position: int) -> ResponseReturnValue:
    """Take a website or app out of the order."""
    desk = open_desk(number, "services")
    if desk.service(position) is None:
        abort(404)
    try:
        remove_service(current_actor(), number, revision_sent(desk), position)
    except Refusal as refusal:
        return _services_refused(Desk.open(number), say(refusal.text), refusal)
    flash(_("Taken out of the order."), "success")
    return redirect(desk.path("services"), 303)


def _no_apps(desk: Desk) -> str:
    title = say(desk.book.title) if desk.book else ""
    return str(_("The rulebook %(book)s knows no apps.", book=title))


def _services_refused(desk: Desk, text: str, why: Refusal | int) -> ResponseReturnValue:
    status = why if isinstance(why, int) else 409 if isinstance(why, Changed) else 422
    return page(desk, "services", "services", status, refusal=text)


@blueprint.post("/edit/services")
@applicant_required
def services_sent(number: str) -> ResponseReturnValue:
    """Go on: each website or app was saved on its own page."""
    return redirect(open_desk(number, "services").path("materials"), 303)
