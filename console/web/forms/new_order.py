"""What is to be filed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.widgets import NumberInput

from console.rules.filing import FilingType, ServiceKind
from console.rules.text import T, Text

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


class CountField(wtforms.Field):  # type: ignore[misc]
    """How many: digits; anything else is an error that keeps what was typed."""

    widget = NumberInput(min=0)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; nothing typed is none."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = int(self.typed) if DIGITS.fullmatch(self.typed) else 0 if not self.typed else -1

    def _value(self) -> str:
        return getattr(self, "typed", None) or str(self.data or 0)


class NewOrderForm(wtforms.Form):  # type: ignore[misc]
    """Counts of what a new order files; `type` and `key` are read by the view."""

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
        return [field for field in (self.websites, self.apps) if field.errors]
