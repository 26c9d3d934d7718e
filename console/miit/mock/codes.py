"""Codes: drawn, kept as keyed digests, compared in constant time, voided."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from console.miit.mock.tables import MinistryCode, MinistryPerson
from console.types import digest

# Six ASCII digits and nothing else: `\d` and `isdigit` take other scripts' digits, too.
CODE = re.compile(r"[0-9]{6}")


def plain_mobile(mobile: str) -> str:
    """A mobile number as the ministry keeps it: no country code, spaces or hyphens."""
    return re.sub(r"^(?:\+|00)86", "", re.sub(r"[ -]", "", mobile.strip()))


def new_code() -> str:
    """Six digits, each as likely as the others; leading zeros stay."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(mobile: str, code: str) -> str:
    """The keyed digest under which a code of a mobile number is kept and found."""
    return digest("miit-code", f"{plain_mobile(mobile)} {code}")


def mobile_digest(mobile: str) -> str:
    """The keyed digest by which what belongs to a mobile number is found."""
    return digest("miit-mobile", plain_mobile(mobile))


def last_six_digest(last_six: str) -> str:
    """The keyed digest of a certificate's last six characters; `x` is `X`."""
    return digest("miit-last-six", last_six)


def same(one: str | None, other: str) -> bool:
    """Compare two digests in constant time; as bytes, since text may hold anything."""
    return hmac.compare_digest((one or "").encode(), other.encode())


def draw(session: Session, person: MinistryPerson) -> tuple[str, str, str]:
    """A code for a person with its two digests.

    It is none this person has had (jdcloud-2019 says so; under the others an earlier code that
    came again would look as if it had never been voided), and none that lives for the same
    mobile number.
    """
    while True:
        code = new_code()
        of_mobile = code_digest(person.mobile, code)
        of_person = digest("miit-code-of-person", f"{person.id} {code}")
        had = exists().where(
            MinistryCode.person_id == person.id, MinistryCode.person_digest == of_person
        )
        lives = exists().where(
            MinistryCode.code_digest == of_mobile, MinistryCode.void_at.is_(None)
        )
        if not session.execute(select(had | lives)).scalar_one():
            return code, of_mobile, of_person


def void_codes(session: Session, person_ids: list[int], now: datetime) -> None:
    """End every code of these people, sent or still due."""
    session.execute(
        update(MinistryCode)
        .where(MinistryCode.person_id.in_(person_ids), MinistryCode.void_at.is_(None))
        .values(void_at=now)
        .execution_options(synchronize_session=False)
    )
