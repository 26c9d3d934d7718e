"""The picture check: letters in a picture, or a small sum in words for who cannot see it.

Both answers travel encrypted with the form, so that looking at a page writes nothing; an answer
that was given, right or wrong, is remembered, so that each picture serves once.
"""

from __future__ import annotations

import hmac
import json
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from captcha.image import ImageCaptcha
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from console.keyring import DataDamaged, KeyMissing
from console.miit.mock.register_tables import MinistryPicture
from console.miit.mock.store import write
from console.rules.text import T, Text
from console.types import Moment, keyring

LIFE = timedelta(minutes=30)
# How long it is remembered that a picture was answered.
KEPT = 3 * LIFE
# Nothing that looks like something else.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
WORDS = (
    T("one"),
    T("two"),
    T("three"),
    T("four"),
    T("five"),
    T("six"),
    T("seven"),
    T("eight"),
    T("nine"),
    T("ten"),
)


@dataclass(frozen=True)
class Check:
    """A picture check: its token, and the question in words that may be answered instead."""

    token: str
    question: Text


def new_check(now: datetime) -> Check:
    """A fresh picture check."""
    one, other = secrets.randbelow(10), secrets.randbelow(10)
    content = {
        "nonce": secrets.token_hex(16),
        "letters": "".join(secrets.choice(LETTERS) for _ in range(4)),
        "one": one,
        "other": other,
        "at": now.isoformat(),
    }
    token = keyring().encrypt(json.dumps(content))
    return Check(token, question(content))


def question(content: dict[str, object]) -> Text:
    """The sum in words."""
    one, other = int(str(content["one"])), int(str(content["other"]))
    return T("What is %(one)s plus %(other)s?", one=WORDS[one], other=WORDS[other])


def opened(token: str, now: datetime) -> dict[str, object] | None:
    """What a token holds; None when it is not ours, damaged or too old."""
    try:
        content: dict[str, object] = json.loads(keyring().decrypt(token))
        at = datetime.fromisoformat(str(content["at"]))
    except (KeyMissing, DataDamaged, ValueError, KeyError, TypeError):
        return None
    return content if "letters" in content and now - LIFE < at <= now + LIFE else None


def picture(content: dict[str, object]) -> bytes:
    """The letters as a PNG."""
    image = ImageCaptcha(width=200, height=70)
    return image.generate(str(content["letters"])).getvalue()


def passed(token: str, given: str, now: datetime) -> bool:
    """Whether the answer is right, to a picture that was not answered before."""
    content = opened(token, now)
    if content is None or not write(lambda session: _use(session, str(content["nonce"]), now)):
        return False
    entered = unicodedata.normalize("NFKC", given).strip().upper().encode()
    total = int(str(content["one"])) + int(str(content["other"])) + 2  # the words start at one
    letters = hmac.compare_digest(entered, str(content["letters"]).encode())
    words = hmac.compare_digest(entered, str(total).encode())
    return letters or words


def _use(session: Session, nonce: str, now: datetime) -> bool:
    if session.get(MinistryPicture, nonce) is not None:
        return False
    session.add(MinistryPicture(nonce=nonce, used_at=now))
    session.flush()
    return True


def old_pictures(until: Moment) -> Select[str]:
    """The marks of pictures answered until then: after KEPT they are too old to be answered."""
    return select(MinistryPicture.nonce).where(MinistryPicture.used_at <= until)


def forget_used(session: Session, now: datetime) -> None:
    """Delete those marks."""
    session.execute(delete(MinistryPicture).where(MinistryPicture.used_at <= now - KEPT))
