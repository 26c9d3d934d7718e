"""Signing in and signing up: Flask-Security with our forms, limits and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response, make_response, redirect, request, url_for
from flask_security import Security
from werkzeug.datastructures import ImmutableMultiDict

from console.services.account_store import AccountStore, ConfirmFirst
from console.web import sessions
from console.web.account_forms import SignIn, SignUp
from console.web.language import locale
from console.web.passwords import Passwords
from console.web.paths import path_here, safe_next
from console.web.second_step import SecondStep

SETTINGS: dict[str, Any] = {
    "SECURITY_REGISTERABLE": True,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    # Accounts are made and changed by our own commands, which put it on record.
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFC",
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_STATIC_FOLDER_URL": None,
    "SECURITY_FLASH_MESSAGES": False,
    # Its page to enter the password again is not served: forms that need it ask for it themselves.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_REGISTER_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/",
}


def init_app(app: Flask) -> None:
    """Bind Flask-Security to our accounts, forms, limits and answers."""
    app.config.update(SETTINGS)
    ring = app.extensions["keyring"]
    app.config["SECURITY_PASSWORD_SALT"] = ring.digest("password", "pepper")
    if "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS" not in app.config:
        app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {
            # OWASP Password Storage: 19 MiB, two passes, one lane.
            "argon2__memory_cost": 19456,
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        }
    bound = Security(
        app,
        AccountStore(locale),
        login_form=SignIn,
        register_form=SignUp,
        password_util_cls=Passwords,
    )
    bound.two_factor_plugins = SecondStep()
    bound.unauthn_handler(_sign_in_first)
    bound.want_json(lambda _request: False)
    # It would load the person on every request with a session, polls included; roles are asked
    # of the person themselves (`access`).
    bound.principal.identity_loaders.clear()
    sessions.init_app(app)
    app.before_request(_forget_other_ways)
    app.after_request(_tidy_answer)
    app.register_error_handler(ConfirmFirst, _look_into_your_mail)


def _look_into_your_mail(_signal: ConfirmFirst) -> Response:
    return make_response(redirect(url_for("recovery.registered"), 303))


def _forget_other_ways() -> None:
    """A way on that is no plain path here is forgotten before anyone tries to read it."""
    if request.blueprint != "security":
        return
    for part in ("args", "form"):
        sent = getattr(request, part)
        if any(safe_next(value) is None for value in sent.getlist("next")):
            left = [one for one in sent.items(multi=True) if one[0] != "next"]
            setattr(request, part, ImmutableMultiDict(left))


def _tidy_answer(response: Response) -> Response:
    """A refused form is a 422."""
    refused = request.method == "POST" and response.status_code == 200
    if refused and request.blueprint == "security":
        response.status_code = 422
    return response


def _sign_in_first(_methods: list[str], _headers: dict[str, str] | None = None) -> Response:
    return sign_in_first()


def sign_in_first() -> Response:
    """Send someone to sign in; htmx is told so in a header, as it would swap in the page."""
    here = path_here()
    target = url_for("security.login", next=here) if here else url_for("security.login")
    if request.headers.get("HX-Request"):
        return make_response("", 401, {"HX-Redirect": target})
    return make_response(redirect(target, 303))
