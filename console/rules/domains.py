"""Domain names: read from what people type, kept as A-labels, shown in both forms.

Written rule: outer spaces and letter case do not matter, and either form of an international name
is taken; a scheme, path, port, user, address, trailing dot or invisible character is refused.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import cache

import idna
from publicsuffixlist import PublicSuffixList

from console.errors import Invalid
from console.rules.strings import has_invisible
from console.rules.text import T, Text

LONGEST = 253
# Letters of other scripts that look like Latin ones; a label made of these alone is suspicious.
_LOOK_LATIN = frozenset("асеоріјѕԁԛԝхуһӏвмктнαορνικυγχ")
# Latin ones that few names are written with, and that look like others: dotless i and j, phonetics.
_ODD_LATIN = re.compile("[\u0131\u0237\u0250-\u02af\u1d00-\u1dbf]")
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True, accept_unknown=False)


def parse_domain(text: str) -> str:
    """The domain as an A-label in lower case. Raises Invalid telling what to enter."""
    typed = unicodedata.normalize("NFC", text[: 4 * LONGEST].strip(" \t\r\n"))
    for refused, message in _shape(typed):
        if refused:
            raise Invalid(message)
    try:
        name = idna.encode(typed, uts46=True, std3_rules=True).decode("ascii")
        idna.decode(name)
    except (idna.IDNAError, UnicodeError) as error:
        raise Invalid(
            T("Enter a domain of letters, digits and hyphens, as in example.cn.")
        ) from error
    if name.endswith(".") or not registrable(name):
        raise Invalid(
            T("Enter a domain that can be registered, as in example.cn, not only a suffix.")
        )
    return name


def _shape(typed: str) -> tuple[tuple[bool, Text], ...]:
    return (
        (not typed, T("Enter a domain, as in example.cn.")),
        (len(typed) > LONGEST, T("Enter a domain of at most 253 characters.")),
        (
            has_invisible(typed),
            T("Type the domain anew: it holds characters that cannot be seen."),
        ),
        (_is_address(typed), T("Enter a domain, not an IP address.")),
        ("://" in typed, T("Enter the domain without a scheme such as https://.")),
        ("@" in typed, T("Enter the domain alone, without a user name.")),
        (any(c in typed for c in "/\\?#"), T("Enter the domain without a path, as in example.cn.")),
        (":" in typed, T("Enter the domain without a port.")),
        (typed.endswith((".", "。", "．", "｡")), T("Enter the domain without a dot at its end.")),
        (any(c.isspace() for c in typed), T("Enter one domain, without spaces.")),
    )


def _is_address(typed: str) -> bool:
    try:
        ipaddress.ip_address(unicodedata.normalize("NFKC", typed).strip("[]"))
    except ValueError:
        return False
    return True


def registrable(a_label: str) -> str | None:
    """The part that is registered, by the Public Suffix List; None when there is none."""
    found: str | None = _suffixes().privatesuffix(a_label)
    return found


def u_label(a_label: str) -> str:
    """The domain in its own script; as it is where it cannot be decoded."""
    try:
        return idna.decode(a_label)
    except (idna.IDNAError, UnicodeError):
        return a_label


def show_domain(a_label: str) -> str:
    """The domain for people: both forms where they differ, 例子.中国 (xn--fsqu00a.xn--fiqs8s)."""
    own = u_label(a_label)
    return a_label if own == a_label else f"{own} ({a_label})"


def looks_like_another(a_label: str) -> bool:
    """Whether a label mixes scripts, or is made of letters that look Latin and are not."""
    return any(_suspicious(label) for label in u_label(a_label).split("."))


def _suspicious(label: str) -> bool:
    letters = [c for c in label if c.isalpha()]
    scripts = {_script(c) for c in letters}
    if scripts & _EAST_ASIAN:
        return bool(scripts - _EAST_ASIAN - {"LATIN"})
    if len(scripts) > 1 or _ODD_LATIN.search(label):
        return True
    return bool(letters) and all(c in _LOOK_LATIN for c in letters)


def _script(character: str) -> str:
    return unicodedata.name(character, "UNKNOWN").split()[0].split("-")[0]
