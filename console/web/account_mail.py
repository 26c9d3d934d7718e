"""Wording a mail about an account when it is sent: no page, no request, no session."""

from __future__ import annotations

from flask import current_app, url_for
from flask_babel import force_locale

from console import clock
from console.outside.mail import Mail
from console.rules.text import T, Text
from console.services.account_letters import CONFIRM, EXISTS, RECOVER, Leaving
from console.services.staff import INVITE
from console.types import digest
from console.web.account_tokens import INVITE_LASTS, make_link_token
from console.web.filters import say
from console.web.language import LANGUAGES
from console.web.mail_view import CHINESE, HTML

WORDS: dict[str, tuple[Text, Text]] = {
    RECOVER: (
        T("Set a new password"),
        T(
            "Somebody, probably you, asked to set a new password for your account. Open this link"
            " within an hour and choose one. If it was not you, do nothing: your password stays."
        ),
    ),
    INVITE: (
        T("Your staff account is ready"),
        T(
            "A colleague made an account with this e-mail address for you. Open this link within"
            " three days to choose a password. If nobody told you of this, do nothing."
        ),
    ),
    CONFIRM: (
        T("Confirm your e-mail address"),
        T(
            "An account was made with this e-mail address. Open this link within two days to"
            " confirm that the address is yours. If it was not you, do nothing."
        ),
    ),
    EXISTS: (
        T("You have an account already"),
        T(
            "Somebody, probably you, tried to make an account with this e-mail address, which has"
            " one. Sign in with it; if you do not know the password any more, set a new one."
        ),
    ),
    "password": (
        T("Your password was changed"),
        T(
            "The password of your account was changed, and every other session was ended. If it"
            " was not you, set a new password at once."
        ),
    ),
    "second-factor-on": (
        T("The second factor is on"),
        T("From now on, signing in takes a code from your authenticator app as well."),
    ),
    "second-factor-off": (
        T("The second factor is off"),
        T(
            "Signing in takes the password alone now. If it was not you, set a new password at"
            " once."
        ),
    ),
}


def draw(letter: Leaving) -> Mail:
    """The mail in its receiver's language; in both where that is not known."""
    known = letter.language in LANGUAGES
    languages = (letter.language,) if known else (CHINESE, "en")
    drawn = [_in(language, letter) for language in languages]
    return Mail(
        to=letter.to,
        subject=" / ".join(subject for subject, _ in drawn),
        text="\n\n".join(text for _, text in drawn),
        id=digest("mail", f"account-{letter.id}")[:32],
        language=", ".join(HTML[language] for language in languages),
        at=clock.now(),
    )


def _in(language: str, letter: Leaving) -> tuple[str, str]:
    subject, advice = WORDS[letter.data.get("what", letter.kind)]
    with force_locale(language):
        text = current_app.jinja_env.get_template("mail/account.txt").render(
            advice=advice, link=f"{current_app.config['BASE_URL']}{_path(letter)}"
        )
        return say(subject), text.strip() + "\n"


def _path(letter: Leaving) -> str:
    """Where the mail leads. The token is made now, and counts from when it was asked for."""
    with current_app.test_request_context():
        if letter.kind in (RECOVER, INVITE):
            lasts = INVITE_LASTS if letter.kind == INVITE else None
            token = make_link_token("recover", letter.account, letter.created_at, lasts)
            return url_for("recovery.choose", token=token)
        if letter.kind == CONFIRM:
            token = make_link_token("confirm", letter.account, letter.created_at)
            return url_for("account.confirm", token=token)
        return url_for("security.login")
