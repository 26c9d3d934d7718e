"""Which facts of the rulebooks the page shows, in which order, under which names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.rules import book_words as words
from console.rules.book import CARRIERS, Rulebook
from console.rules.book_words import Said
from console.rules.labels import FILING_TYPES
from console.rules.text import T, Text
from console.web.book_table import Fact, Group, group


def _source(book: Rulebook) -> tuple[Said, ...]:
    dated = T("dated %(day)s", day=book.source.day) if book.source.day else T("not dated")
    return (book.source.title, book.source.document, dated)


def _where(book: Rulebook) -> tuple[Said, ...]:
    if book.provinces is None:
        return (T("every province"),)
    dated = any(rule.in_force_from for rule in book.provinces.values())
    return (
        T("%(count)s provinces, each from its own day", count=len(book.provinces))
        if dated
        else T("%(count)s provinces", count=len(book.provinces)),
        T("Elsewhere nobody verifies: orders go straight to the administration."),
    )


def _portal(book: Rulebook) -> tuple[Said, ...]:
    where: Said = book.portal.host if book.portal else T("one for each province")
    linked = T("The text message carries a link to it.")
    return (where, linked) if book.portal_link_in_message else (where,)


def _help(book: Rulebook) -> tuple[Said, ...]:
    return book.no_text_help


def _legal(book: Rulebook) -> tuple[Said, ...]:
    return (book.legal_basis,) if book.legal_basis else ()


def _expiry(book: Rulebook) -> tuple[Said, ...]:
    return (T("The order is returned, open to correction."),)


def _correction(book: Rulebook) -> tuple[Said, ...]:
    if not book.mobile_correction:
        return (T("not while the verification is pending"),)
    return tuple(FILING_TYPES[name] for name in FILING_TYPES if name in book.mobile_correction)


def _changed_mobile(book: Rulebook) -> tuple[Said, ...]:
    return (book.add_provider.changed_mobile,) if book.add_provider else ()


def _empty_shell(book: Rulebook) -> tuple[Said, ...]:
    return (book.add_provider.empty_shell,) if book.add_provider else ()


def _carrier(name: str) -> Fact:
    return Fact(
        f"sender-{name}",
        words.CARRIER_NAMES[name],
        lambda book: (words.sender(book.senders[name]),),
        ("senders",) if name == CARRIERS[0] else (),
    )


FRAME = (
    Fact("source", T("Source"), _source, ("source",)),
    Fact(
        "in-force-from",
        T("In force from"),
        lambda b: (b.in_force_from.isoformat(),),
        ("in_force_from",),
    ),
    Fact("where", T("Where in force"), _where, ("provinces",)),
    Fact(
        "apps",
        T("Apps"),
        lambda b: (T("known") if b.knows_apps else T("not known: an order for one is refused"),),
        ("knows_apps",),
    ),
    Fact("legal-basis", T("Legal basis named"), _legal, ("legal_basis",)),
)
WINDOW = (
    Fact(
        "window",
        T("Time to verify"),
        lambda b: (words.window(b),),
        ("window_hours", "window_starts_at"),
    ),
    Fact("dispatch", T("The code arrives"), lambda b: (words.dispatch(b),), ("dispatch_minutes",)),
    Fact(
        "synchronisation",
        T("The order's way to the ministry"),
        lambda b: (words.synchronisation(b),),
        ("synchronisation_minutes",),
    ),
    Fact(
        "answer-lag",
        T("The ministry's answer lags"),
        lambda b: (words.answer_lag(b),),
        ("answer_lag_minutes",),
    ),
    Fact(
        "code",
        T("Code"),
        lambda b: (words.code(b),),
        ("code_digits", "code_unique_per_person"),
    ),
    Fact("sent-to", T("Sent to"), lambda b: (b.sent_to,), ("sent_to",)),
    Fact("no-text", T("If no text comes"), _help, ("no_text_help",)),
)
TRIES = (
    Fact("counted", T("What counts as a failed try"), lambda b: (words.counted(b),),
         ("counted_failure",)),
    Fact("tries", T("Tries before the order fails"), lambda b: (words.tries(b),),
         ("tries", "tries_in_row")),
    Fact("resends", T("Resends by hand"), lambda b: (words.resends(b),),
         ("resends_manual",)),
    Fact("automatic", T("Sent again by itself"), lambda b: (words.automatic_resend(b),),
         ("resend_automatic",)),
    Fact("resend-arrival", T("A resent code arrives after"), lambda b: (words.resend_arrival(b),),
         ("resend_minutes",)),
)  # fmt: skip
PORTAL = (
    Fact("portal", T("The ministry's portal"), _portal, ("portal", "portal_link_in_message")),
    Fact("entry-verify", T("Entry for verifying"), lambda b: (b.entry_verify,), ("entry_verify",)),
    Fact("verify-asks", T("Asked for when verifying"),
         lambda b: (words.entries(b.captcha_verify, True),), ("captcha_verify",)),
    Fact("entry-resend", T("Entry for a new code"), lambda b: (b.entry_resend,), ("entry_resend",)),
    Fact("resend-asks", T("Asked for when resending"),
         lambda b: (words.entries(b.captcha_resend, False),), ("captcha_resend",)),
    Fact("certificates", T("Certificates behind the last six"),
         lambda b: (words.certificates(b),), ("certificates",)),
)  # fmt: skip
AFTERWARDS = (
    Fact("after-tries", T("When the tries are used up"), words.after_tries,
         ("on_tries_used_up", "cancel_after_tries_hours")),
    Fact("expiry", T("When time runs out"), _expiry, ("on_expiry",)),
    Fact("resubmission", T("Submitting again"), lambda b: (b.resubmission,),
         ("resubmission", "unmodified_resubmission")),
    Fact("unreachable", T("A mobile number that cannot be reached"),
         lambda b: (b.mobile_unreachable,), ("mobile_unreachable",)),
    Fact("correction", T("Mobile number may be corrected meanwhile"), _correction,
         ("mobile_correction",)),
    Fact("changed-mobile", T("Adding a provider: the mobile number has changed"), _changed_mobile,
         ("add_provider",)),
    Fact("empty-shell", T("Adding a provider: no provider is left"), _empty_shell, ()),
)  # fmt: skip
SENDERS = tuple(_carrier(name) for name in CARRIERS)
GROUPS: Mapping[str, tuple[Text, tuple[Fact, ...]]] = {
    "frame": (T("The book"), FRAME),
    "window": (T("Time and code"), WINDOW),
    "tries": (T("Tries and resends"), TRIES),
    "portal": (T("Portal and entries"), PORTAL),
    "afterwards": (T("After failure, expiry and return"), AFTERWARDS),
    "senders": (T("Who the text comes from"), SENDERS),
}


def groups(books: Sequence[Rulebook]) -> tuple[Group, ...]:
    """Everything but who must verify, in groups."""
    return tuple(group(key, title, facts, books) for key, (title, facts) in GROUPS.items())
