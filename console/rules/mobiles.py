"""Phone numbers of mainland China: whether they are valid, and one spelling for each."""

from __future__ import annotations

import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType


def _parse(text: str) -> phonenumbers.PhoneNumber | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        number = phonenumbers.parse(plain, "CN")
    except NumberParseException:
        return None
    chinese = number.country_code == 86 and not number.extension
    return number if chinese and phonenumbers.is_valid_number(number) else None


def is_mobile(text: str) -> bool:
    """Whether this is a valid mainland mobile number, in any usual spelling."""
    number = _parse(text)
    return number is not None and phonenumbers.number_type(number) == PhoneNumberType.MOBILE


def is_phone(text: str) -> bool:
    """Whether this is a valid mainland mobile or landline number."""
    number = _parse(text)
    return number is not None and phonenumbers.number_type(number) in (
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )


def normalise_mobile(text: str) -> str:
    """Eleven digits for a valid mobile however it is written; anything else only trimmed."""
    return normalise_phone(text) if is_mobile(text) else unicodedata.normalize("NFKC", text).strip()


def normalise_phone(text: str) -> str:
    """The national number without its spelling (a landline with its leading 0), or trimmed."""
    number = _parse(text)
    if number is None:
        return unicodedata.normalize("NFKC", text).strip()
    national = phonenumbers.national_significant_number(number)
    return (
        national if phonenumbers.number_type(number) == PhoneNumberType.MOBILE else f"0{national}"
    )
