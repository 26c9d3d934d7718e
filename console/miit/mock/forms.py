"""What is entered at the portal and on the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from console.miit.mock.decisions import NOTE_LENGTH
from console.rules.lifecycle import REASONS

# Made before the other fields: complaints come in the order of the page, the code first.
CODE = StringField(
    _l("Code from the text message"),
    validators=[
        InputRequired(_l("Enter the six digits of the code")),
        Length(max=64, message=_l("Enter the six digits of the code")),
    ],
)


class ResendForm(FlaskForm):  # type: ignore[misc]
    """Who asks for a new code. Only what is missing is refused here: whether it fits is the
    portal's one answer."""

    mobile = StringField(
        _l("Mobile number"),
        validators=[
            InputRequired(_l("Enter the mobile number that gets the code")),
            Length(max=64, message=_l("Enter the mobile number that gets the code")),
        ],
    )
    last_six = StringField(
        _l("Last six characters of the certificate number"),
        validators=[
            InputRequired(_l("Enter the last six characters of the certificate number")),
            Length(max=64, message=_l("Enter the last six characters of the certificate number")),
        ],
    )
    captcha = StringField(_l("Picture check"))
    captcha_token = HiddenField()


class VerifyForm(ResendForm):
    """Who verifies, with the code."""

    code = CODE


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """The administration's acceptance: nothing to enter."""


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """The administration's return; what may be chosen is checked where it is decided."""

    reasons = SelectMultipleField(_l("Reasons"), choices=list(REASONS), validate_choice=False)
    note = TextAreaField(_l("Note to the applicant"), render_kw={"maxlength": NOTE_LENGTH})


class PhoneForm(FlaskForm):  # type: ignore[misc]
    """Whose texts to show."""

    mobile = StringField(_l("Mobile number"), validators=[Length(max=64)])
