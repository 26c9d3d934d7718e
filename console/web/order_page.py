"""An order's own page for its applicant: live while something is pending."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf.csrf import generate_csrf

from console import clock
from console.errors import Changed, Conflict, Refusal
from console.models import Order
from console.queries.orders import reload
from console.services import sharing, submission
from console.web.access import applicant
from console.web.guards import applicant_required, order_for_applicant_or_404
from console.web.live_view import Live, live
from console.web.ministry import gateway
from console.web.tokens import APPLICANT, Viewer, make_token

blueprint = Blueprint("order", __name__)


@blueprint.get("/orders/<number>")
@applicant_required
def page(number: str) -> ResponseReturnValue:
    """Whose turn it is, what exactly, and by when."""
    return order_html(order_for_applicant_or_404(number))


@blueprint.get("/orders/<number>/checklist")
@applicant_required
def checklist(number: str) -> Response:
    """The live part alone, for whoever is signed in; pages poll the status link's."""
    order = order_for_applicant_or_404(number)
    view = _live(order)
    response = make_response(
        render_template("orders/_live.html", live=view, form_token=generate_csrf())
    )
    response.headers["HX-PTag"] = view.version
    return response


@blueprint.post("/orders/<number>/withdraw")
@applicant_required
def withdraw(number: str) -> ResponseReturnValue:
    """Take the order back to a draft, unless the administration has it."""
    order = order_for_applicant_or_404(number)
    try:
        if request.form.get("state", order.state) != order.state:
            raise Changed()  # another stage than the one on the page: look, then decide
        submission.withdraw(applicant(), number, gateway(), order.revision)
    except (Changed, Conflict) as refusal:
        return order_html(reload(order), refusal), 409
    flash(_("The order is withdrawn. It is a draft again and can be corrected."), "success")
    return redirect(url_for("order.page", number=number), 303)


@blueprint.post("/orders/<number>/revoke-links")
@applicant_required
def revoke_links(number: str) -> ResponseReturnValue:
    """Make the leaders' links worthless, where one went to the wrong person."""
    order_for_applicant_or_404(number)
    sharing.revoke_links(applicant(), number)
    flash(_("The earlier links no longer open. Send each leader the new one."), "success")
    return redirect(url_for("order.page", number=number), 303)


def _live(order: Order) -> Live:
    now = clock.now()
    language = str(get_locale() or "en")
    viewer = Viewer(order.id, APPLICANT, language, current_user.epoch, current_user.id)
    return live(order, viewer, make_token(viewer, now), now)


def order_html(order: Order, refusal: Refusal | None = None, **values: object) -> str:
    """The whole page; `values` are for its fragments."""
    return render_template(
        "orders/page.html",
        live=_live(order),
        refusal=refusal,
        form_token=generate_csrf(),
        **values,
    )
