"""What differs between two rounds of an order, field by field, for a reviewer's eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from console.rules.bilingual import Bilingual
from console.rules.changes import Difference, differences
from console.rules.codes import (
    ACCESS_MODES,
    CONTENT_TYPES,
    LANGUAGES,
    NATURES,
    PLATFORMS,
    PRE_APPROVALS,
    certificate_label,
)
from console.rules.filing import Filing, Platform
from console.rules.masking import mask_certificate, mask_email, mask_mobile, mask_name
from console.rules.provinces import PROVINCES
from console.rules.text import T, Text
from console.web.field_words import where
from console.web.filing_view import HIDDEN

Word = Text | Bilingual | str


@dataclass(frozen=True)
class Change:
    """One answer before and now. `masked`: the two may look alike and still differ."""

    field: str
    service: int | None
    part: Word
    label: Word
    before: tuple[Word, ...]
    now: tuple[Word, ...]
    masked: bool

    @property
    def point(self) -> str:
        """The field as a return names it."""
        return self.field if self.service is None else f"{self.field}:{self.service}"


NAMES: Mapping[str, Mapping[str, Any]] = {
    "nature": NATURES,
    "access_mode": ACCESS_MODES,
    "content_types": CONTENT_TYPES,
    "languages": LANGUAGES,
    "pre_approval_kind": PRE_APPROVALS,
    "province": {code: one.name for code, one in PROVINCES.items()},
    "server_province": {code: one.name for code, one in PROVINCES.items()},
}
OF_A_PERSON: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "certificate_number": mask_certificate,
    "mobile": mask_mobile,
    "emergency_phone": mask_mobile,
    "email": mask_email,
}
OF_AN_INDIVIDUAL: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "certificate_number": mask_certificate,
    "certificate_address": lambda _text: HIDDEN,
    "contact_address": lambda _text: HIDDEN,
    "superior_unit": mask_name,
}


def changes(before: Filing, now: Filing, full: bool = False) -> list[Change]:
    """Every answer that differs, in the order of the forms, and services taken off."""
    alone = "individual" in (before.entity.nature, now.entity.nature)
    found = [_change(one, alone, full) for one in differences(before, now)]
    kept = {service.position for service in now.services}
    gone = [service for service in before.services if service.position not in kept]
    for service in gone:
        part, label = where("filing-services")
        was = (service.domain or service.name,)
        found.append(Change("filing-services", service.position, part, label, was, (), False))
    return found


def _change(one: Difference, alone: bool, full: bool) -> Change:
    part, label = where(one.field)
    mask = None if full else _mask(one.field, alone)

    def shown(value: Any) -> tuple[Word, ...]:
        return tuple(
            mask(word) if mask and isinstance(word, str) else word
            for word in _words(one.field.partition("-")[2], value)
        )

    return Change(
        field=one.field,
        service=one.service,
        part=part,
        label=label,
        before=shown(one.old),
        now=shown(one.new),
        masked=mask is not None,
    )


def _mask(field: str, alone: bool) -> Callable[[str], str] | None:
    part, _, name = field.partition("-")
    if part in ("entity_leader", "website_leader"):
        return OF_A_PERSON.get(name)
    return OF_AN_INDIVIDUAL.get(name) if part == "entity" and alone else None


def _words(name: str, value: Any) -> tuple[Word, ...]:
    if value in ("", None, (), False):
        return ()
    if value is True:
        return (T("yes"),)
    if isinstance(value, (tuple, frozenset)):
        return tuple(word for item in value for word in _words(name, item))
    if isinstance(value, date):
        return (value.isoformat(),)
    if isinstance(value, Platform):
        return (PLATFORMS.get(value.system, value.system), value.package_name, value.fingerprint)
    if name == "certificate_type":
        return (certificate_label(value),)
    return (NAMES.get(name, {}).get(value, str(value)),)
