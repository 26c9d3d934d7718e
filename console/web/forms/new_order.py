"""What is to be filed, and what each type of order has to know before it starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.widgets import NumberInput

from console.rules.checks.filing import EMPTY_SHELL, MOBILE_CHANGED
from console.rules.filing import FilingType, ServiceKind
from console.rules.icp_numbers import parse_icp_number
from console.rules.text import T, Text
from console.web.filters import say
from console.web.forms.entity import PROVINCE_NAMES
from console.web.forms.fields import CodeField, SelectField, StringField

# What each type of order is for, in the words of someone who does not know the field.
PURPOSES: dict[FilingType, Text] = {
    FilingType.FIRST_FILING: T("The entity has no ICP number yet. Files it with its websites."),
    FilingType.ADD_SERVICE: T("The entity has an ICP number. Files another website or app."),
    FilingType.ADD_PROVIDER: T(
        "The website is filed through another provider. Adds this provider, or moves to it."
    ),
    FilingType.CHANGE: T("Something filed has changed: a name, a leader, a number, an address."),
    FilingType.CANCEL_ENTITY: T("Gives up the ICP number with all its websites and apps."),
    FilingType.CANCEL_SERVICE: T("Gives up one website or app; the ICP number stays."),
    FilingType.CANCEL_ACCESS: T("The website has left this provider; its filing stays."),
}
DIGITS = re.compile(r"[0-9]{1,4}")
OFF = {"autocomplete": "off", "spellcheck": "false"}
YES_NO = {"no": T("No"), "yes": T("Yes")}


class CountField(wtforms.Field):  # type: ignore[misc]
    """How many: digits; anything else is an error that keeps what was typed."""

    widget = NumberInput(min=0)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; nothing typed is none."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = int(self.typed) if DIGITS.fullmatch(self.typed) else 0 if not self.typed else -1

    def _value(self) -> str:
        return getattr(self, "typed", None) or str(self.data or 0)


class CountsForm(wtforms.Form):  # type: ignore[misc]
    """Counts of what a new order files."""

    websites = CountField(
        _l("Websites"),
        default=1,
        description=_l("One for each domain."),
        render_kw={"class": "form-control input-count", "inputmode": "numeric"},
    )
    apps = CountField(
        _l("Apps"),
        default=0,
        description=_l("One app counts once, whatever platforms it runs on."),
        render_kw={"class": "form-control input-count", "inputmode": "numeric"},
    )

    def kinds(self) -> tuple[ServiceKind, ...]:
        """One for each service, websites first."""
        websites, apps = max(0, self.websites.data), max(0, self.apps.data)
        return (ServiceKind.WEBSITE,) * min(websites, 100) + (ServiceKind.APP,) * min(apps, 100)

    def attach(self, most: int) -> None:
        """Put what is wrong with the counts to their fields."""
        self.websites.errors, self.apps.errors = [], []
        for field in (self.websites, self.apps):
            if field.data < 0:
                field.errors.append(T("Enter a number, as in 1."))
        if self.wrong:
            return
        if not self.kinds():
            self.websites.errors.append(T("Enter at least one website or app to file."))
        elif len(self.kinds()) > most:
            message = T("An order holds at most %(most)s services.", most=most)
            self.websites.errors.append(message)

    @property
    def wrong(self) -> list[Any]:
        """The fields with errors."""
        return [field for field in self if field.errors]

    @property
    def problems(self) -> list[tuple[str, object]]:
        """What is wrong, each with its field's id."""
        return [(field.id, error) for field in self.wrong for error in field.errors]


class NewOrderForm(CountsForm):
    """What the first page asks; `type` and `key` are read by the view."""

    # Only to say beforehand who must verify, where the book in force is not so everywhere.
    province = SelectField(
        _l("Province of the entity"),
        PROVINCE_NAMES,
        description=_l("Only to show who must verify; the order itself asks for it later."),
    )


class _Question(wtforms.RadioField):  # type: ignore[misc]
    """Yes or no, neither beforehand."""

    def __init__(self, label: object, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **kwargs)
        self.type = "RadioField"
        self.choices = [(code, say(answer)) for code, answer in YES_NO.items()]


class AddProviderForm(wtforms.Form):  # type: ignore[misc]
    """What names a filing made through another provider, and the book's two questions."""

    icp_number = StringField(
        _l("ICP number"),
        description=_l(
            "Of the website or app, as in 浙ICP备2026000001号-1; of the entity for all."
        ),
        render_kw=OFF,
    )
    certificate_number = CodeField(
        _l("Certificate number of the entity"),
        description=_l("As it was filed: only who knows it is shown anything."),
        render_kw=OFF,
    )
    mobile_changed = _Question(
        _l("Has a leader's mobile number changed since it was filed?"), name="mobile-changed"
    )
    empty_shell = _Question(
        _l("Is the website without any provider now?"),
        name="empty-shell",
        description=_l("Called an empty shell: the earlier provider has taken itself off."),
    )

    def __init__(self, sent: Any, asked: bool) -> None:
        super().__init__(sent)
        self.asked = asked
        for field in self:
            field.errors = []

    def attach(self) -> None:
        """Put what is missing to its field."""
        if parse_icp_number(self.icp_number.data) is None:
            self.icp_number.errors.append(
                T("Enter the ICP number, as in 浙ICP备2026000001号 or 浙ICP备2026000001号-1.")
            )
        if not self.certificate_number.data:
            self.certificate_number.errors.append(T("Enter the entity's certificate number."))
        if self.asked:
            for question in (self.mobile_changed, self.empty_shell):
                if question.data not in YES_NO:
                    question.errors.append(T("Answer yes or no."))

    def number(self) -> str:
        """The ICP number as it is printed."""
        return str(parse_icp_number(self.icp_number.data) or "")

    def answers(self) -> dict[str, bool]:
        """The answers to the book's questions; none where it has none."""
        if not self.asked:
            return {}
        return {
            MOBILE_CHANGED: self.mobile_changed.data == "yes",
            EMPTY_SHELL: self.empty_shell.data == "yes",
        }

    @property
    def wrong(self) -> list[Any]:
        """The fields with errors."""
        return [field for field in self if field.errors]

    @property
    def problems(self) -> list[tuple[str, object]]:
        """What is wrong, each with its field's id."""
        return [(field.id, error) for field in self.wrong for error in field.errors]
