"""Checks of the entity."""

from __future__ import annotations

import re
from datetime import date

from console.rules.checks.certificates import (
    CREDIT_CODE_STARTS,
    credit_code_problem,
    person_number_problem,
    plain,
)
from console.rules.checks.finding import CREDIT_CODES, FORM, ID_NUMBERS, Collector, Finding, shape
from console.rules.checks.limits import LIMITS
from console.rules.codes import CERTIFICATES_OF, NATURES
from console.rules.filing import Entity
from console.rules.icp_numbers import parse_icp_number
from console.rules.provinces import PROVINCES
from console.rules.strings import only_latin_or_digits
from console.rules.text import T, Text

_MISSING: dict[str, Text] = {
    "name": T("Enter the entity's name as on its certificate."),
    "nature": T("Choose what kind of entity it is."),
    "certificate_type": T("Choose the kind of certificate."),
    "certificate_number": T("Enter the certificate number."),
    "certificate_address": T("Enter the address as printed on the certificate."),
    "province": T("Choose the province."),
    "city": T("Enter the city."),
    "contact_address": T("Enter the contact address, from the street to the door number."),
}

# Words of an address that stand behind a number at its end: house, room, floor, building, unit.
_DOOR = re.compile(
    r"[0-9０-９一二三四五六七八九十百零〇]+\s*(?:号|室|楼|栋|幢|座|单元|层|弄|组|户)"
)
_LATIN_DOOR = re.compile(
    r"\b(?:no\.?|room|unit|floor|building)\s*[0-9]+|^\s*[0-9]+[a-z]?,?\s+[a-z]", re.IGNORECASE
)
_SUFFIX = r"(?:省|(?:回族|壮族|维吾尔)?自治区)"
MUNICIPALITIES = ("BJ", "TJ", "SH", "CQ")


def check_entity(entity: Entity, today: date) -> list[Finding]:
    """The findings about the entity as it is filled in."""
    form = Collector("entity")
    values: dict[str, str] = vars(entity)
    found = form.missing(values, _MISSING) + shape(form, values, LIMITS, "entity")
    found += _name(entity, form) + check_province(entity, form)
    found += _certificate(entity, form, today) + _addresses(entity, form)
    if entity.nature and entity.nature != "individual" and not entity.superior_unit:
        found.append(
            form.warn("superior_unit", T("Enter the superior unit or the investor, if any."), FORM)
        )
    return found


def check_filed_entity(entity: Entity) -> list[Finding]:
    """The findings about an entity that must be filed already: its ICP number and province."""
    form = Collector("entity")
    number = parse_icp_number(entity.icp_number)
    found = check_province(entity, form)
    if not entity.province:
        found += form.missing(vars(entity), {"province": _MISSING["province"]})
    if number is None or number.position is not None:
        found.append(
            form.refuse(
                "icp_number",
                T("Enter the entity's ICP number, as in 京ICP备2026000001号."),
                FORM,
            )
        )
    return found


def check_province(entity: Entity, form: Collector) -> list[Finding]:
    """Refuse a province that is none of the 31."""
    if entity.province and entity.province not in PROVINCES:
        return [form.refuse("province", T("Choose one of the 31 provinces listed."), FORM)]
    return []


def _name(entity: Entity, form: Collector) -> list[Finding]:
    if entity.name and only_latin_or_digits(entity.name) and entity.nature != "individual":
        return [
            form.refuse(
                "name",
                T(
                    "Enter the name in Chinese as on the certificate; Latin letters or digits"
                    " alone are no name."
                ),
            )
        ]
    return []


def _certificate(entity: Entity, form: Collector, today: date) -> list[Finding]:
    nature, kind, number = entity.nature, entity.certificate_type, entity.certificate_number
    if nature and nature not in NATURES:
        return [form.refuse("nature", T("Choose one of the kinds of entity listed."), FORM)]
    if nature and kind and kind not in CERTIFICATES_OF[nature]:
        return [
            form.refuse(
                "certificate_type",
                T("Choose a certificate that this kind of entity can have."),
                FORM,
            )
        ]
    if not nature or not kind or not number or len(number) > LIMITS["entity-certificate_number"]:
        return []
    if nature == "individual":
        problem = person_number_problem(kind, number, today)
        return [form.refuse("certificate_number", problem, ID_NUMBERS)] if problem else []
    return _credit_code(entity, form)


def _credit_code(entity: Entity, form: Collector) -> list[Finding]:
    starts = CREDIT_CODE_STARTS.get(entity.nature)
    if starts is None:  # the military has numbers of its own
        return []
    problem = credit_code_problem(entity.certificate_number)
    if problem is not None:
        return [form.refuse("certificate_number", problem, CREDIT_CODES)]
    if not plain(entity.certificate_number).startswith(starts):
        return [
            form.warn(
                "certificate_number",
                T(
                    "Credit codes of this kind of entity begin with %(starts)s; compare the two.",
                    starts=", ".join(starts),
                ),
                CREDIT_CODES,
            )
        ]
    return []


def down_to_the_door(address: str) -> bool:
    """Whether an address seems to reach a door number: a guess, so only good for a warning."""
    return bool(_DOOR.search(address) or _LATIN_DOOR.search(address))


def begins_with_province(address: str, province: str) -> bool:
    """Whether an address repeats the entity's province: 浙江省杭州市…, 上海市…, 广西壮族自治区…

    吉林市 is a city, so the plain 市 counts for the four municipalities only.
    """
    if province not in PROVINCES:
        return False
    name = PROVINCES[province].name.zh
    suffix = "市" if province in MUNICIPALITIES else _SUFFIX
    return re.match(name + suffix, address.strip()) is not None


def _addresses(entity: Entity, form: Collector) -> list[Finding]:
    found = []
    for field in ("certificate_address", "contact_address"):
        address: str = getattr(entity, field)
        # The guess takes time that grows with the square of the length.
        short = len(address) <= LIMITS[f"entity-{field}"]
        if address and short and not down_to_the_door(address):
            found.append(
                form.warn(field, T("Enter the address down to the door number, if there is one."))
            )
    if begins_with_province(entity.contact_address, entity.province):
        found.append(
            form.refuse(
                "contact_address",
                T("Leave the province out here; it is chosen above."),
                FORM,
            )
        )
    return found
