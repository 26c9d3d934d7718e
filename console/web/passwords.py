"""What a password must be: long enough and not a well-known one. Nothing else is asked of it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_security import PasswordUtil
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 8  # NIST SP 800-63B: at least 8 where it is the only factor's minimum
LONGEST = 256  # far above the 64 that must be possible; an end, so that hashing costs no more
# What every list of patterns begins with; the list above leaves most of these out.
ROWS = ("0123456789" * 2, "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUNS = ROWS + tuple(row[::-1] for row in ROWS)
AGAIN = re.compile(r"(.{1,8}?)\1+", re.DOTALL)  # a short piece, over and over
LONG = 32  # characters; nobody guesses how often a piece is repeated to get there
# Favourites in China that the list, made from leaks elsewhere, does not know.
LOCAL = {"woaini1314", "woaini520", "woaini521", "woaiwojia", "wodemima", "administrator"}


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that are tried first: 30,000 from leaks and some of our own."""
    return frozenset(FREQUENCY_LISTS["passwords"]) | LOCAL


def weakness(password: str, email: str = "") -> str | None:
    """Why this password is refused, in words for the person; None where it is fine."""
    if len(password) < SHORTEST:
        return str(_("Enter a password of at least %(n)s characters.", n=SHORTEST))
    if len(password) > LONGEST:
        return str(_("Enter a password of at most %(n)s characters.", n=LONGEST))
    if _well_known(password, email):
        return str(
            _("This password is too easy to guess. Enter one that few others would think of.")
        )
    return None


def _well_known(password: str, email: str) -> bool:
    low = password.casefold()
    # "Password2026!" is "password" to whoever guesses.
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", low)
    own = {part for part in re.split(r"[@.]", email.casefold()) if len(part) > 3}
    own |= set(current_app.config["PROVIDER_NAME"].casefold().split())
    return (
        low in common_passwords()
        or (len(core) >= 4 and core in common_passwords() and len(low) - len(core) <= 5)
        or (len(low) < LONG and _patterned(low))
        or low == email.casefold()
        or core in own
    )


def _patterned(low: str) -> bool:
    return len(set(low)) < 4 or bool(AGAIN.fullmatch(low)) or any(low in row for row in RUNS)


class Passwords(PasswordUtil):
    """Flask-Security's password rules, replaced by ours."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """The reasons for a refusal, if any, and the password as it is hashed."""
        normal = self.normalize(password)
        user = kwargs.get("user")
        email = kwargs.get("email") or (user.email if user is not None else "")
        found = weakness(normal, email or "")
        return ([found] if found else None), normal
