"""What a rulebook adds to an answer of the ministry's portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.rules import book_words as words
from console.rules.book import Rulebook
from console.rules.portal_answers import RESEND, VERIFY, Answer, Words
from console.rules.text import T, Text

Lines = tuple[words.Said, ...]


@dataclass(frozen=True)
class Message:
    """One message of the portal. `key` names it in an address; `entry`: "verify" or "resend"."""

    key: str
    entry: str
    answer: Answer
    words: Words


MESSAGES: dict[str, Message] = {
    f"{entry}-{answer}": Message(f"{entry}-{answer}", entry, answer, said)
    for entry, answers in (("verify", VERIFY), ("resend", RESEND))
    for answer, said in answers.items()
}


def advice(book: Rulebook, message: Message) -> Lines:
    """What holds under this book for whoever sees the message; facts of the book alone."""
    return _ADVICE[message.key](book)


def _verified(book: Rulebook) -> Lines:
    return _lag(book) or (T("The console shows it as soon as the ministry has told it."),)


def _others(book: Rulebook) -> Lines:
    return (T("Everyone has %(window)s.", window=words.window(book)), *_lag(book))


def _lag(book: Rulebook) -> Lines:
    if not book.answer_lag_minutes[1]:
        return ()
    return (
        T(
            "The console may show you as waiting for another %(span)s: the ministry's answer lags.",
            span=words.span(book.answer_lag_minutes),
        ),
    )


def _failed(book: Rulebook) -> Lines:
    return (
        _counting(book),
        T("Time to verify: %(window)s.", window=words.window(book)),
        *words.after_tries(book),
        book.resubmission,
    )


def _no_record_at_verification(book: Rulebook) -> Lines:
    return (
        _counting(book),
        *_last_six(book),
        *_not_there_yet(book),
    )


def _no_record_at_resend(book: Rulebook) -> Lines:
    return (*_last_six(book), *_not_there_yet(book))


def _counting(book: Rulebook) -> Text:
    return T(
        "What counts as a failed try: %(counted)s. Tries before the order fails: %(tries)s.",
        counted=words.counted(book),
        tries=words.tries(book),
    )


def _last_six(book: Rulebook) -> Lines:
    return (T("The last six are of this certificate: %(kinds)s.", kinds=words.certificates(book)),)


def _not_there_yet(book: Rulebook) -> Lines:
    if not book.synchronisation_minutes[1]:
        return ()
    return (
        T(
            "An order takes %(span)s to reach the ministry's system. Before that there is no"
            " record of it.",
            span=words.span(book.synchronisation_minutes),
        ),
    )


def _resent(book: Rulebook) -> Lines:
    return (
        T("The new code arrives after %(span)s.", span=words.resend_arrival(book)),
        T("Resends by hand: %(resends)s.", resends=words.resends(book)),
        *book.no_text_help,
    )


def _nothing_pending(book: Rulebook) -> Lines:
    if book.synchronisation_minutes[1]:
        return (
            T(
                "If an order was just forwarded, wait %(span)s: it takes that long to reach the"
                " ministry's system.",
                span=words.span(book.synchronisation_minutes),
            ),
        )
    return (
        T(
            "This book names no delay on the way to the ministry: if no order is being verified,"
            " submit one."
        ),
    )


def _resend_limit(book: Rulebook) -> Lines:
    if book.resends_manual is None:
        return (T("This book sets no limit to resends, so the message does not appear under it."),)
    return (
        T("Resends by hand: %(resends)s. Another one sends nothing.", resends=words.resends(book)),
        T("The last code is valid as long as the order: %(window)s.", window=words.window(book)),
    )


_ADVICE: dict[str, Callable[[Rulebook], Lines]] = {
    "verify-verified": _verified,
    "verify-verified-others-waiting": _others,
    "verify-failed": _failed,
    "verify-no-record": _no_record_at_verification,
    "resend-resent": _resent,
    "resend-nothing-pending": _nothing_pending,
    "resend-resend-limit": _resend_limit,
    "resend-no-record": _no_record_at_resend,
}
