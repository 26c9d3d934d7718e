"""The form of a return: reasons, what each points at, and the text in the applicant's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from console.models import Order
from console.queries.desk import language_of
from console.rules.bilingual import Bilingual
from console.rules.filing import Filing
from console.rules.lifecycle import REASONS, ReturnedBy, reason_label
from console.rules.return_points import ADVICE, PAPERS, points_of
from console.rules.strings import seen
from console.rules.text import Text
from console.web.filters import say
from console.web.return_view import place
from console.web.returns_view import point_words

LANGUAGE = "zh_Hans_CN"  # of an applicant who chose none: filings are in Chinese


@dataclass(frozen=True)
class Choice:
    """A field or paper that can be ticked under a reason."""

    value: str
    part: Text | Bilingual | str
    label: Text | Bilingual | str
    service: int | None
    chosen: bool


@dataclass(frozen=True)
class ReasonChoice:
    """A reason with what it may point at."""

    code: str
    label: Text
    chosen: bool
    points: tuple[Choice, ...]


@dataclass(frozen=True)
class ReturnForm:
    """What was chosen and written. `reasons` are those ticked, or pointed with."""

    reasons: tuple[str, ...] = ()
    points: tuple[tuple[str, str], ...] = ()  # reason and point
    note: str = ""
    preview: str = ""
    choices: tuple[ReasonChoice, ...] = field(default=())

    def details(self) -> list[dict[str, Any]]:
        """The points as the order keeps them."""
        found = []
        for reason in self.reasons:
            keys = [key for code, key in self.points if code == reason]
            papers = [key for key in keys if key.startswith(f"{PAPERS}-")]
            fields = [key for key in keys if key not in papers]
            if keys:
                found.append({"reason": reason, "fields": fields, "materials": papers})
        return found


def read_form(filing: Filing) -> ReturnForm:
    """What was sent. A point that the filing does not have is left out; so is a repeated one."""
    sent = set(request.form.getlist("points"))
    points = tuple(
        (reason, key)
        for reason in REASONS
        for key in points_of(reason, filing)
        if f"{reason}|{key}" in sent
    )
    pointed = {reason for reason, _key in points}
    ticked = request.form.getlist("reasons")
    unknown = [code for code in ticked if code not in REASONS]
    reasons = [code for code in REASONS if code in ticked or code in pointed]
    return ReturnForm((*reasons, *unknown), points, seen(request.form.get("note", "")))


def with_choices(form: ReturnForm, filing: Filing) -> ReturnForm:
    """The form as it is drawn."""
    return ReturnForm(
        form.reasons, form.points, form.note, form.preview, tuple(_choices(form, filing))
    )


def _choices(form: ReturnForm, filing: Filing) -> Iterator[ReasonChoice]:
    for code, label in REASONS.items():
        points = tuple(
            Choice(f"{code}|{key}", *point_words(key), (code, key) in form.points)
            for key in points_of(code, filing)
        )
        yield ReasonChoice(code, label, code in form.reasons, points)


def previewed(form: ReturnForm, order: Order) -> ReturnForm:
    """The form with its text written where there is none, and what the applicant will see."""
    language = language_of(order.applicant_id) or LANGUAGE
    with force_locale(language):
        note = form.note.strip() or "\n".join(_advice(form))
        returned = returned_for_preview(form, note)
        # Drawn by a template, so what was typed is escaped in it already.
        html = Markup(
            render_template("review/_return_preview.html", returned=returned, language=language)
        )
    return ReturnForm(form.reasons, form.points, note, html)


def _advice(form: ReturnForm) -> Iterator[str]:
    for code in form.reasons:
        if code in ADVICE:
            where = [place(key) for reason, key in form.points if reason == code]
            words = {"reason": say(reason_label(code)), "advice": say(ADVICE[code])}
            if where:
                yield _("%(reason)s (%(where)s): %(advice)s", where=", ".join(where), **words)
            else:
                yield _("%(reason)s: %(advice)s", **words)


def returned_for_preview(form: ReturnForm, note: str) -> Mapping[str, Any]:
    """What `orders/_returned.html` draws, as it would be after this return."""
    known = [code for code in form.reasons if code in REASONS]
    points: dict[str, Sequence[str]] = {
        code: [place(key) for reason, key in form.points if reason == code] for code in known
    }
    return {
        "by": ReturnedBy.PROVIDER,
        "reasons": [(code, REASONS[code], points[code]) for code in known],
        "note": note,
    }
