"""The form that asks who must verify: an order in outline, sent by GET."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from console.rules.filing import FilingType, ServiceKind
from console.rules.labels import CHANGES, FILING_TYPES
from console.rules.provinces import PROVINCES
from console.rules.verifiers import OrderFacts
from console.web.filters import say
from console.web.who_view import order_facts

MOST = 20
_COUNT = _l("Enter a whole number from 0 to 20.")
_DAY = _l("Enter a day that exists, as year-month-day, such as 2026-11-21.")


def _completed(sent: MultiDict[str, str] | None, today: date) -> MultiDict[str, str]:
    usual = {
        "type": FilingType.FIRST_FILING.value,
        "websites": "1",
        "apps": "0",
        "province": next(iter(PROVINCES)),
        "day": today.isoformat(),
    }
    completed = MultiDict(sent or {})
    for name, value in usual.items():
        completed.setdefault(name, value)
    return completed


class DayField(DateField):  # type: ignore[misc]
    """A calendar day; what cannot be read stays in the field, and the message says what to do."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError for what is no day."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(_DAY) from None


class CountField(IntegerField):  # type: ignore[misc]
    """A whole number; as DayField."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError for what is none, or is out of range."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_COUNT) from None
        if self.data is not None and not 0 <= self.data <= MOST:
            raise ValueError(_COUNT)


class WhoForm(FlaskForm):  # type: ignore[misc]
    """An order in outline. Nothing is kept of it, so it needs no token."""

    class Meta:
        """Sent by GET."""

        csrf = False

    type = SelectField(_l("Filing type"))
    changes = SelectMultipleField(
        _l("What changes"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    websites = CountField(_l("Websites"), [InputRequired(_COUNT)])
    apps = CountField(_l("Apps"), [InputRequired(_COUNT)])
    province = SelectField(_l("Province of the entity"))
    day = DayField(
        _l("Day in China"),
        [InputRequired(_DAY)],
        description=_l("On which the ministry receives the order."),
    )
    same_mobile = BooleanField(_l("All leaders have the same mobile number"))

    def __init__(self, sent: MultiDict[str, str] | None, today: date) -> None:
        """Take what was sent; what was not sent at all is as in a new form."""
        super().__init__(formdata=_completed(sent, today))
        for field, choices in ((self.type, FILING_TYPES), (self.changes, CHANGES)):
            field.choices = [(str(code), say(label)) for code, label in choices.items()]
            field.validate_choice = False  # below, with a message that says what to choose
        self.province.choices = [(code, say(p.name)) for code, p in PROVINCES.items()]
        self.province.validate_choice = False

    def validate_type(self, field: SelectField) -> None:
        """One of the seven."""
        if field.data not in FILING_TYPES:
            raise ValidationError(_l("Choose the filing type."))

    def validate_province(self, field: SelectField) -> None:
        """One of the 31."""
        if field.data not in PROVINCES:
            raise ValidationError(_l("Choose the province of the entity."))

    def validate_apps(self, field: IntegerField) -> None:
        """Every order is about something."""
        if field.data == 0 and self.websites.data == 0:
            raise ValidationError(_l("Enter at least one website or app."))

    def facts(self) -> OrderFacts:
        """The order in outline; only once the form is valid."""
        kinds = [ServiceKind.WEBSITE] * self.websites.data + [ServiceKind.APP] * self.apps.data
        return order_facts(
            FilingType(self.type.data),
            self.province.data,
            self.day.data,
            kinds,
            self.changes.data or (),
            self.same_mobile.data,
        )
