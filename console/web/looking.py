"""What is told about an answer while an order is filled in, as soon as it is typed.

With htmx a field asks for itself when it changes; without, the page says the same once it is
saved. Nothing is kept, and nothing here stands in anyone's way: saving has its own checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import wtforms
from flask import abort, render_template
from flask.typing import ResponseReturnValue

from console.rules.advice import advice_for
from console.rules.book_words import CARRIER_NAMES, sender
from console.rules.carriers import carrier_of, sender_for
from console.rules.checks.certificates import (
    CHECKED,
    credit_code_problem,
    person_number_problem,
)
from console.rules.domains import show_domain
from console.rules.text import T, Text
from console.web.desk import Desk
from console.web.filters import china_date
from console.web.forms.steps import Step


@dataclass(frozen=True)
class Told:
    """A fact about an answer; `source` where somebody else vouches for it."""

    text: object
    source: Text | None = None


Facts = tuple[Told, ...]


def _advice(form: wtforms.Form, _desk: Desk) -> Facts:
    return tuple(
        Told(
            advice.text,
            T("%(source)s, %(day)s", source=advice.source, day=china_date(advice.as_of)),
        )
        for advice in advice_for(form.province.data, form.nature.data)
    )


def _number(form: wtforms.Form, desk: Desk) -> Facts:
    kind, number = form.certificate_type.data, form.certificate_number.data
    if kind in CHECKED:
        fits = person_number_problem(kind, number, desk.today) is None
    else:
        fits = "nature" in form and credit_code_problem(number) is None
    return (Told(T("The check digit fits.")),) if fits else ()


def _mobile(form: wtforms.Form, desk: Desk) -> Facts:
    number, book = form.mobile.data, desk.book
    if book is None:
        return ()
    return (
        Told(
            T(
                "By its prefix: %(carrier)s. The ministry's text comes from %(sender)s.",
                carrier=CARRIER_NAMES[carrier_of(number)],
                sender=sender(sender_for(book, number)),
            )
        ),
    )


def _domain(form: wtforms.Form, _desk: Desk) -> Facts:
    name = show_domain(form.domain.data)
    return (Told(T("A domain that can be registered: %(name)s", name=name)),)


FACTS: Mapping[str, Callable[[wtforms.Form, Desk], Facts]] = {
    "entity-province": _advice,
    "entity-certificate_number": _number,
    "entity_leader-certificate_number": _number,
    "entity_leader-mobile": _mobile,
    "website_leader-certificate_number": _number,
    "website_leader-mobile": _mobile,
    "service-domain": _domain,
}


def tell(desk: Desk, step: Step, path: str) -> None:
    """Put to the fields of a step that look for themselves where they ask, and what is known."""
    for form in step.forms:
        for field in form:
            if field.name not in FACTS or hasattr(field, "given"):
                continue
            field.look = f"{path}/look/{field.name}"
            good = field.data and not field.errors
            field.told = FACTS[field.name](form, desk) if good else ()


def answer(desk: Desk, step: Step, path: str, name: str) -> ResponseReturnValue:
    """One field as it would be if the page were sent now; one left empty is not complained of."""
    step.attach(desk.check(step.applied(desk.filing)))
    if desk.registered:
        step.compare(desk.registered)
    tell(desk, step, path)
    field = next((field for field in step.fields() if field.name == name), None)
    if field is None or not hasattr(field, "look"):
        abort(404)
    if not field.data:
        field.errors = []
    return render_template("orders/_looked.html", question=field)
