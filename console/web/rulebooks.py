"""The rulebooks for everybody: side by side, who must verify, the portal's messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console import clock
from console.errors import NotFound
from console.rules.portal_advice import MESSAGES, Message
from console.rules.provinces import PROVINCES
from console.rules.rulebook import Rulebook, families, load_books
from console.rules.text import T
from console.services.books import book_on
from console.web import book_notes
from console.web.book_facts import groups
from console.web.book_who import who_rows
from console.web.message_view import ENTRIES, choices, under_books
from console.web.who_form import WhoForm
from console.web.who_view import answer

blueprint = Blueprint("rulebooks", __name__, url_prefix="/rulebooks")


def _today() -> date:
    return clock.china_day(clock.now())


def _books() -> tuple[Rulebook, ...]:
    """Family by family, each in the order in which its books replaced one another."""
    return tuple(book for family in families().values() for book in family)


def _in_force_first(books: Sequence[Rulebook], first: Rulebook | None) -> list[Rulebook]:
    return sorted(books, key=lambda book: book is not first)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The four books side by side, with everything they say."""
    books = _books()
    pilot = [book for book in books if book.provinces is not None]
    return render_template(
        "rulebooks/index.html",
        **_who(WhoForm(None, _today())),
        books=books,
        groups=groups(books),
        who_rows=who_rows(books),
        who_marks={book.name: book_notes.marks(book, ("who",)) for book in books},
        readings={book.name: book_notes.readings(book) for book in books},
        decisions=book_notes.decisions(books),
        pilot=pilot,
        provinces=PROVINCES.values(),
        today_book=book_on(_today()),
    )


@blueprint.get("/who")
def who() -> ResponseReturnValue:
    """Who must verify, under each book; to htmx the form and its answers alone."""
    form = WhoForm(request.args, _today())
    shown = _who(form)
    template = "rulebooks/_who.html" if request.headers.get("HX-Request") else "rulebooks/who.html"
    return render_template(template, **shown), 422 if form.errors else 200


def _who(form: WhoForm) -> dict[str, Any]:
    """The form and the answers to it, the book in force on its day first."""
    if not form.validate():
        return {"form": form, "answers": None, "in_force": None, "facts": None}
    facts = form.facts()
    in_force = book_on(facts.day)
    ordered = _in_force_first(_books(), in_force)
    return {
        "form": form,
        "answers": [answer(book, facts) for book in ordered],
        "in_force": in_force,
        "facts": facts,
    }


@blueprint.get("/messages")
def messages() -> ResponseReturnValue:
    """What a message of the ministry's portal means; `book` is the one an order goes by."""
    chosen = _chosen(request.args.get("message"))
    named = request.args.get("book")
    book = load_books().get(named) if named else book_on(_today())
    fragment = request.headers.get("HX-Request")
    return render_template(
        "rulebooks/_messages.html" if fragment else "rulebooks/messages.html",
        entries=ENTRIES,
        choices=choices(),
        chosen=chosen,
        under=under_books(chosen, _in_force_first(_books(), book)) if chosen else (),
        book=book,
        named=named if book else None,
    )


def _chosen(key: str | None) -> Message | None:
    if key is None:
        return None
    if key not in MESSAGES:
        raise NotFound(T("The ministry's portal has no such message."))
    return MESSAGES[key]
