"""Where leaders verify: the book's portal, and the entries that this deployment serves itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app

from console.rules.bilingual import Bilingual
from console.rules.book import Rulebook
from console.rules.text import T, Text

VERIFY, RESEND = "/miit/verify", "/miit/resend"


@dataclass(frozen=True)
class PortalLinks:
    """`host` and `url` are the book's; `verify` and `resend` open the two entries."""

    host: str
    url: str
    verify: str
    resend: str
    entry_verify: Bilingual
    entry_resend: Bilingual
    captcha: bool


def portal_links(book: Rulebook | None, province: str) -> PortalLinks | None:
    """The links for an entity of this province; None where nobody verifies."""
    portal = book.portal_in(province) if book else None
    if book is None or portal is None:
        return None
    served = _served(current_app._get_current_object())  # type: ignore[attr-defined]
    return PortalLinks(
        host=portal.host,
        url=portal.url,
        verify=VERIFY if VERIFY in served else portal.url,
        resend=RESEND if RESEND in served else portal.url,
        entry_verify=book.entry_verify,
        entry_resend=book.entry_resend,
        captcha=book.captcha_verify,
    )


@lru_cache(maxsize=1)
def _served(app: Flask) -> set[str]:
    rules = app.url_map.iter_rules()
    return {rule.rule for rule in rules if rule.rule in (VERIFY, RESEND)}


def sender_words(sender: str | None) -> Text | str:
    """The number a text comes from, in words; a book may name two, or none."""
    if not sender:
        return T("no fixed number")
    one, _, other = sender.partition(" or ")
    return T("%(one)s or %(other)s", one=one, other=other) if other else one
