"""What the checks give back, and the sources they go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import is_normalized

from console.rules.bilingual import Bilingual
from console.rules.strings import has_invisible
from console.rules.text import T, Text

REFUSE, WARN = "refuse", "warn"

# Where a check comes from.
FORM = T("the ministry's form dictionary, 2026-11")
GUIDES = T("providers' public filing guides, 2026-11")
ID_NUMBERS = T("GB 11643, check digit of resident ID numbers")
CREDIT_CODES = T("GB 32100, unified social credit codes")
NUMBERING = T("the numbering plan of mainland China, by phonenumbers")
SUFFIXES = T("the Public Suffix List")
RULEBOOKS = T("the rulebook in force")
ONE_MOBILE_ONE_PERSON = T("decision 5: one mobile number is one person")


@dataclass(frozen=True)
class Finding:
    """Something about one field. `service`: the position of the service it is about, if any.

    `field` is the HTML name, `severity` "refuse" or "warn"; the message says what to enter.
    """

    field: str
    severity: str
    message: Text | Bilingual
    source: Text | Bilingual
    service: int | None = None


@dataclass(frozen=True)
class Collector:
    """Makes findings about one form: its prefix and the service it belongs to."""

    prefix: str
    service: int | None = None

    def refuse(
        self, field: str, message: Text | Bilingual, source: Text | Bilingual = GUIDES
    ) -> Finding:
        """A finding that stops the order."""
        return Finding(f"{self.prefix}-{field}", REFUSE, message, source, self.service)

    def warn(
        self, field: str, message: Text | Bilingual, source: Text | Bilingual = GUIDES
    ) -> Finding:
        """A finding that the applicant and the reviewer should look at."""
        return Finding(f"{self.prefix}-{field}", WARN, message, source, self.service)

    def missing(self, values: Mapping[str, object], messages: Mapping[str, Text]) -> list[Finding]:
        """A refusal for each field of `messages` that is empty."""
        return [
            self.refuse(field, message, FORM)
            for field, message in messages.items()
            if not values[field]
        ]


# Fields that may run over several lines.
LINES = ("remarks", "sdks")


def shape(
    collector: Collector, values: Mapping[str, str], limits: Mapping[str, int], kind: str
) -> list[Finding]:
    """Refuse texts that are too long, not composed, or hold characters nobody can see."""
    found = []
    for field, text in values.items():
        limit = limits[f"{kind}-{field}"]
        if len(text) > limit:
            found.append(
                collector.refuse(
                    field, T("Enter at most %(limit)d characters here.", limit=limit), FORM
                )
            )
        elif has_invisible(text, lines=field in LINES) or not is_normalized("NFC", text):
            found.append(
                collector.refuse(
                    field,
                    T("Type this anew: it holds characters that cannot be seen, or in parts."),
                )
            )
    return found


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order, each once."""
    found: list[Finding] = []
    for finding in findings:
        if finding not in found:
            found.append(finding)
    return found


def clean(fields: Iterable[Finding], field: str) -> bool:
    """Whether nothing refuses this field yet."""
    return not any(f.field.endswith(f"-{field}") and f.severity == REFUSE for f in fields)
