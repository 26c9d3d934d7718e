"""What may be shown of personal data where the whole is not meant to be seen."""

from __future__ import annotations

import unicodedata

STAR = "*"


class Unreadable(str):
    """The words that stand for a text which cannot be read: they are shown, and not masked."""


def mask_mobile(mobile: str) -> str:
    """138****0000: the first three and the last four stay; a short number loses all but two."""
    if isinstance(mobile, Unreadable):
        return mobile
    text = mobile.strip()
    if len(text) < 11:  # of so few the same seven would be nearly all
        return STAR * max(0, len(text) - 2) + text[-2:] if len(text) > 4 else STAR * len(text)
    return f"{text[:3]}{STAR * (len(text) - 7)}{text[-4:]}"


def mask_certificate(number: str) -> str:
    """110***********1234 for an ID card; of a shorter number the first one and the last two."""
    text = number.strip()
    if len(text) >= 15:
        return f"{text[:3]}{STAR * (len(text) - 7)}{text[-4:]}"
    if len(text) >= 7:
        return f"{text[:1]}{STAR * (len(text) - 3)}{text[-2:]}"
    return STAR * len(text)


def mask_name(name: str) -> str:
    """张**: only the first character stays, and no name is shown whole."""
    text = name.strip()
    return text[:1] + STAR * (len(text) - 1) if len(text) > 1 else STAR * len(text)


def mask_email(email: str) -> str:
    """a***@example.cn: the first character and the host stay; the length is not told."""
    if isinstance(email, Unreadable):
        return email
    local, at, host = email.strip().rpartition("@")
    if not at:
        return STAR * 3 if email.strip() else ""
    return f"{local[:1] if len(local) > 1 else ''}{STAR * 3}@{host}"


def last_six(certificate_number: str) -> str:
    """The six characters a person enters at verification, upper case (decision 6).

    Fewer where the number is shorter. Full-width characters count as their plain forms.
    """
    plain = unicodedata.normalize("NFKC", certificate_number)
    return "".join(plain.split()).upper()[-6:]
