"""Who may come in. Nobody may, unless a page is on the public list or they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console.errors import NotAllowed
from console.rules.lifecycle import Role
from console.rules.text import T
from console.services.actors import Actor
from console.web.kept import signed_out
from console.web.second_step import must_have_second_factor
from console.web.sign_in import sign_in_first

P = ParamSpec("P")
R = TypeVar("R")

# Every rule of the URL map that answers people who are not signed in; all others refuse them.
PUBLIC = {
    "/",
    "/login",
    "/logout",
    "/register",
    "/register/sent",
    "/second-factor",
    "/recover",
    "/recover/sent",
    "/recover/<token>",
    "/confirm/<token>",
    "/language",
    "/rulebooks",
    "/rulebooks/who",
    "/rulebooks/messages",
    "/healthz",
    "/readyz",
    "/metrics",  # guards itself: loopback, or a token
    "/outbox",  # with MIIT_PAGES alone, like the mock's phone
    "/status/<token>",
    "/status/<token>/checklist",
    "/status/<token>/confirm",
    "/status/<token>/language",
    "/status/<token>/wrong-person",
    "/status/<token>/qr.svg",
    "/status/<token>/deadline.ics",
    "/static/<path:filename>",
    "/bootstrap/static/<path:filename>",
}
# The mock ministry is another party's site: it knows nothing of our accounts.
PUBLIC_PREFIXES = ("/miit/",)

# All that staff can open while the second factor they need is not set up.
WITHOUT_SECOND_FACTOR = {"/account/second-factor"}

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def is_public(rule: str) -> bool:
    """Whether a URL rule answers people who are not signed in."""
    return rule in PUBLIC or rule.startswith(PUBLIC_PREFIXES)


def init_app(app: Flask) -> None:
    """Put the guards in front of every view."""
    app.before_request(_refuse_other_sites)
    app.before_request(refuse_strangers)


def _refuse_other_sites() -> None:
    """Browsers say where a request comes from: another site has nothing to change here."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in SAFE_METHODS and site in {"cross-site", "same-site"}:
        abort(403)


def refuse_strangers() -> ResponseReturnValue | None:
    """Send whoever may not open the page at hand where they can; None for all others."""
    if request.url_rule is None or is_public(request.url_rule.rule):
        return None
    if not current_user.is_authenticated:
        return signed_out() or sign_in_first()
    return None if request.url_rule.rule in WITHOUT_SECOND_FACTOR else _second_factor_first()


def _second_factor_first() -> ResponseReturnValue | None:
    """Staff set up their second factor before anything else, where the deployment says so."""
    if current_user.totp_secret is not None or not must_have_second_factor(current_user):
        return None
    where = url_for("second_factor.set_up")
    if request.headers.get("HX-Request"):
        return make_response("", 403, {"HX-Redirect": where})
    return redirect(where, 303)


def role_required(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in whoever has one of these roles; others get 403 (NotAllowed)."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            require_role(*names)
            return view(*args, **kwargs)

        return guarded

    return decorate


def require_role(*names: str) -> None:
    """Raise NotAllowed unless the person has one of these roles. For a blueprint's guard."""
    if not any(current_user.has_role(name) for name in names):
        raise NotAllowed(T("Your account is not allowed to do this."))


def applicant() -> Actor:
    """The signed-in person, acting as an applicant. Raises NotAllowed."""
    require_role("applicant")
    return Actor(Role.APPLICANT, current_user.id)


def reviewer() -> Actor:
    """The signed-in person, acting as a reviewer. Raises NotAllowed."""
    require_role("reviewer")
    return Actor(Role.REVIEWER, current_user.id)
