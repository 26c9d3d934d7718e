"""Between password and second factor: who has shown the first, for a few minutes.

Flask-Security asks its two-factor plugin before it signs anyone in; this one is ours.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, make_response, redirect, request, session, url_for
from flask_security.tf_plugin import TfPlugin

from console import clock
from console.models import Account
from console.queries.accounts import account_by_id
from console.web.paths import safe_next

KEY = "second"
LASTS = timedelta(minutes=5)


class SecondStep(TfPlugin):
    """Whoever has a second factor is led to it and is not signed in before."""

    def tf_enter(
        self, user: Any, remember_me: Any, primary_authn_via: str, next_loc: str | None
    ) -> Response | None:
        """Called once the password is right; None lets them in."""
        if user.totp_secret is None:
            return None
        session[KEY] = [user.id, user.epoch, int((clock.now() + LASTS).timestamp())]
        asked = request.form.get("next") or request.args.get("next")
        where = url_for("second_factor.prove", next=safe_next(asked))
        return make_response(redirect(where, 303))


def halfway() -> Account | None:
    """Who has shown their password a moment ago. A change of password or role ends it."""
    try:
        account_id, epoch, until = session[KEY]
    except (KeyError, TypeError, ValueError):
        return None
    if clock.now().timestamp() >= until:
        return None
    account = account_by_id(account_id)
    if account is None or not account.active or account.epoch != epoch:
        return None
    return account


def must_have_second_factor(account: Account) -> bool:
    """Whether this deployment asks a second factor of this person: staff, where it is set so."""
    staff = account.has_role("reviewer") or account.has_role("administrator")
    return bool(current_app.config["STAFF_SECOND_FACTOR"]) and staff
