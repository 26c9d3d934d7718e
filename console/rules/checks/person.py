"""Checks of a leader."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from email_validator import EmailNotValidError, validate_email

from console.rules.checks.certificates import (
    CHECKED,
    birth_day,
    person_number_problem,
    plain,
)
from console.rules.checks.finding import (
    FORM,
    GUIDES,
    ID_NUMBERS,
    NUMBERING,
    Collector,
    Finding,
    clean,
    shape,
)
from console.rules.checks.limits import LIMITS
from console.rules.codes import PERSON_CERTIFICATES
from console.rules.filing import Person
from console.rules.mobiles import is_mobile, is_phone, normalise_phone
from console.rules.strings import has_digit, only_latin_or_digits
from console.rules.text import T, Text

# These name people who may have no Chinese name.
FOREIGN = ("passport", "foreigner-permanent-residence")

_MISSING: dict[str, Text] = {
    "name": T("Enter the person's name as on the certificate."),
    "certificate_type": T("Choose the kind of certificate."),
    "certificate_number": T("Enter the certificate number."),
    "valid_from": T("Enter the day from which the certificate is valid."),
    "mobile": T("Enter a mobile number of mainland China; the code is sent to it."),
    "emergency_phone": T("Enter an emergency phone that differs from the mobile number."),
    "email": T("Enter an e-mail address."),
}
# What verification needs of someone who is filed already.
CONTACT = ("certificate_number", "mobile")


def check_person(
    person: Person,
    prefix: str,
    today: date,
    service: int | None = None,
    *,
    contact_only: bool = False,
) -> list[Finding]:
    """The findings about a leader; `prefix` is "entity_leader" or "website_leader".

    `contact_only`: for a cancellation only what verification needs is looked at.
    """
    form = Collector(prefix, service)
    values = vars(person)
    if contact_only:
        found = form.missing(values, {name: _MISSING[name] for name in CONTACT})
        return found + _mobile(person, form)
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    found = form.missing(values, _MISSING) + shape(form, texts, LIMITS, "person")
    for look in (_name, _mobile, _emergency_phone, _email):
        found += look(person, form)
    return found + _certificate(person, form, today, found) + _validity(person, form, today)


def _name(person: Person, form: Collector) -> list[Finding]:
    if person.name and (
        has_digit(person.name)
        or (only_latin_or_digits(person.name) and person.certificate_type not in FOREIGN)
    ):
        return [
            form.refuse(
                "name",
                T("Enter the name in Chinese characters, without digits, as on the certificate."),
            )
        ]
    return []


def _mobile(person: Person, form: Collector) -> list[Finding]:
    if person.mobile and not is_mobile(person.mobile):
        return [
            form.refuse(
                "mobile",
                T("Enter a mobile number of mainland China: 11 digits that begin with 1."),
                NUMBERING,
            )
        ]
    return []


def _emergency_phone(person: Person, form: Collector) -> list[Finding]:
    if not person.emergency_phone:
        return []
    if not is_phone(person.emergency_phone):
        return [
            form.refuse(
                "emergency_phone",
                T("Enter a mobile number, or a landline with its area code as in 010-88886666."),
                NUMBERING,
            )
        ]
    if normalise_phone(person.emergency_phone) == normalise_phone(person.mobile):
        return [
            form.refuse(
                "emergency_phone", T("Enter another number here than the mobile number."), FORM
            )
        ]
    return []


def _email(person: Person, form: Collector) -> list[Finding]:
    if not person.email or len(person.email) > LIMITS["person-email"]:
        return []
    try:
        validate_email(person.email, check_deliverability=False)
    except EmailNotValidError:
        return [form.refuse("email", T("Enter an e-mail address, as in name@example.cn."))]
    return []


def _certificate(
    person: Person, form: Collector, today: date, so_far: list[Finding]
) -> list[Finding]:
    kind, number = person.certificate_type, person.certificate_number
    if kind and kind not in PERSON_CERTIFICATES:
        return [form.refuse("certificate_type", T("Choose one of the certificates listed."), FORM)]
    if not kind or not number or not clean(so_far, "certificate_number"):
        return []
    problem = person_number_problem(kind, number, today)
    if problem is not None:
        return [form.refuse("certificate_number", problem, ID_NUMBERS if kind in CHECKED else FORM)]
    birth = birth_day(plain(number)) if kind in CHECKED else None
    if birth is not None and _years_on(birth, 18) > today:
        return [
            form.warn(
                "certificate_number",
                T("This person is under 18. Name an adult as leader if that is not meant."),
            )
        ]
    return []


def _years_on(day: date, years: int) -> date:
    """The same day years later; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _months_on(day: date, months: int) -> date:
    """The same day months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _validity(person: Person, form: Collector, today: date) -> list[Finding]:
    found = []
    if person.valid_from is not None and person.valid_from > today:
        found.append(
            form.refuse("valid_from", T("Enter a day not after today; the certificate must hold."))
        )
    if person.long_term:
        return found
    end = person.valid_to
    if end is None:
        found.append(
            form.refuse(
                "valid_to", T("Enter the last day of validity, or mark it long-term."), FORM
            )
        )
    elif person.valid_from is not None and end <= person.valid_from:
        found.append(form.refuse("valid_to", T("Enter a last day after the first day.")))
    elif end < today:
        found.append(
            form.refuse(
                "valid_to", T("This certificate has ended. Enter the new one's number and dates.")
            )
        )
    elif end < _months_on(today, 3):
        found.append(
            form.warn(
                "valid_to",
                T("This certificate ends within 3 months, on %(day)s; renew it first.", day=end),
                GUIDES,
            )
        )
    return found
