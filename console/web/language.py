"""Which language a page is in: the account's, else the session's, else the browser's."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask import Blueprint, Flask, g, has_request_context, redirect, request, session
from flask.globals import app_ctx
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, get_translations
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from console.extensions import babel
from console.services.accounts import choose_language
from console.web.paths import safe_next

LANGUAGES = {"en": "English", "zh_Hans_CN": "简体中文"}
# "zh" is what a Chinese browser sends; matching our long name against it would answer English.
OFFERED = {"en": "en", "zh": "zh_Hans_CN"}

blueprint = Blueprint("language", __name__)

# By locale. Flask-Babel looks for the domain, the cache and the locale's name at every text, which
# is most of what drawing a page of many texts would cost.
_catalogues: dict[Any, Any] = {}
# A locale lives as long as a request, and is slow to compare: it carries its catalogue along.
_CARRIED = "_console_catalogue"


def init_app(app: Flask) -> None:
    """Bind Babel, and tell caches and templates about the choice."""
    babel.init_app(app, locale_selector=locale)
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _of_template


def translated(text: str) -> str:
    """A text of the catalogue in the reader's language."""
    # As `get_locale`, without four detours through thread-bound names for each text of a page.
    here = app_ctx._get_current_object().g if app_ctx else None  # type: ignore[attr-defined]
    known = getattr(here, "_flask_babel", None)
    locale = getattr(known, "babel_locale", None) or get_locale()
    catalogue = getattr(locale, _CARRIED, None) or _carried(locale)
    found: str = catalogue.ugettext(text)
    return found


def _carried(locale: Locale | None) -> Any:
    if locale not in _catalogues:
        _catalogues[locale] = get_translations()
    if locale is not None:
        setattr(locale, _CARRIED, _catalogues[locale])
    return _catalogues[locale]


@pass_eval_context
def _of_template(context: EvalContext, text: str, /, **values: Any) -> str:
    """As Jinja's own: always a format string, and what it is filled with is escaped."""
    found = Markup(translated(text)) if context.autoescape else translated(text)
    return found % values if values or "%" in found else found


def locale() -> str:
    """The locale of this request; English outside of requests."""
    if not has_request_context():
        return "en"
    return _chosen() or _of_browser()


def _chosen() -> str | None:
    # Asking for the person would read the database, also where nobody else needs them.
    account = g.get("_login_user")
    if account is not None and getattr(account, "language", "") in LANGUAGES:
        language: str = account.language
        return language
    language = session.get("language", "")
    return language if language in LANGUAGES else None


def _of_browser() -> str:
    return OFFERED[request.accept_languages.best_match(list(OFFERED)) or "en"]


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    """Keep the language for this browser, and for the account where there is one."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = language
        if current_user.is_authenticated:
            choose_language(current_user.id, language)
    return redirect(safe_next(request.form.get("next")) or "/", 303)
