"""Who files."""

from __future__ import annotations

from dataclasses import fields

import wtforms
from flask_babel import lazy_gettext as _l

from console.rules.codes import ENTITY_CERTIFICATES, NATURES, PERSON_CERTIFICATES
from console.rules.filing import Entity
from console.rules.provinces import PROVINCES
from console.rules.text import T
from console.web.forms.fields import (
    CodeField,
    GroupedSelectField,
    SelectField,
    StringField,
    TextAreaField,
)

PROVINCE_NAMES = {code: province.name for code, province in PROVINCES.items()}
CERTIFICATES = (
    (T("Of an organisation"), ENTITY_CERTIFICATES),
    (T("Of an individual"), PERSON_CERTIFICATES),
)


class EntityForm(wtforms.Form):  # type: ignore[misc]
    """The fields `entity-…`."""

    name = StringField(
        _l("Name"), description=_l("Exactly as on the certificate, in Chinese characters.")
    )
    nature = SelectField(_l("Kind of entity"), NATURES)
    certificate_type = GroupedSelectField(_l("Kind of certificate"), CERTIFICATES)
    certificate_number = CodeField(
        _l("Certificate number"),
        description=_l("For a business licence, the 18 characters of the credit code."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    certificate_address = StringField(
        _l("Address on the certificate"), description=_l("Word for word as it is printed there.")
    )
    province = SelectField(
        _l("Province"),
        PROVINCE_NAMES,
        description=_l("The administration of this province reviews the filing."),
    )
    city = StringField(_l("City"))
    district = StringField(_l("District or county"))
    contact_address = StringField(
        _l("Contact address"),
        description=_l("Without the province, from the street down to the door number."),
    )
    superior_unit = StringField(
        _l("Superior unit or investor"),
        description=_l("Leave it empty for an individual."),
    )
    remarks = TextAreaField(_l("Remarks (optional)"), render_kw={"rows": 3})

    def entity(self) -> Entity:
        """What was typed."""
        asked = {field.name for field in fields(Entity)} & set(self.data)
        return Entity(**{name: self.data[name] for name in asked})
