"""From a book's TOML table to a Rulebook, refusing whatever is missing, unknown or at odds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from console.rules.book import (
    CARRIERS,
    VERIFIER_ROLES,
    AddProviderAdvice,
    Note,
    Portal,
    ProvinceRule,
    Rulebook,
    Source,
)
from console.rules.book_reader import BookError, Reader
from console.rules.codes import PERSON_CERTIFICATES
from console.rules.filing import FilingType
from console.rules.provinces import PROVINCES

SERVICE_ROWS = ("website", "app", "website-and-app")
CHANGE_ROWS = ("entity", "service", "entity-and-service", "remarks")
Roles = Mapping[str, tuple[str, ...]]


def book_from(stem: str, data: Mapping[str, Any]) -> Rulebook:
    """The book in `data`, the content of `<stem>.toml`. Raises BookError."""
    table = Reader(stem, data)
    name = table.text("name")
    if name != stem:
        raise table.fail("name", f"{name!r} is not the name of its file")
    book = Rulebook(
        name=name,
        family=table.text("family"),
        title=table.both("title"),
        source=_source(table.table("source")),
        in_force_from=table.day("in_force_from"),
        provinces=_provinces(table),
        legal_basis=table.both_or_none("legal_basis"),
        notes=tuple(_note(note) for note in table.tables("notes")),
        **_portal(table.table("portal")),
        **_window(table.table("window")),
        **_code(table.table("code")),
        **_tries(table.table("tries")),
        **_resend(table.table("resend")),
        **_afterwards(table.table("afterwards")),
        **_who(table),
    )
    table.done()
    _refuse_odd(book)
    return book


def _source(table: Reader) -> Source:
    source = Source(table.text("document"), table.text("title"), table.day_or_none("day"))
    table.done()
    return source


def _provinces(table: Reader) -> Mapping[str, ProvinceRule] | None:
    rows = table.table_or_none("provinces")
    if rows is None:
        return None
    rules = {}
    for code in rows.names():
        if code not in PROVINCES:
            raise rows.fail(code, "is no province")
        row = rows.table(code)
        rules[code] = ProvinceRule(
            row.day_or_none("in_force_from"), Portal(row.text("host"), row.text("url"))
        )
        row.done()
    return MappingProxyType(rules)


def _note(table: Reader) -> Note:
    about = table.text("about")
    if about not in Rulebook.__dataclass_fields__:
        raise table.fail("about", f"{about!r} is no attribute of a rulebook")
    note = Note(about, table.number_or_none("decision"), table.both("text"))
    table.done()
    return note


def _portal(table: Reader) -> dict[str, Any]:
    host = table.text_or_none("host")
    read = {
        "portal": Portal(host, table.text("url")) if host else None,
        "portal_link_in_message": table.flag("link_in_message"),
        "entry_verify": table.both("entry_verify"),
        "entry_resend": table.both("entry_resend"),
        "captcha_verify": table.flag("captcha_verify"),
        "captcha_resend": table.flag("captcha_resend"),
        "certificates": table.texts_or_none("certificates", PERSON_CERTIFICATES),
    }
    table.done()
    return read


def _window(table: Reader) -> dict[str, Any]:
    read = {
        "window_hours": table.number("hours"),
        "window_starts_at": table.text("starts_at", ("code-sent",)),
        "dispatch_minutes": table.span("dispatch_minutes"),
        "synchronisation_minutes": table.span("synchronisation_minutes"),
        "answer_lag_minutes": table.span("answer_lag_minutes"),
        "on_expiry": table.text("on_expiry", ("returned",)),
    }
    table.done()
    return read


def _code(table: Reader) -> dict[str, Any]:
    senders = table.table("senders")
    read = {
        "code_digits": table.number("digits"),
        "code_unique_per_person": table.flag("unique_per_person"),
        "sent_to": table.both("sent_to"),
        # A carrier left out has no fixed sender: TOML has no null.
        "senders": MappingProxyType({name: senders.text_or_none(name) for name in CARRIERS}),
        "no_text_help": tuple(row.as_both() for row in table.tables("no_text_help")),
    }
    senders.done()
    table.done()
    return read


def _tries(table: Reader) -> dict[str, Any]:
    read = {
        "counted_failure": table.text("counted_failure", ("certificate", "any")),
        "tries": table.number("limit"),
        "tries_in_row": table.flag("in_row"),
        "on_tries_used_up": table.text("on_used_up", ("returned",)),
        "cancel_after_tries_hours": table.number_or_none("cancel_after_hours"),
    }
    table.done()
    return read


def _resend(table: Reader) -> dict[str, Any]:
    read = {
        "resends_manual": table.number_or_none("manual"),
        "resend_automatic": table.text_or_none("automatic", ("next-midnight",)),
        "resend_minutes": table.span_or_none("minutes"),
    }
    table.done()
    return read


def _afterwards(table: Reader) -> dict[str, Any]:
    types = tuple(FilingType)
    read = {
        "unmodified_resubmission": table.flag("unmodified_resubmission"),
        "resubmission": table.both("resubmission"),
        "mobile_correction": frozenset(table.texts("mobile_correction", types)),
        "mobile_unreachable": table.both("mobile_unreachable"),
    }
    table.done()
    return read


def _who(table: Reader) -> dict[str, Any]:
    knows_apps = table.flag("knows_apps")
    rows = table.table("who")
    future = table.table_or_none("future")
    advice = table.table_or_none("add_provider")
    return {
        "knows_apps": knows_apps,
        "who": _rows(rows, required=True, knows_apps=knows_apps),
        "future": _rows(future, required=False, knows_apps=knows_apps) if future else {},
        "add_provider": _advice(advice) if advice else None,
    }


def _advice(table: Reader) -> AddProviderAdvice:
    advice = AddProviderAdvice(table.both("changed_mobile"), table.both("empty_shell"))
    table.done()
    return advice


def _rows(table: Reader, *, required: bool, knows_apps: bool) -> Roles:
    rows: dict[str, tuple[str, ...]] = {}
    for kind in FilingType:
        if kind not in table.names():
            if required:
                raise table.fail(kind, "is missing")
            continue
        if (parts := _parts(kind, knows_apps)) is None:
            rows[str(kind)] = table.texts(kind, VERIFIER_ROLES)
            continue
        row = table.table(kind)
        for part in parts:
            rows[f"{kind}.{part}"] = row.texts(part, VERIFIER_ROLES)
        row.done()
    table.done()
    return MappingProxyType(rows)


def _parts(kind: FilingType, knows_apps: bool) -> tuple[str, ...] | None:
    """The rows a filing type falls into, None where it is one row."""
    if kind is FilingType.CHANGE:
        return CHANGE_ROWS
    if kind in (FilingType.FIRST_FILING, FilingType.ADD_SERVICE, FilingType.CANCEL_SERVICE):
        return SERVICE_ROWS if knows_apps else ("website",)
    return None


def _refuse_odd(book: Rulebook) -> None:
    """What is wrong only when two keys are looked at together."""
    if (book.provinces is None) == (book.portal is None):
        raise BookError(book.name, "portal.host", "one for the country, or one for each province")
    for key, number in (
        ("window.hours", book.window_hours),
        ("tries.limit", book.tries),
        ("code.digits", book.code_digits),
    ):
        if number < 1:
            raise BookError(book.name, key, "must be at least 1")
    days = [rule.in_force_from for rule in (book.provinces or {}).values()]
    first = min((day for day in days if day), default=book.in_force_from)
    if first != book.in_force_from:
        raise BookError(book.name, "in_force_from", "is not the day of the first province")
