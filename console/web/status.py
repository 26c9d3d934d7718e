"""Status links: what a leader must do, without an account, and what open pages poll."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from console import clock
from console.errors import NotFound
from console.models import Order
from console.queries.orders import by_id, by_id_without_answers
from console.queries.polled import KEPT, Polled
from console.queries.status import Standing, standing
from console.rules.text import T
from console.services.leader_languages import own_language
from console.web import form_token
from console.web.confirm_form import ConfirmForm
from console.web.front import STANDING
from console.web.leader_view import leader_view
from console.web.live_view import live
from console.web.tokens import APPLICANT, Viewer, make_token, read_token, still_good

R = TypeVar("R")
blueprint = Blueprint("status", __name__)


@blueprint.get("/status/<token>")
def page(token: str) -> ResponseReturnValue:
    """A leader's page in the link's language; who has an account is led to their own."""
    viewer, _version = viewer_or_404(token)
    if not viewer.is_leader:
        where = "order.page" if viewer.kind == APPLICANT else "review.page"
        return redirect(url_for(where, number=order_of(viewer).number), 303)
    own = own_language(order_of(viewer), viewer.kind)
    if own and own != viewer.language:  # an older link, of before the leader chose
        token = make_token(viewer.in_language(own), clock.now())
        return redirect(url_for("status.page", token=token), 303)
    return leader_page(viewer, token)


def leader_page(viewer: Viewer, token: str, form: ConfirmForm | None = None) -> str:
    """The page of a leader's link, with what they entered where that was refused."""
    now = clock.now()
    with force_locale(viewer.language):
        return render_template(
            "status/page.html",
            view=leader_view(order_of(viewer), viewer, token, now),
            token=token,
            confirm_form=form or ConfirmForm(),
            form_token=generate_csrf(),
        )


@blueprint.get("/status/<token>/checklist")
def checklist(token: str) -> ResponseReturnValue:
    """What pages poll: 304 while the version is the page's own, else the live part.

    One look-up decides; no session is read and no cookie set.
    """
    try:
        viewer, version = viewer_or_404(token)
    except NotFound:
        return _gone()
    if request.headers.get("HX-PTag") == version:
        return Response(status=304, headers={"HX-PTag": version})
    with force_locale(viewer.language):
        html = _leaders(viewer, token) if viewer.is_leader else _accounts(viewer, token)
    response = make_response(html)
    response.headers["HX-PTag"] = version
    return response


def _leaders(viewer: Viewer, token: str) -> str:
    """What a leader's page shows: while it is verified, from one read without a session."""
    read = _polled(lambda polled: polled.being_verified(viewer.order_id))
    order = read.order if read else _found(by_id_without_answers(viewer.order_id))
    view = leader_view(order, viewer, token, clock.now(), read)
    form = ConfirmForm() if view.confirming else None
    return _drawn("status/_live.html", view=view, confirm_form=form)


def _accounts(viewer: Viewer, token: str) -> str:
    seen = live(order_of(viewer), viewer, token, clock.now())
    return _drawn("orders/_live.html", live=seen)


def viewer_or_404(token: str) -> tuple[Viewer, str]:
    """Who a link in good standing is for, and the version of its page. Raises NotFound."""
    now = clock.now()
    known: tuple[Viewer, Standing] | None = request.environ.get(STANDING)  # read a moment ago
    viewer = known[0] if known else read_token(token, now)
    found = known[1] if known else _standing(viewer) if viewer else None
    if viewer is None or found is None or not still_good(viewer, found):
        raise NotFound(T("This link has ended. Ask the applicant for a new one."))
    return viewer, found.version(now)


def _standing(viewer: Viewer) -> Standing | None:
    who = viewer.order_id, viewer.account_id
    return _polled(lambda polled: polled(*who)) or standing(*who)


def _polled(read: Callable[[Polled], R]) -> R | None:
    """What is read without a session; None also where the session will have to say what is wrong"""
    polled: Polled | None = current_app.extensions.get(KEPT)
    if polled is not None:
        with suppress(Exception):  # whatever the driver raises
            return read(polled)
    return None


def order_of(viewer: Viewer) -> Order:
    """The order that a link in good standing is about."""
    return _found(by_id(viewer.order_id))


def _found(order: Order | None) -> Order:
    assert order is not None, "a link in good standing has its order"
    return order


def _drawn(template: str, **values: Any) -> str:
    """A fragment without the context processors: one of them would load the session's person."""
    token = form_token.echoed(request.headers.get("X-CSRFToken"))
    return current_app.jinja_env.get_template(template).render(form_token=token, **values)


def _gone() -> ResponseReturnValue:
    """To a polling page, a fragment without a trigger in place of the live part."""
    if not request.headers.get("HX-Request"):
        raise NotFound(T("This link has ended. Ask the applicant for a new one."))
    with force_locale(_language_asked()):
        return _drawn("status/_gone.html"), 404


def _language_asked() -> str:
    chinese = request.accept_languages.best_match(["en", "zh"]) == "zh"
    return "zh_Hans_CN" if chinese else "en"
