"""What a leader enters to confirm that the particulars are theirs."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError
from wtforms.validators import InputRequired

from console.rules.bilingual import Bilingual
from console.rules.mobiles import is_mobile
from console.rules.text import Text

TAIL = re.compile(r"[0-9A-Za-z]{6}")
LONGEST = 40  # a mobile number with every usual decoration


def _printable(text: str) -> str:
    """What is shown again when it is refused: no more than fits, no control characters."""
    return "".join(c for c in text[: LONGEST + 1] if c.isprintable()).strip()


class ConfirmForm(Form):  # type: ignore[misc]
    """Shapes are looked at before anything is compared, and cost no try."""

    mobile = StringField(
        _l("Your mobile number"),
        validators=[InputRequired(_l("Enter your mobile number."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": LONGEST},
    )
    last_six = StringField(
        _l("The last six characters of your document's number"),
        validators=[InputRequired(_l("Enter the last six characters of the number."))],
        render_kw={"autocomplete": "off", "maxlength": 6, "autocapitalize": "characters"},
    )

    def validate_mobile(self, field: Any) -> None:
        """A mainland mobile number, however it is written."""
        field.data = _printable(field.data)
        if not is_mobile(field.data):
            raise ValidationError(_("Enter a mobile number of eleven digits, such as 13800000000."))

    def validate_last_six(self, field: Any) -> None:
        """Digits and Latin letters, exactly six."""
        field.data = _printable(field.data)
        if not TAIL.fullmatch(field.data):
            raise ValidationError(_("Enter exactly six characters, digits or letters."))

    def mismatched(self) -> ConfirmForm:
        """The form, saying that something does not match and never which."""
        self.form_errors.append(
            _("These two do not match what the applicant entered. Check both and try again.")
        )
        return self

    def refused(self, text: Text | Bilingual) -> ConfirmForm:
        """The form with the reason why nothing was compared."""
        self.form_errors.append(text)
        return self
