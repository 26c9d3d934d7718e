"""Starting an order: `/orders/new` asks for its type, `/orders/new/<type>` what it is about."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from console import clock
from console.errors import Busy, Conflict, Invalid, Refusal
from console.queries.register import FiledEntity, filed, filed_entity, holdings
from console.rules.filing import FilingType
from console.rules.rulebook import Rulebook
from console.rules.sections import sections_of
from console.rules.text import T
from console.services.books import book_on
from console.services.drafts import MOST_SERVICES
from console.services.starting import refuse_by_answers, start, start_add_provider
from console.web import preview
from console.web.forms.new_order import AddProviderForm, NewOrderForm
from console.web.guards import applicant_required, current_actor
from console.web.ministry import gateway
from console.web.starting_about import About
from console.web.starting_view import type_choices

blueprint = Blueprint("starting", __name__, url_prefix="/orders/new")

FIRST = FilingType.FIRST_FILING
# The first page asks all that a first filing needs; the others have a page of their own.
TYPE = '<any(change, "add-service", "cancel-entity", "cancel-service", "cancel-access"):code>'


def _account() -> int:
    account_id = current_actor().id
    assert account_id is not None, "an applicant has an account"
    return account_id


def _today() -> date:
    return clock.china_day(clock.now())


def _book() -> Rulebook | None:
    return book_on(_today())


def _key() -> str:
    """The page's own key, so that a form sent twice starts one order."""
    return request.form.get("key", "")[:64] or secrets.token_urlsafe(16)


def _to_draft(number: str, filing_type: FilingType) -> ResponseReturnValue:
    return redirect(f"/orders/{number}/edit/{sections_of(filing_type).first}", 303)


def _status(refusal: Refusal) -> int:
    return 409 if isinstance(refusal, Conflict) else 503 if isinstance(refusal, Busy) else 422


# ---- the first page


@blueprint.get("")
@applicant_required
def choose() -> ResponseReturnValue:
    """Ask what is to be filed."""
    return _choose_page(NewOrderForm(), request.args.get("type", FIRST.value))


@blueprint.post("/look")
@applicant_required
def choose_looked() -> ResponseReturnValue:
    """The page with who must verify for what was typed; nothing is started."""
    form = NewOrderForm(request.form)
    form.attach(MOST_SERVICES)
    return _choose_page(form, request.form.get("type", FIRST.value))


@blueprint.post("")
@applicant_required
def chosen() -> ResponseReturnValue:
    """Start a first filing; any other type goes on to what it is about."""
    form = NewOrderForm(request.form)
    code = request.form.get("type", FIRST.value)
    closed = {choice.code: choice.closed for choice in type_choices(holdings(_account()))}
    if code not in closed:
        return _choose_page(form, code, Invalid(T("Choose a type of order.")))
    if reason := closed[code]:
        return _choose_page(form, code, Invalid(reason))
    if code != FIRST:
        return redirect(f"/orders/new/{code}", 303)
    form.attach(MOST_SERVICES)
    if form.wrong:
        return _choose_page(form, code, status=422)
    try:
        number = start(current_actor(), FIRST, form.kinds(), key=_key())
    except Refusal as refusal:
        return _choose_page(form, code, refusal)
    return _to_draft(number, FIRST)


def _choose_page(
    form: NewOrderForm, code: str, refusal: Refusal | None = None, status: int = 200
) -> ResponseReturnValue:
    book = _book()
    html = render_template(
        "orders/new.html",
        form=form,
        chosen=code,
        types=type_choices(holdings(_account())),
        book=book,
        refusal=refusal,
        key=_key(),
        who=preview.of_outline(book, FIRST, form.kinds(), form.province.data or "", _today()),
        look="/orders/new/look",
        looked=request.method == "POST",
    )
    return html, _status(refusal) if refusal else status


# ---- who must verify, for htmx


@blueprint.get("/who")
@applicant_required
def who() -> ResponseReturnValue:
    """The panel alone, for what is chosen so far."""
    code = request.args.get("type", FIRST.value)
    types = {filing_type.value for filing_type in FilingType}
    filing_type = FilingType(code) if code in types else FIRST
    return render_template(
        "orders/_new_who.html",
        who=_preview(filing_type, request.args),
        look="/orders/new/look" if filing_type is FIRST else f"/orders/new/{code}/look",
    )


