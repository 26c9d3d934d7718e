"""What can be wrong with a text before its meaning is looked at."""

from __future__ import annotations

import unicodedata

# By category to be seen, and yet nobody sees what is meant: Hangul fillers, the blank of braille,
# and what stands in place of bytes that could not be read.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffd")
_SPACES = frozenset(" \u3000")


def tidy(text: str) -> str:
    """The text as it is kept: composed (NFC) and without spaces around it."""
    return unicodedata.normalize("NFC", text).strip()


def seen(text: str) -> str:
    """What people see of words that they write to each other, tidy: the rest is left out.

    Line ends become one kind, odd spaces plain ones. For words, not for data about people or
    sites, of which nothing is changed without a word: those are refused (`has_invisible`).
    """
    lines = "\n".join(text.splitlines())
    plain = (" " if unicodedata.category(c) == "Zs" and c not in _SPACES else c for c in lines)
    return tidy("".join(c for c in plain if c in "\n\t" or not _invisible(c)))


def has_invisible(text: str, *, lines: bool = False) -> bool:
    """Whether a character cannot be seen: controls, joiners, fillers, odd spaces, half surrogates.

    With `lines`, line ends and tabs are fine. Rare characters beyond the BMP are seen.
    """
    return any(_invisible(c) for c in text if not (lines and c in "\r\n\t"))


def _invisible(character: str) -> bool:
    if character in _BLANKS or "\ufe00" <= character <= "\ufe0f" or character == "\u034f":
        return True
    category = unicodedata.category(character)
    if category == "Zs":
        return character not in _SPACES
    if category == "Cn":
        # New Chinese characters come faster than Python's tables: planes 2 and 3 are theirs.
        return not 0x20000 <= ord(character) <= 0x3FFFF
    return category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or (
        0xE0100 <= ord(character) <= 0xE01EF
    )


def has_digit(text: str) -> bool:
    """Whether any digit of any script is in it."""
    return any(c.isdigit() for c in text)


def only_latin_or_digits(text: str) -> bool:
    """Whether all its letters and digits are Latin letters or digits; False without any."""
    told = [c for c in unicodedata.normalize("NFKC", text) if c.isalnum()]
    return bool(told) and all(c.isdigit() or _is_latin(c) for c in told)


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")
