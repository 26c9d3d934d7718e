"""Whether the number of a certificate can be one of its kind."""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from console.rules.text import T, Text

_SHAPES: dict[str, tuple[re.Pattern[str], Text]] = {
    "passport": (
        re.compile(r"[A-Z0-9]{5,17}"),
        T("Enter the passport number: 5 to 17 letters and digits."),
    ),
    "hk-macao-permit": (
        re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
        T("Enter the permit number: H or M and 8 digits, as in H12345678."),
    ),
    "taiwan-permit": (
        re.compile(r"[0-9]{8}(?:[0-9]{2})?"),
        T("Enter the permit number: 8 digits."),
    ),
    "foreigner-permanent-residence": (
        re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
        T("Enter the card's number: 3 letters and 12 digits, or 18 characters that begin with 9."),
    ),
    "hk-macao-residence-permit": (
        re.compile(r"8[12]0000[0-9]{11}[0-9X]"),
        T("Enter the permit's 18-character number; it begins with 810000 or 820000."),
    ),
    "taiwan-residence-permit": (
        re.compile(r"830000[0-9]{11}[0-9X]"),
        T("Enter the permit's 18-character number; it begins with 830000."),
    ),
}

_ID_CARD = re.compile(r"[0-9]{17}[0-9X]")
# Kinds whose 18 characters end in the check digit of resident ID numbers.
CHECKED = ("id-card", "hk-macao-residence-permit", "taiwan-residence-permit")
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")

# The first two characters of a credit code: who registered the entity, and as what (GB 32100).
CREDIT_CODE_STARTS: dict[str, tuple[str, ...]] = {
    "enterprise": ("91", "92", "93"),
    "government-body": ("11",),
    "public-institution": ("12",),
    "social-organisation": ("51",),
    "private-non-enterprise": ("52",),
    "foundation": ("53",),
    "law-practice": ("31",),
}


def plain(number: str) -> str:
    """Upper case, without spaces around it."""
    return number.strip().upper()


def person_number_problem(kind: str, number: str, today: date) -> Text | None:
    """What is wrong with a person's certificate number, None when it can be one of its kind."""
    text = plain(number)
    if kind == "id-card":
        if not _ID_CARD.fullmatch(text):
            return T("Enter the 18 characters of the ID card: 17 digits and a digit or X.")
    elif kind in _SHAPES and not _SHAPES[kind][0].fullmatch(text):
        return _SHAPES[kind][1]
    if kind in CHECKED and text[-1] != ric.calc_check_digit(text):
        return T("Compare the number with the card: its last character does not fit the rest.")
    return _birth_problem(text, today) if kind in CHECKED else None


def _birth_problem(text: str, today: date) -> Text | None:
    birth = birth_day(text)
    if birth is None or not date(1900, 1, 1) <= birth <= today:
        return T("Compare the number with the card: digits 7 to 14 are no date of birth.")
    return None


def birth_day(number: str) -> date | None:
    """The date of birth in a number of 18 characters, None when it is no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def credit_code_problem(code: str) -> Text | None:
    """What is wrong with a unified social credit code, None when its check digit fits."""
    text = plain(code)
    if not _CREDIT_CODE.fullmatch(text):
        return T("Enter the 18 characters of the unified social credit code.")
    try:
        uscc.validate(text)
    except ValidationError:
        return T("Compare the credit code with the certificate: its check digit does not fit.")
    return None
