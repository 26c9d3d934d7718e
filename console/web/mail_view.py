"""Wording a mail when it is sent, from what the outbox keeps: no page, no request, no session."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import force_locale

from console import clock
from console.models import Order
from console.outside.mail import Mail
from console.queries.notices import verifier_of
from console.rules.labels import FILING_TYPES, VERIFIER_ROLES
from console.rules.masking import mask_mobile
from console.rules.notices import Kind, LeaderKind
from console.rules.text import T, Text
from console.services.books import book_named
from console.services.letters import Letter
from console.types import digest
from console.web.filters import china_time, say
from console.web.language import LANGUAGES
from console.web.notice_words import words
from console.web.portal_links import portal_links
from console.web.tokens import Viewer, make_token

CHINESE = "zh_Hans_CN"
HTML = {"en": "en", CHINESE: "zh-Hans"}

LEADER: dict[str, tuple[Text, Text]] = {
    LeaderKind.CODE: (
        T("A code was sent to your phone: verify before the deadline"),
        T("The ministry has texted a code to your mobile number %(mobile)s."),
    ),
    LeaderKind.REMINDER: (
        T("You have not verified yet, and the time is running out"),
        T("The ministry waits for you to enter the code it texted to %(mobile)s."),
    ),
    LeaderKind.BY_HAND: (
        T("Please verify: others wait for you"),
        T("The ministry waits for you to enter the code it texted to %(mobile)s."),
    ),
}


def draw(letter: Letter, order: Order, key: str) -> Mail:
    """The mail in its receiver's language; in both where that is not known."""
    known = letter.language in LANGUAGES
    languages = (letter.language,) if known else (CHINESE, "en")
    drawn = [_in(language, letter, order) for language in languages]
    return Mail(
        to=letter.to,
        subject=" / ".join(subject for subject, _ in drawn),
        text="\n\n".join(text for _, text in drawn),
        id=digest("mail", key)[:32],
        language=", ".join(HTML[language] for language in languages),
        at=clock.now(),
    )


def _in(language: str, letter: Letter, order: Order) -> tuple[str, str]:
    with force_locale(language):
        if letter.verifier:
            subject, values = _leader(language, letter, order)
            template = "mail/leader.txt"
        else:
            said = words(Kind(letter.kind), letter.data, letter.number)
            subject, values = said.title, {"said": said}
            template = "mail/notice.txt"
        text = current_app.jinja_env.get_template(template).render(
            letter=letter,
            order=order,
            type_label=FILING_TYPES[order.type],
            base=current_app.config["BASE_URL"],
            **values,
        )
        number = T("%(what)s (order %(number)s)", what=subject, number=letter.number)
        return say(number), text.strip() + "\n"


def _leader(language: str, letter: Letter, order: Order) -> tuple[Text, dict[str, Any]]:
    subject, what = LEADER[letter.kind]
    row = verifier_of(order.id, letter.round, letter.verifier)
    viewer = Viewer(order.id, letter.verifier, language, order.share_epoch)
    # The same link as on the order's page, which the applicant may hand on too.
    token = make_token(viewer, order.state_since)
    portal = portal_links(book_named(order.rulebook), order.province)
    return subject, {
        "what": Text(what.template, {"mobile": mask_mobile(row.mobile)}),
        "role": VERIFIER_ROLES[row.roles.split()[0]],
        "deadline": china_time(order.deadline) if order.deadline else "",
        "host": portal.host if portal else "",
        "link": f"{current_app.config['BASE_URL']}/status/{token}",
    }