def _preview(filing_type: FilingType, sent: MultiDict[str, str]) -> preview.Preview:
    book = _book()
    if filing_type is FilingType.ADD_PROVIDER:
        return preview.of_icp_number(book, sent.get("icp_number", ""), _today())
    if filing_type is FIRST:
        form = NewOrderForm(sent)
        return preview.of_outline(book, FIRST, form.kinds(), form.province.data or "", _today())
    about = About(filing_type, sent)
    entity = filed_entity(_account(), about.entity_id)
    return about.preview(book, entity, _today()) if entity else preview.Preview(book)


# ---- about something in the register


@blueprint.get(f"/{TYPE}")
@applicant_required
def about(code: str) -> ResponseReturnValue:
    """Ask which entity, then which of its websites and apps."""
    return _about_page(About(FilingType(code), request.args))


@blueprint.post(f"/{TYPE}/look")
@applicant_required
def about_looked(code: str) -> ResponseReturnValue:
    """The page with who must verify for what is ticked; nothing is started."""
    return _about_page(About(FilingType(code), request.form))


@blueprint.post(f"/{TYPE}")
@applicant_required
def about_sent(code: str) -> ResponseReturnValue:
    """Start the order and lead to its first step."""
    asked = About(FilingType(code), request.form)
    asked.attach()
    if asked.problems:
        return _about_page(asked, status=422)
    try:
        number = start(
            current_actor(),
            asked.filing_type,
            asked.kinds(),
            entity_id=asked.entity_id,
            service_ids=asked.ticked,
            key=_key(),
        )
    except (Invalid, Conflict, Busy) as refusal:
        return _about_page(asked, refusal)
    return _to_draft(number, asked.filing_type)


def _about_page(
    asked: About, refusal: Refusal | None = None, status: int = 200
) -> ResponseReturnValue:
    after = request.args.get("after", 0, type=int)
    page = filed(_account(), min(max(after, 0), 2**31), cancelled=False)
    entity = filed_entity(_account(), asked.entity_id) if asked.entity_id else None
    if entity is None and not asked.entity_id and not after and len(page.entities) == 1:
        entity = page.entities[0]
    if not page.entities and not after:
        return redirect("/orders/new", 303)
    if entity is None:
        return render_template("orders/new_entity.html", asked=asked, page=page, first=not after)
    return _entity_page(asked, entity, refusal), _status(refusal) if refusal else status


def _entity_page(asked: About, entity: FiledEntity, refusal: Refusal | None) -> str:
    book = _book()
    return render_template(
        "orders/new_about.html",
        asked=asked,
        entity=entity,
        choices=asked.choices(entity),
        several=holdings(_account()).entities > 1,
        in_the_way=None if refusal else asked.in_the_way(entity),
        refusal=refusal,
        book=book,
        key=_key(),
        who=asked.preview(book, entity, _today()),
        look=f"/orders/new/{asked.filing_type.value}/look",
    )


# ---- about something filed elsewhere


@blueprint.get("/add-provider")
@applicant_required
def add_provider() -> ResponseReturnValue:
    """Ask what is filed elsewhere, and what the book in force wants to know."""
    return _provider_page(_provider_form())


@blueprint.post("/add-provider/look")
@applicant_required
def add_provider_looked() -> ResponseReturnValue:
    """The page with who must verify for the number typed; nothing is started."""
    return _provider_page(_provider_form())


@blueprint.post("/add-provider")
@applicant_required
def add_provider_sent() -> ResponseReturnValue:
    """Look the number up at the ministry and start the order."""
    form = _provider_form()
    form.attach()
    if form.wrong:
        return _provider_page(form, status=422)
    try:
        refuse_by_answers(form.answers())
    except Refusal as advice:
        form.mobile_changed.errors.append(advice.text)
        return _provider_page(form, status=422)
    try:
        number = start_add_provider(
            current_actor(),
            form.number(),
            form.certificate_number.data,
            form.answers(),
            gateway(),
            _key(),
        )
    except Invalid as refusal:
        form.icp_number.errors.append(refusal.text)
        return _provider_page(form, status=422)
    except Refusal as refusal:
        return _provider_page(form, refusal)
    return _to_draft(number, FilingType.ADD_PROVIDER)


def _provider_form() -> AddProviderForm:
    book = _book()
    return AddProviderForm(request.form, book is not None and book.add_provider is not None)


def _provider_page(
    form: AddProviderForm, refusal: Refusal | None = None, status: int = 200
) -> ResponseReturnValue:
    book = _book()
    html = render_template(
        "orders/new_provider.html",
        form=form,
        refusal=refusal,
        book=book,
        key=_key(),
        who=preview.of_icp_number(book, form.icp_number.data or "", _today()),
        look="/orders/new/add-provider/look",
    )
    return html, _status(refusal) if refusal else status
