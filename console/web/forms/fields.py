"""Fields that read what was typed into plain data, and show it again as it was typed.

Reading is all they do: trim, compose (NFC), split lists. No rule of a filing is repeated here.
The names of some classes are those that the templates tell kinds of field by.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext as _
from wtforms.fields.choices import Choice
from wtforms.widgets import CheckboxInput, DateInput, EmailInput, ListWidget, TelInput

from console.errors import Invalid
from console.rules.checks import LIMITS, parse_domain
from console.rules.domains import u_label
from console.rules.mobiles import normalise_phone
from console.rules.strings import tidy
from console.rules.text import T, Text
from console.web.filters import say

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BETWEEN_ADDRESSES = re.compile(r"[\s,，、;；]+")
# Controls but the ends of lines and tabs, surrogates, and the code points that are none: 32 in
# one row, and the last two of each of the 17 planes (Unicode 16, sections 23.1, 23.6 and 23.7).
UNPRINTABLE = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr((plane << 16) + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
LONGEST_PHONE = LIMITS["person-mobile"]


def printable(text: str) -> str:
    """The text without what no page can hold: controls, half surrogates, code points of nothing."""
    return UNPRINTABLE.sub("", text)


class StringField(wtforms.StringField):  # type: ignore[misc]
    """One line, trimmed and composed. Of a name sent twice only the first counts."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the line."""
        self.data = self.read(valuelist[0] if valuelist else "")

    def read(self, typed: str) -> str:
        """The value behind what was typed."""
        return tidy(typed)

    def _value(self) -> str:
        return printable(self.data or "")


class TextAreaField(StringField):
    """Several lines; browsers end them as networks do, we as files do."""

    widget = wtforms.widgets.TextArea()

    def read(self, typed: str) -> str:
        """The lines, whatever ended them."""
        return tidy(typed.replace("\r\n", "\n"))


class CodeField(StringField):
    """A number with letters, however it was spaced: half-width, upper case."""

    def read(self, typed: str) -> str:
        """The number without spaces."""
        return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


class PhoneField(StringField):
    """A phone number, kept as its national digits where it is one."""

    widget = TelInput()

    def read(self, typed: str) -> str:
        """The digits; what is far too long to be a number stays as it is."""
        text = tidy(typed)
        return normalise_phone(text) if len(text) <= 2 * LONGEST_PHONE else text


class EmailField(StringField):
    """An address."""

    widget = EmailInput()


class DomainField(StringField):
    """A domain, kept as an A-label and shown in its own script."""

    def read(self, typed: str) -> str:
        """The A-label; what is no domain stays as it was typed."""
        try:
            return parse_domain(typed)
        except Invalid:
            return tidy(typed)

    def _value(self) -> str:
        return printable(u_label(self.data)) if self.data else ""


class AddressesField(wtforms.Field):  # type: ignore[misc]
    """Several addresses, one a line or with commas between them."""

    widget = wtforms.widgets.TextArea()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the addresses, each once."""
        parts = BETWEEN_ADDRESSES.split(unicodedata.normalize("NFKC", "\n".join(valuelist[:1])))
        self.data = tuple(dict.fromkeys(part for part in parts if part))

    def _value(self) -> str:
        return printable("\n".join(self.data or ()))


class DateField(wtforms.Field):  # type: ignore[misc]
    """A day, typed as year-month-day."""

    widget = DateInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day. What cannot be read is an error that keeps what was typed."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        self.typed = typed
        if not typed:
            return
        try:
            if not ISO_DAY.fullmatch(typed):
                raise ValueError(typed)
            self.data = date.fromisoformat(typed)
        except ValueError:
            message = _("Enter a day as year-month-day, as in 2026-01-31.")
            raise ValueError(message) from None

    def _value(self) -> str:
        return self.data.isoformat() if self.data else printable(getattr(self, "typed", ""))


class BooleanField(wtforms.BooleanField):  # type: ignore[misc]
    """A box to tick."""


class SelectField(wtforms.SelectField):  # type: ignore[misc]
    """One of a closed list. A code that is not on it is kept for the checks to refuse."""

    def __init__(self, label: object, listed: Mapping[str, object], **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(label, validate_choice=False, **kwargs)

    def iter_choices(self) -> list[Choice]:
        """The list in the reader's language, after an empty line."""
        return [self._nothing(), *self._options(self.listed)]

    def has_groups(self) -> bool:
        """The lists have no groups unless a field says so."""
        return False

    def process_data(self, value: object) -> None:
        """Take the stored code."""
        self.data = str(value or "")

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the code."""
        self.data = valuelist[0].strip() if valuelist else ""

    def _nothing(self) -> Choice:
        return Choice("", say(T("Choose …")), not self.data, {})

    def _options(self, listed: Mapping[str, object]) -> list[Choice]:
        return [Choice(code, say(name), code == self.data, {}) for code, name in listed.items()]


class LanguageField(SelectField):
    """A language of a closed list; the first where nothing was sent, and no empty line."""

    def __init__(self, label: object, listed: Mapping[str, object], **kwargs: Any) -> None:
        super().__init__(label, listed, **kwargs)
        self.type = "SelectField"

    def iter_choices(self) -> list[Choice]:
        """The list in the reader's language."""
        return self._options(self.listed)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the code."""
        super().process_formdata(valuelist or [next(iter(self.listed))])


class GroupedSelectField(SelectField):
    """A closed list in groups, each headed by what it belongs to."""

    def __init__(
        self, label: object, groups: Sequence[tuple[Text, Mapping[str, object]]], **kwargs: Any
    ) -> None:
        self.groups = groups
        listed = {code: name for _heading, group in groups for code, name in group.items()}
        super().__init__(label, listed, **kwargs)
        self.type = "SelectField"

    def has_groups(self) -> bool:
        """This one has."""
        return True

    def iter_groups(self) -> list[tuple[str | None, list[Choice]]]:
        """The groups in the reader's language, after an empty line."""
        groups = [(say(heading), self._options(group)) for heading, group in self.groups]
        return [(None, [self._nothing()]), *groups]


class MultiCheckboxField(wtforms.SelectMultipleField):  # type: ignore[misc]
    """Some of a closed list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: object, listed: Mapping[str, object], **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(label, validate_choice=False, **kwargs)

    def iter_choices(self) -> list[Choice]:
        """The list in the reader's language."""
        ticked = self.data or ()
        return [Choice(code, say(name), code in ticked, {}) for code, name in self.listed.items()]

    def process_data(self, value: Sequence[str] | None) -> None:
        """Take the stored codes."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the codes, each once."""
        self.data = tuple(dict.fromkeys(valuelist))
