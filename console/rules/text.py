"""Sentences for people, made where the rule is known and translated where the page is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """An English template (the catalogue's msgid) and the values that fill its `%(name)s`.

    A value may itself be a Text; whoever shows it translates inside out.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English, for logs and the command line."""
        return self.template % self.values if self.values else self.template


def T(template: str, **values: object) -> Text:
    """Mark a literal for the catalogue and keep what fills it."""
    return Text(template, values)
