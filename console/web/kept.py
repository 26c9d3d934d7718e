"""What was typed into a long form is not lost because the session ended meanwhile.

Signed out: the answer is a page that holds what was typed, to be sent once more after signing in
in another window. Then its token is of the session before: the answer is the form, filled in as it
was sent, with a token of now. Nothing is saved either time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from console.web.forms.fields import printable

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "form_again"
LEFT_OUT = {"csrf_token"}


def keeps_typed(form_again: Callable[..., ResponseReturnValue]) -> Callable[[View], View]:
    """Say how a view's form is shown again with what was sent; it takes the view's arguments."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, form_again)
        return view

    return mark


def _form_again() -> Callable[..., ResponseReturnValue] | None:
    # Another site may not fill our forms in, and a bare request has typed nothing.
    here = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if not (here and request.endpoint and "revision" in request.form):
        return None
    return getattr(current_app.view_functions[request.endpoint], ATTRIBUTE, None)


def signed_out() -> ResponseReturnValue | None:
    """The page that holds what was typed; None where nothing was."""
    if _form_again() is None:
        return None
    if request.headers.get("HX-Request"):
        return "", 401  # what was typed is still on the page, and nothing takes its place
    typed = [
        (printable(name), printable(value))
        for name, value in request.form.items(multi=True)
        if name not in LEFT_OUT
    ]
    path = request.path.removesuffix("/later")
    html = render_template(
        "orders/signed_out.html", typed=typed, sign_in=url_for("security.login", next=path)
    )
    return html, 401


def stale_token() -> ResponseReturnValue | None:
    """The form as it was sent, with a token of now; for nobody the page that holds what was typed.

    None where there is none.
    """
    form_again = _form_again()
    if form_again is None:
        return None
    if not current_user.is_authenticated:
        # The cookie is gone, and the token with it: that the form is ours is the browser's word.
        ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
        return signed_out() if ours else None
    return form_again(**(request.view_args or {}))
