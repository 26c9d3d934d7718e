"""A rulebook's facts in words: one function for each fact that the book keeps as a code."""

from __future__ import annotations

from collections.abc import Sequence

from console.rules.bilingual import Bilingual
from console.rules.book import CARRIERS, Rulebook
from console.rules.codes import PERSON_CERTIFICATES
from console.rules.text import T, Text

Said = Text | Bilingual | str

CARRIER_NAMES: dict[str, Text] = {
    "telecom": T("China Telecom"),
    "unicom": T("China Unicom"),
    "mobile": T("China Mobile"),
    "virtual": T("Virtual operators"),
}


def listed(items: Sequence[Said]) -> Said:
    """Things in a row, parted as the reader's language parts them."""
    first, *rest = items
    if not rest:
        return first
    return T("%(first)s, %(rest)s", first=first, rest=listed(rest))


def span(minutes: tuple[int, int]) -> Text:
    """A span of (least, most) minutes."""
    least, most = minutes
    if least == most:
        return T("about %(minutes)s minutes", minutes=least)
    return T("%(least)s to %(most)s minutes", least=least, most=most)


def window(book: Rulebook) -> Text:
    """How long there is to verify, and from when."""
    return T("%(hours)s hours from when the order's first code is sent", hours=book.window_hours)


def dispatch(book: Rulebook) -> Text:
    """How soon the code is texted."""
    if book.synchronisation_minutes[1]:
        return T(
            "%(span)s after the order has reached the ministry's system",
            span=span(book.dispatch_minutes),
        )
    return T("%(span)s after the order is forwarded", span=span(book.dispatch_minutes))


def synchronisation(book: Rulebook) -> Text:
    """How long an order takes to reach the ministry's system."""
    if book.synchronisation_minutes[1]:
        return span(book.synchronisation_minutes)
    return T("no delay named")


def answer_lag(book: Rulebook) -> Text:
    """How long a verified person may still show as waiting."""
    if book.answer_lag_minutes[1]:
        return T("up to the next synchronisation: %(span)s", span=span(book.answer_lag_minutes))
    return T("no delay named")


def code(book: Rulebook) -> Text:
    """What the code looks like."""
    if book.code_unique_per_person:
        return T("%(digits)s digits, never one used before", digits=book.code_digits)
    return T("%(digits)s digits", digits=book.code_digits)


def counted(book: Rulebook) -> Text:
    """Which entries count as a failed try."""
    if book.counted_failure == "certificate":
        return T("a wrong certificate number only")
    return T("any entry that fails")


def tries(book: Rulebook) -> Text:
    """How many failed tries fail the order."""
    if book.tries_in_row:
        return T("%(count)s in a row", count=book.tries)
    return T("%(count)s in all", count=book.tries)


def resends(book: Rulebook) -> Text:
    """How often a code may be asked for again."""
    if book.resends_manual is None:
        return T("as often as needed")
    return T("%(count)s at most", count=book.resends_manual)


def automatic_resend(book: Rulebook) -> Text:
    """Whether a code is sent again by itself."""
    if book.resend_automatic == "next-midnight":
        return T("at 00:00 on the day after the code was sent, China time")
    return T("never")


def resend_arrival(book: Rulebook) -> Text:
    """How soon a code asked for again arrives."""
    return span(book.resend_minutes or book.dispatch_minutes)


def entries(captcha: bool, with_code: bool) -> Said:
    """What a person types in at the portal."""
    parts = [T("mobile number"), T("last six characters of the certificate")]
    if with_code:
        parts.insert(0, T("code from the text"))
    return listed([*parts, T("picture check")] if captcha else parts)


def certificates(book: Rulebook) -> Said:
    """The certificates whose last six characters are asked for."""
    if book.certificates is None:
        return T("whichever the leader filed with")
    return listed([PERSON_CERTIFICATES[kind] for kind in book.certificates])


def after_tries(book: Rulebook) -> tuple[Text, ...]:
    """What follows when the tries are used up."""
    returned = T("The order is returned at once.")
    if book.cancel_after_tries_hours is None:
        return (returned,)
    cancelled = T(
        "It is cancelled by itself %(hours)s hours later unless it is submitted again.",
        hours=book.cancel_after_tries_hours,
    )
    return (returned, cancelled)


def sender(number: str | None) -> Text | str:
    """The number a text comes from; a book may name two, or none."""
    if number is None:
        return T("no fixed number")
    one, _, other = number.partition(" or ")
    return T("%(one)s or %(other)s", one=one, other=other) if other else one


def senders(book: Rulebook) -> tuple[tuple[Text, Text | str], ...]:
    """Who texts, by carrier; one line where every carrier has the same."""
    numbers = {book.senders[carrier] for carrier in CARRIERS}
    if len(numbers) == 1:
        return ((T("Every carrier"), sender(numbers.pop())),)
    return tuple((CARRIER_NAMES[name], sender(book.senders[name])) for name in CARRIERS)
