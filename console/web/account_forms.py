"""The forms of signing in and signing up."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import LoginForm, RegisterFormV2
from flask_security.utils import hash_password, verify_password
from wtforms import EmailField, Field, HiddenField, PasswordField, SubmitField, ValidationError
from wtforms.validators import InputRequired, StopValidation

from console.extensions import security
from console.queries.accounts import account_by_email
from console.rules.strings import has_invisible
from console.services.accounts import ask_to_confirm
from console.services.trail import note_refusal
from console.types import digest
from console.web import throttle
from console.web.paths import safe_next

# The address someone tries from is kept here and nowhere else; who they claimed to be is not.
log = logging.getLogger("console.security")


def normalized(given: str) -> str:
    """An e-mail address in its normal form. Raises ValueError.

    Two addresses that look alike are told apart by nobody: what cannot be seen is refused.
    """
    # The longest there is; beyond it, looking closer only costs time.
    if len(given) > 254 or has_invisible(given.strip()):
        raise ValueError("no e-mail address")
    email: str = security.mail_util.normalize(given)
    return email


def normal_email(_form: object, field: Field) -> None:
    """Bring an address to its normal form, or say what to enter."""
    try:
        field.data = normalized(field.data)
    except ValueError as error:
        message = _("Enter an e-mail address such as name@example.cn.")
        raise StopValidation(message) from error


class SignIn(LoginForm):
    """Unknown address and wrong password give one answer, after one and the same work."""

    email = EmailField(
        _l("E-mail address"),
        validators=[InputRequired(_l("Enter your e-mail address.")), normal_email],
        render_kw={"autocomplete": "username", "maxlength": 254},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    remember = None
    next = HiddenField()
    submit = SubmitField(_l("Sign in"))

    def validate_next(self, field: Field) -> None:
        """Where to go on is a path here or nothing."""
        field.data = safe_next(field.data) or ""

    def validate(self, **kwargs: Any) -> bool:
        """Count the attempt, then look at it. Raises Throttled."""
        if not super(LoginForm, self).validate(**kwargs):
            return False
        address, account_key = request.remote_addr or "", digest("account-email", self.email.data)
        throttle.count(throttle.SIGN_IN_PER_ADDRESS, address)
        throttle.count(throttle.SIGN_IN_PER_ACCOUNT, account_key, address)
        throttle.count(throttle.SIGN_IN_ANYWHERE, account_key)
        self.ifield = self.email
        account = account_by_email(self.email.data)
        secret = security.password_util.normalize(self.password.data)[:1024]
        matches = verify_password(secret, account.password if account else _nobody())
        if not (account and matches):
            log.warning("sign-in refused", extra={"fields": {"address": address}})
            note_refusal("sign-in-refused", account.id if account else None)
            self.form_errors.append(
                _("The e-mail address or the password is not right. Check both and try again.")
            )
            return False
        throttle.give_back(throttle.SIGN_IN_PER_ADDRESS, address)
        throttle.give_back(throttle.SIGN_IN_PER_ACCOUNT, account_key, address)
        throttle.give_back(throttle.SIGN_IN_ANYWHERE, account_key)
        if not account.active:
            self.form_errors.append(_("This account is disabled. Ask the provider about it."))
            return False
        if current_app.config["MAIL_URL"] and account.confirmed_at is None:
            throttle.count(throttle.CONFIRM_MAILS, str(account.id))
            ask_to_confirm(account.id)
            self.form_errors.append(
                _("Confirm your e-mail address first: we have sent you the link again.")
            )
            return False
        self.user, self.user_authenticated = account, True
        return True


@cache
def _nobody() -> str:
    """A hash that no password matches in practice, as costly to check as a real one."""
    hashed: str = hash_password("nobody has this password")
    return hashed


class SignUp(RegisterFormV2):
    """An account for an applicant: an address and a password, nothing more."""

    email = EmailField(
        _l("E-mail address"),
        description=_l("You sign in with it, and we write to it when an order needs you."),
        validators=[InputRequired(_l("Enter your e-mail address.")), normal_email],
        render_kw={"autocomplete": "username", "maxlength": 254},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("At least 8 characters; 15 or more are better. Any characters will do."),
        validators=[InputRequired(_l("Enter a password."))],
        render_kw={"autocomplete": "new-password"},
    )
    password_confirm = PasswordField(
        _l("Password again"),
        validators=[InputRequired(_l("Enter the same password again."))],
        render_kw={"autocomplete": "new-password"},
    )
    next = HiddenField()
    submit = SubmitField(_l("Create account"))

    def validate_next(self, field: Field) -> None:
        """Where to go on is a path here or nothing."""
        field.data = safe_next(field.data) or ""

    def validate_password_confirm(self, field: Field) -> None:
        """Twice the same, so that a slip does not lock anyone out."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ. Enter the same one twice."))

    def validate_email(self, field: Field) -> None:
        """Each address has one account; where mails are sent, only a mail tells of it."""
        throttle.count(throttle.SIGN_UP_PER_ADDRESS, request.remote_addr or "")
        if current_app.config["MAIL_URL"]:
            throttle.count(throttle.SIGN_UP_PER_ACCOUNT, digest("account-email", field.data))
            return
        self.existing_email_user = account_by_email(field.data)
        if self.existing_email_user is not None:
            raise ValidationError(
                _("There is an account with this e-mail address already. Sign in instead.")
            )
