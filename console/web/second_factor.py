"""The second factor: signing in with it, setting it up, its recovery codes, and ending it."""

from __future__ import annotations

import logging
from datetime import timedelta

import segno
from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, login_user

from console import clock
from console.errors import NotAllowed
from console.keyring import DataDamaged, KeyMissing
from console.models import Account
from console.queries.accounts import account_by_id
from console.rules.masking import mask_email
from console.rules.text import T
from console.services import second_factor as verbs
from console.services.totp import address, new_secret, readable
from console.services.trail import note_refusal
from console.types import keyring
from console.web import second_step, sessions, throttle
from console.web.own_forms import Code, SetUp, WithPassword
from console.web.paths import safe_next

blueprint = Blueprint("second_factor", __name__)
log = logging.getLogger("console.security")

PENDING = "totp"
LIMITS = throttle.SECOND_FACTOR, throttle.SECOND_FACTOR_A_DAY
SET_UP_LASTS = timedelta(minutes=30)


@blueprint.route("/second-factor", methods=["GET", "POST"])
def prove() -> ResponseReturnValue:
    """The second step of signing in. Throttled for the account, wherever it is tried from."""
    account = second_step.halfway()
    if account is None:
        session.pop(second_step.KEY, None)
        if request.method == "POST":
            flash(_("That took too long. Sign in again."), "warning")
        return redirect(url_for("security.login"), 303)
    form = Code()
    if form.validate_on_submit():
        for limit in LIMITS:
            throttle.count(limit, str(account.id))
        if verbs.prove(account.id, form.code.data):
            for limit in LIMITS:
                throttle.give_back(limit, str(account.id))
            login_user(account, authn_via=["password", "code"])
            return redirect(safe_next(request.form.get("next")) or "/", 303)
        note_refusal("second-factor-refused", account.id)
        log.warning("second factor refused", extra={"fields": {"address": request.remote_addr}})
        form.code.errors = [_("This code is not right or was used. Enter the one shown now.")]
    page = render_template("account/second_step.html", form=form, next=_next())
    return (page, 422) if form.is_submitted() else page


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
def set_up() -> ResponseReturnValue:
    """Show a key to the app and take its first code; then the recovery codes, this once."""
    account = _person()
    if account.totp_secret is not None:
        return render_template(
            "account/second_factor.html",
            account=account,
            form=WithPassword(account),
            required=second_step.must_have_second_factor(account),
        )
    form, secret = SetUp(account), _pending()
    if form.validate_on_submit():
        code = "".join((form.code.data or "").split())
        codes = verbs.switch_on(account.id, secret, code, sessions.here())
        if codes is not None:
            session.pop(PENDING, None)
            return render_template("account/recovery_codes.html", codes=codes, first=True)
        form.code.errors = [_("This is not the app's code. Wait for the next one and enter it.")]
    page = render_template(
        "account/set_up.html",
        form=form,
        key=readable(secret),
        image=_picture(address(secret, current_app.config["PROVIDER_NAME"], _name(account))),
        required=second_step.must_have_second_factor(account),
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/account/second-factor/codes")
def renew() -> ResponseReturnValue:
    """New recovery codes; takes the password. Raises NotAllowed without a second factor."""
    account = _with_second_factor()
    form = WithPassword(account)
    if not form.validate_on_submit():
        return _refused(account, form)
    codes = verbs.renew_codes(account.id)
    return render_template("account/recovery_codes.html", codes=codes, first=False)


@blueprint.post("/account/second-factor/off")
def switch_off() -> ResponseReturnValue:
    """Go on with the password alone; takes it. Raises NotAllowed where a factor is required."""
    account = _with_second_factor()
    if second_step.must_have_second_factor(account):
        raise NotAllowed(T("Your role needs a second factor here. It cannot be switched off."))
    form = WithPassword(account)
    if not form.validate_on_submit():
        return _refused(account, form)
    verbs.switch_off(account.id, account.id, sessions.here())
    flash(_("The second factor is off. Every other session was ended."), "success")
    return redirect(url_for("account.index"), 303)


def _refused(account: Account, form: WithPassword) -> ResponseReturnValue:
    required = second_step.must_have_second_factor(account)
    page = render_template(
        "account/second_factor.html", account=account, form=form, required=required
    )
    return page, 422


def _person() -> Account:
    account = account_by_id(current_user.id)
    assert account is not None, "who is signed in has an account"
    return account


def _with_second_factor() -> Account:
    account = _person()
    if account.totp_secret is None:
        raise NotAllowed(T("There is no second factor to change."))
    return account


def _pending() -> str:
    """The key that the app is told, encrypted in the cookie until its first code arrives."""
    now = clock.now()
    try:
        sealed, until = session[PENDING]
        if now.timestamp() < until:
            return keyring().decrypt(sealed)
    except (KeyError, TypeError, ValueError, KeyMissing, DataDamaged):
        pass
    secret = new_secret()
    session[PENDING] = [keyring().encrypt(secret), int((now + SET_UP_LASTS).timestamp())]
    return secret


def _name(account: Account) -> str:
    """How the app calls the account: enough to tell two apart, and no whole address."""
    return mask_email(account.shown_email)


def _picture(text: str) -> str:
    return str(segno.make_qr(text, error="m").svg_data_uri(scale=4, border=4, light="#fff"))


def _next() -> str:
    return safe_next(request.form.get("next") or request.args.get("next")) or ""
