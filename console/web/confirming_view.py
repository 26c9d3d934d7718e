"""Who will have to verify, and what each has said about it through their own link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from console.queries.around import Word
from console.rules.labels import VERIFIER_ROLES
from console.rules.masking import mask_mobile
from console.rules.text import T, Text
from console.rules.verifiers import Verifier
from console.services.confirming import MOST_TRIES, ToConfirm

REPORTED, CONFIRMED, STUCK, MISMATCH, NOT_YET = (
    "reported",
    "confirmed",
    "stuck",
    "mismatch",
    "not-yet",
)
LABELS: dict[str, Text] = {
    REPORTED: T("Reported: wrong person or number"),
    CONFIRMED: T("Confirmed"),
    STUCK: T("Five entries did not match"),
    MISMATCH: T("An entry did not match"),
    NOT_YET: T("Not confirmed yet"),
}


@dataclass(frozen=True)
class ConfirmingLine:
    """One person. `link` is for handing on, `qr` the path of its picture; both may be left out."""

    key: str
    role_label: Text
    about: Text | None
    mobile_masked: str
    state: str
    state_label: Text
    at: datetime | None
    link: str | None = None

    @property
    def qr(self) -> str | None:
        """Where the link is drawn as a QR code, on this origin."""
        return qr_path(self.link)


def qr_path(link: str | None) -> str | None:
    """The path of the picture of a leader's link."""
    return f"{urlsplit(link).path}/qr.svg" if link else None


def word_of(word: Word | None) -> str:
    """What a leader has said, as a code of `LABELS`."""
    if word is None:
        return NOT_YET
    if word.reported_at is not None:
        return REPORTED
    if word.confirmed_at is not None:
        return CONFIRMED
    if word.tries >= MOST_TRIES:
        return STUCK
    return MISMATCH if word.tries else NOT_YET


def role_of(verifier: Verifier) -> Text:
    """The roles for which someone verifies, in words."""
    if len(verifier.roles) > 1:
        return T("Entity leader and website leader")
    return VERIFIER_ROLES[verifier.roles[0]]


def confirming_lines(
    people: Sequence[ToConfirm],
    words: Mapping[str, Word],
    links: Mapping[str, str] | None = None,
) -> tuple[ConfirmingLine, ...]:
    """A line for each who will have to verify and what they said. `links` are for handing on."""
    several = sum(bool(one.verifier.services) for one in people) > 1
    made = []
    for one in people:
        key, word = one.verifier.key, words.get(one.verifier.key)
        state = word_of(word)
        position = one.verifier.services[0] if one.verifier.services else None
        made.append(
            ConfirmingLine(
                key=key,
                role_label=role_of(one.verifier),
                about=T("Website or app %(position)s", position=position)
                if several and position
                else None,
                mobile_masked=mask_mobile(one.person.mobile),
                state=state,
                state_label=LABELS[state],
                at=(word.reported_at or word.confirmed_at) if word else None,
                link=(links or {}).get(key),
            )
        )
    return tuple(made)


def reported_keys(words: Mapping[str, Word]) -> tuple[str, ...]:
    """The verifiers who said that the link is not theirs."""
    return tuple(key for key, word in words.items() if word.reported_at is not None)
