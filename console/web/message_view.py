"""The portal's messages explained: what was seen, what it means, what each rulebook adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import force_locale

from console.rules.book import Rulebook
from console.rules.book_words import Said
from console.rules.portal_advice import MESSAGES, Message, advice
from console.rules.text import T, Text
from console.web.filters import html_lang, say

ENTRIES: dict[str, Text] = {
    "verify": T("After entering the code"),
    "resend": T("After asking for a new code"),
}


@dataclass(frozen=True)
class Choice:
    """A message to choose; `other` is how it reads in the other language, "" where the same."""

    message: Message
    other: str
    other_lang: str


@dataclass(frozen=True)
class UnderBook:
    """What holds for the message under one book."""

    book: Rulebook
    lines: tuple[Said, ...]


def choices() -> dict[str, list[Choice]]:
    """Every message, by the entry after which it comes."""
    found: dict[str, list[Choice]] = {entry: [] for entry in ENTRIES}
    for message in MESSAGES.values():
        found[message.entry].append(_choice(message))
    return found


def _choice(message: Message) -> Choice:
    here = html_lang()
    locale, lang = ("zh_Hans_CN", "zh-Hans") if here == "en" else ("en", "en")
    shown = say(message.words.title)
    with force_locale(locale):
        other = say(message.words.title)
    return Choice(message, "" if other == shown else other, lang)


def under_books(message: Message, books: Iterable[Rulebook]) -> Sequence[UnderBook]:
    """What each book adds to the message."""
    return [UnderBook(book, advice(book, message)) for book in books]
