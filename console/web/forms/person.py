"""A leader."""

from __future__ import annotations

import wtforms
from flask_babel import lazy_gettext as _l

from console.rules.codes import LEADER_LANGUAGES, PERSON_CERTIFICATES
from console.rules.filing import Person
from console.web.forms.fields import (
    BooleanField,
    CodeField,
    DateField,
    EmailField,
    LanguageField,
    PhoneField,
    SelectField,
    StringField,
)

# Of other people: the browser must not offer the applicant's own.
OFF = {"autocomplete": "off"}


class PersonForm(wtforms.Form):  # type: ignore[misc]
    """The fields `entity_leader-…` and `website_leader-…`."""

    name = StringField(_l("Full name"), render_kw=OFF, description=_l("As on the certificate."))
    certificate_type = SelectField(_l("Kind of certificate"), PERSON_CERTIFICATES)
    certificate_number = CodeField(
        _l("Certificate number"),
        render_kw=OFF | {"spellcheck": "false"},
        description=_l("Its last six characters are asked for when the person verifies."),
    )
    valid_from = DateField(_l("Valid from"))
    valid_to = DateField(_l("Valid to"))
    long_term = BooleanField(_l("Valid long-term, with no last day"))
    mobile = PhoneField(
        _l("Mobile number"),
        render_kw=OFF | {"inputmode": "tel"},
        description=_l("A mainland number. The ministry texts the code to it: keep it at hand."),
    )
    emergency_phone = PhoneField(
        _l("Emergency phone"),
        render_kw=OFF | {"inputmode": "tel"},
        description=_l("Another number than the mobile; a landline with its area code will do."),
    )
    email = EmailField(_l("E-mail address"), render_kw=OFF)
    language = LanguageField(
        _l("Language this person reads"),
        LEADER_LANGUAGES,
        description=_l("Our mails to them and their own page come in it; they can change it."),
    )

    def person(self) -> Person:
        """What was typed. What holds long-term has no last day."""
        data = dict(self.data)
        if data["long_term"]:
            data["valid_to"] = None
        return Person(**data)
