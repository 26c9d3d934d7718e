"""The forms of one's own account. Each attempt is counted before it is looked at."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security.utils import verify_password
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired

from console.extensions import security
from console.models import Account
from console.types import digest
from console.web import throttle
from console.web.account_forms import normal_email
from console.web.passwords import weakness

NOT_THIS_PASSWORD = _l("The password is not right. Enter the one you sign in with.")


class OwnForm(FlaskForm):  # type: ignore[misc]
    """A form about one account."""

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account


class WithPassword(OwnForm):
    """What one does to one's own account takes the password again."""

    password = PasswordField(
        _l("Your password"),
        validators=[InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )

    def validate_password(self, field: Field) -> None:
        """Raises Throttled."""
        throttle.count(throttle.OWN_PASSWORD, str(self.account.id))  # from wherever it is guessed
        secret = security.password_util.normalize(field.data)[:1024]
        if not verify_password(secret, self.account.password):
            raise ValidationError(NOT_THIS_PASSWORD)
        throttle.give_back(throttle.OWN_PASSWORD, str(self.account.id))


class NewPassword(OwnForm):
    """A new password, twice."""

    new_password = PasswordField(
        _l("New password"),
        description=_l("At least 8 characters; 15 or more are better. Any characters will do."),
        validators=[InputRequired(_l("Enter the new password."))],
        render_kw={"autocomplete": "new-password"},
    )
    new_password_confirm = PasswordField(
        _l("New password again"),
        validators=[InputRequired(_l("Enter the same password again."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_new_password(self, field: Field) -> None:
        """The same rules as when signing up."""
        field.data = security.password_util.normalize(field.data)
        if found := weakness(field.data, self.account.shown_email):
            raise ValidationError(found)

    def validate_new_password_confirm(self, field: Field) -> None:
        """Twice the same, so that a slip does not lock anyone out."""
        if security.password_util.normalize(field.data) != self.new_password.data:
            raise ValidationError(_("The two passwords differ. Enter the same one twice."))


class ChangePassword(WithPassword, NewPassword):
    """The present password and a new one that is another."""

    def validate_new_password(self, field: Field) -> None:
        """As for any, and not the one it replaces."""
        super().validate_new_password(field)
        if field.data == security.password_util.normalize(self.password.data or ""):
            raise ValidationError(_("Choose another password than the present one."))


class Recover(FlaskForm):  # type: ignore[misc]
    """The address to which a link goes, if it has an account: the answer never tells."""

    email = EmailField(
        _l("E-mail address"),
        validators=[InputRequired(_l("Enter your e-mail address.")), normal_email],
        render_kw={"autocomplete": "username", "maxlength": 254},
    )

    def validate_email(self, field: Field) -> None:
        """Count, whether there is such an account or not. Raises Throttled."""
        throttle.count(throttle.RECOVER_PER_ADDRESS, request.remote_addr or "")
        throttle.count(throttle.RECOVER_PER_ACCOUNT, digest("account-email", field.data))


class Code(FlaskForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = StringField(
        _l("Code"),
        description=_l("Six digits from your authenticator app, or one of your recovery codes."),
        validators=[InputRequired(_l("Enter the code."))],
        render_kw={"autocomplete": "one-time-code", "maxlength": 32, "spellcheck": "false"},
    )


class SetUp(WithPassword):
    """The first code of an app that was just told its key."""

    code = StringField(
        _l("Code from the app"),
        description=_l("Six digits; a new one every 30 seconds."),
        validators=[InputRequired(_l("Enter the code that the app shows."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 10},
    )
