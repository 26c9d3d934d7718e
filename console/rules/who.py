"""A rulebook and its answers as JSON, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from console.rules.bilingual import Bilingual
from console.rules.book import CARRIERS, Rulebook
from console.rules.explain import why_none
from console.rules.rulebook import load_books, verification_applies
from console.rules.verifiers import OrderFacts, who_must_verify

NOTHING_IN_FORCE: dict[str, Any] = {
    "rulebook": None,
    "verification": False,
    "verifiers": [],
    "window_hours": None,
    "tries": None,
    "resends": None,
    "captcha": {"verify": False, "resend": False},
    "portal": None,
    "portal_url": None,
    "senders": dict.fromkeys(CARRIERS),
}


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return {"en": value.en, "zh": value.zh}
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def as_json(book: Rulebook) -> dict[str, Any]:
    """All that the book says, ready for `json`; words in both languages, days as ISO dates."""
    plain: dict[str, Any] = _plain(book)
    return plain


def list_json() -> list[dict[str, Any]]:
    """One line for each book, oldest first; `replaced_on` is the day its family's next begins."""
    books = list(load_books().values())
    return [
        {
            "name": book.name,
            "family": book.family,
            "title": asdict(book.title),
            "in_force_from": book.in_force_from.isoformat(),
            "replaced_on": min(
                (
                    later.in_force_from.isoformat()
                    for later in books
                    if later.family == book.family and later.in_force_from > book.in_force_from
                ),
                default=None,
            ),
            "provinces": None if book.provinces is None else sorted(book.provinces),
            "window_hours": book.window_hours,
            "knows_apps": book.knows_apps,
            "source": _plain(book.source),
        }
        for book in books
    ]


def who_json(book: Rulebook | None, facts: OrderFacts) -> dict[str, Any]:
    """Who must verify, and the frame of it. Raises Invalid for an order the book does not know.

    `verification` tells whether anyone must; why nobody must is then the first of the notes.
    """
    verifiers = who_must_verify(book, facts)
    reason = [] if verifiers else [str(why_none(book, facts))]
    if book is None:
        return {**NOTHING_IN_FORCE, "notes": reason}
    applies = verification_applies(book, facts.province, facts.day)
    portal = book.portal_in(facts.province) if applies else None
    return {
        "rulebook": book.name,
        "verification": bool(verifiers),
        "verifiers": [{"roles": list(verifier.roles)} for verifier in verifiers],
        "window_hours": book.window_hours,
        "tries": book.tries,
        "resends": book.resends_manual,
        "captcha": {"verify": book.captcha_verify, "resend": book.captcha_resend},
        "portal": portal.host if portal else None,
        "portal_url": portal.url if portal else None,
        "senders": {carrier: book.senders[carrier] for carrier in CARRIERS},
        "notes": reason + [note.text.en for note in book.notes],
    }
