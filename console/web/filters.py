"""What templates can say and show: sentences in the person's language, moments in China time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, request
from flask_babel import format_date, get_locale

from console import clock
from console.queries.texts import provider_name, texts
from console.rules import labels
from console.rules.bilingual import Bilingual
from console.rules.masking import mask_certificate, mask_email, mask_mobile, mask_name
from console.rules.text import Text
from console.web.language import translated
from console.web.paths import safe_next


def say(text: object) -> str:
    """A Text in the reader's language, whatever it is filled with translated first."""
    if isinstance(text, Bilingual):
        return text.to(get_locale())
    if not isinstance(text, Text):
        return str(text)
    if not text.values:
        return translated(text.template)
    values = {
        key: say(value) if isinstance(value, (Text, Bilingual)) else value
        for key, value in text.values.items()
    }
    return translated(text.template) % values


def china_time(moment: datetime, seconds: bool = False) -> str:
    """`2026-11-21 14:05`: a moment in China, as numbers that both languages read alike."""
    local = moment.astimezone(clock.CHINA).replace(tzinfo=None)
    return local.isoformat(" ", "seconds" if seconds else "minutes")


def china_date(day: date | datetime) -> str:
    """A calendar day in China in the reader's language."""
    if isinstance(day, datetime):
        day = clock.china_day(day)
    return str(format_date(day, "long"))


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, for machines and `datetime` attributes."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def html_lang() -> str:
    """The page's language as HTML names it."""
    return "zh-Hans" if str(get_locale() or "en").startswith("zh") else "en"


def page_path() -> str:
    """The page's own path, to come back to after something small; "/" where there is none."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return safe_next(here) or "/"


FILTERS: dict[str, Any] = {
    "say": say,
    "china_time": china_time,
    "china_date": china_date,
    "iso": iso,
    "mask_mobile": mask_mobile,
    "mask_certificate": mask_certificate,
    "mask_name": mask_name,
    "mask_email": mask_email,
}


def init_app(app: Flask) -> None:
    """Give the templates their filters and helpers."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        provider_name=provider_name,
        desk_texts=texts,
        html_lang=html_lang,
        now=clock.now,
        labels=labels,
        page_path=page_path,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
