"""One's own account: what is kept, the password, the sessions, the e-mail address."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, login_user
from flask_security.utils import hash_password

from console import clock
from console.models import Account
from console.queries.accounts import account_by_id, recovery_codes_left, sessions_of
from console.services import accounts
from console.web import sessions, throttle
from console.web.account_tokens import account_of_token
from console.web.own_forms import ChangePassword
from console.web.second_step import must_have_second_factor

blueprint = Blueprint("account", __name__)


def mails() -> bool:
    """Whether mails about accounts reach anyone: a server, or the rehearsal's outbox."""
    config = current_app.config
    return bool(config["MAIL_URL"]) or config["APP_ENV"] == "development"


def _person() -> Account:
    account = account_by_id(current_user.id)
    assert account is not None, "who is signed in has an account"
    return account


@blueprint.get("/account")
def index() -> ResponseReturnValue:
    """What the console knows of the person, and what they can change."""
    account = _person()
    return render_template(
        "account/index.html",
        account=account,
        sessions=sessions_of(account.id, sessions.here(), clock.now(), *sessions.limits()),
        codes_left=recovery_codes_left(account.id) if account.totp_secret else 0,
        required=must_have_second_factor(account),
        mails=mails(),
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """A new password ends every other session, and keeps this one under a new id."""
    form = ChangePassword(_person())
    if not form.validate_on_submit():
        page = render_template("account/password.html", form=form)
        return (page, 422) if form.is_submitted() else page
    accounts.change_password(form.account.id, hash_password(form.new_password.data))
    login_user(_person(), authn_via=["password"])
    flash(_("Your password is changed. Every other session was ended."), "success")
    return redirect(url_for("account.index"), 303)


@blueprint.post("/account/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End every session but this one."""
    accounts.end_other_sessions(current_user.id, sessions.here())
    flash(_("Every other session was ended."), "success")
    return redirect(url_for("account.index"), 303)


@blueprint.post("/account/confirm")
def ask_to_confirm() -> ResponseReturnValue:
    """Send the link to confirm the address again. Throttled."""
    if not mails():
        abort(404)
    throttle.count(throttle.CONFIRM_MAILS, str(current_user.id))
    accounts.ask_to_confirm(current_user.id)
    flash(_("We have sent you the link. Look into your mail."), "success")
    return redirect(url_for("account.index"), 303)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Where the mail leads: a button, since looking at a page changes nothing."""
    account = account_of_token("confirm", token, clock.now())
    if account is None:
        return render_template("account/ended.html", again=False), 404
    if request.method != "POST" and account.confirmed_at is None:
        return render_template("account/confirm.html", token=token)
    accounts.confirm_email(account.id)
    flash(_("Your e-mail address is confirmed."), "success")
    where = "account.index" if current_user.is_authenticated else "security.login"
    return redirect(url_for(where), 303)
