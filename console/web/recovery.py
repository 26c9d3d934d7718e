"""A forgotten password: a link by mail, and a new password. Whether an address is known is
never told."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import hash_password

from console import clock
from console.services import accounts
from console.web.account import mails
from console.web.account_tokens import account_of_token
from console.web.own_forms import NewPassword, Recover

blueprint = Blueprint("recovery", __name__)


@blueprint.route("/recover", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """One answer for every address, after one and the same work. Throttled."""
    if not mails():
        abort(404)
    form = Recover()
    if not form.validate_on_submit():
        page = render_template("account/recover.html", form=form)
        return (page, 422) if form.is_submitted() else page
    accounts.ask_to_recover(form.email.data)
    return redirect(url_for("recovery.sent"), 303)


@blueprint.get("/recover/sent")
def sent() -> ResponseReturnValue:
    """What to do now, whoever asked."""
    return render_template("account/sent.html")


@blueprint.route("/recover/<token>", methods=["GET", "POST"])
def choose(token: str) -> ResponseReturnValue:
    """Set a new password. It signs nobody in: that takes the second factor where there is one."""
    account = account_of_token("recover", token, clock.now())
    if account is None:
        return render_template("account/ended.html", again=True), 404
    form = NewPassword(account)
    if not form.validate_on_submit():
        page = render_template("account/choose.html", form=form, token=token)
        return (page, 422) if form.is_submitted() else page
    accounts.change_password(account.id, hash_password(form.new_password.data))
    flash(_("Your password is changed. Sign in with the new one."), "success")
    return redirect(url_for("security.login"), 303)


@blueprint.get("/register/sent")
def registered() -> ResponseReturnValue:
    """The same for a new address and for one that has an account."""
    return render_template("account/registered.html")
