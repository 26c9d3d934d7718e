"""Codes of an authenticator app (RFC 6238): six digits, a step of 30 seconds."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from passlib.exc import TokenError
from passlib.totp import TOTP

WINDOW = 30  # seconds that the phone's clock may be off, either way
CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A random key in base 32, as authenticator apps take it."""
    return str(TOTP.new().base32_key)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, around `now`; None where it is none of them."""
    if not CODE.fullmatch(code):
        return None
    try:
        return int(TOTP(key=secret).match(code, time=now.timestamp(), window=WINDOW).counter)
    except TokenError:
        return None


def address(secret: str, issuer: str, name: str) -> str:
    """What the QR code holds (the key URI that authenticator apps share).

    Written here and not by the library, so that an issuer in Chinese is escaped as apps expect.
    """
    label = quote(f"{issuer}:{name}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}"


def readable(secret: str) -> str:
    """The key in groups of four, for typing."""
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
