"""The applicant's list of orders, and starting one: `/orders`, `/orders/new`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from console import clock
from console.errors import Invalid, Refusal
from console.queries.orders import own_orders
from console.rules.filing import FilingType, ServiceKind
from console.rules.labels import FILING_TYPES
from console.rules.rulebook import Rulebook
from console.rules.text import T, Text
from console.rules.verifiers import OrderFacts, ServiceFacts, refuse_unknown
from console.services.books import book_on
from console.services.drafts import MOST_SERVICES
from console.services.starting import start
from console.web.forms.new_order import PURPOSES, NewOrderForm
from console.web.guards import applicant_required, current_actor
from console.web.order_rows import cursor, line, read_cursor

blueprint = Blueprint("orders", __name__, url_prefix="/orders")

# Types that this page can start; the others are told about.
STARTABLE = (FilingType.FIRST_FILING,)


@dataclass(frozen=True)
class TypeChoice:
    """A type of order as the page offers it."""

    code: str
    label: Text
    purpose: Text
    startable: bool


def _type_choices() -> list[TypeChoice]:
    return [
        TypeChoice(code.value, FILING_TYPES[code], purpose, code in STARTABLE)
        for code, purpose in PURPOSES.items()
    ]


@blueprint.get("")
@applicant_required
def index() -> ResponseReturnValue:
    """One's own orders, last touched first."""
    account_id = current_actor().id
    assert account_id is not None, "an applicant has an account"
    place = read_cursor(request.args.get("before", ""))
    found = own_orders(account_id, place)
    return render_template(
        "orders/index.html",
        lines=[line(row) for row in found.rows],
        older=cursor(found.next),
        first=place is None,
    )


@blueprint.get("/new")
@applicant_required
def new() -> ResponseReturnValue:
    """Ask what is to be filed."""
    return _new_page(NewOrderForm())


@blueprint.post("/new")
@applicant_required
def started() -> ResponseReturnValue:
    """Start an order and lead to its first step."""
    form = NewOrderForm(request.form)
    form.attach(MOST_SERVICES)
    chosen = request.form.get("type", FilingType.FIRST_FILING.value)
    try:
        if chosen not in STARTABLE:
            raise Invalid(T("Choose a type of order that can be started here."))
        if form.wrong:
            return _new_page(form, chosen, status=422)
        _refuse_unknown(FilingType(chosen), form.kinds())
        number = start(current_actor(), FilingType(chosen), form.kinds(), key=_key())
    except Refusal as refusal:
        return _new_page(form, chosen, refusal, 422)
    return redirect(f"/orders/{number}/edit/entity", 303)


def _key() -> str:
    """The page's own key, so that a form sent twice starts one order."""
    return request.form.get("key", "")[:64] or secrets.token_urlsafe(16)


def _book() -> Rulebook | None:
    return book_on(clock.china_day(clock.now()))


def _refuse_unknown(filing_type: FilingType, kinds: tuple[ServiceKind, ...]) -> None:
    """Raise Invalid for what the rulebook in force does not know."""
    book = _book()
    if book is not None:
        services = tuple(ServiceFacts(n, kind, "") for n, kind in enumerate(kinds, 1))
        day = clock.china_day(clock.now())
        refuse_unknown(book, OrderFacts(filing_type, "", day, services))


def _new_page(
    form: NewOrderForm,
    chosen: str = FilingType.FIRST_FILING.value,
    refusal: Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    html = render_template(
        "orders/new.html",
        form=form,
        chosen=chosen,
        types=_type_choices(),
        book=_book(),
        refusal=refusal,
        key=request.form.get("key") or secrets.token_urlsafe(16),
    )
    return html, status
