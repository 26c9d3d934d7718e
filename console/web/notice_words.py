"""What a notice says: the same words in the console and in its mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.rules.labels import RETURNED_BY as BY
from console.rules.lifecycle import RETURNED_BY, Action, Role
from console.rules.notices import OFFER, Kind
from console.rules.text import T, Text
from console.web.filters import china_time
from console.web.history_view import person
from console.web.return_view import reason_labels

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """`title` names the happening, `what` says it, `reasons` why; `path` is where to act on it."""

    title: Text
    what: Text
    reasons: tuple[Text, ...]
    path: str


def words(kind: Kind, data: Data, number: str) -> Words:
    """The words for one notice about an order."""
    said = WHAT[kind]
    place = "/review/" if OFFER[kind].role is Role.REVIEWER else "/orders/"
    codes = data.get("reasons", ()) if kind is Kind.RETURNED else ()
    return Words(
        title=OFFER[kind].label,
        what=said if isinstance(said, Text) else said(data),
        reasons=tuple(label for _, label in reason_labels(codes)),
        path=f"{place}{number}",
    )


def moment(data: Data) -> str:
    """The moment a notice is about, in China."""
    return china_time(datetime.fromisoformat(data["moment"]))


def _who(data: Data) -> Text:
    return person(str(data.get("verifier")))


def _submitted(data: Data) -> Text:
    if data.get("action") == Action.RESUBMIT_UNMODIFIED:
        return T("It was submitted unchanged and goes straight back to verification.")
    return T("It waits for the provider's first review, which takes 1 to 3 working days.")


def _returned(data: Data) -> Text:
    by = RETURNED_BY.get(Action(data["action"]))
    return T("%(by)s. See why, correct it and submit it again.", by=BY[by] if by else "")


def _forwarded(data: Data) -> Text:
    if data.get("action") == Action.HAND_OVER_UNVERIFIED:
        return T("Nobody has to verify: it is with the province's administration.")
    return T("The ministry sends each leader who must verify a code by text message.")


def _cancelled(data: Data) -> Text:
    if data.get("action") == Action.DISCARD:
        return T("You discarded it. You can start again from it.")
    return T("It was not submitted again in time. You can start again from it.")


WHAT: dict[Kind, Text | Callable[[Data], Text]] = {
    Kind.TO_REVIEW: T("An applicant submitted it. Claim it to review it."),
    Kind.SUBMITTED: _submitted,
    Kind.REVIEW_BEGUN: T("A reviewer has taken it up."),
    Kind.RETURNED: _returned,
    Kind.APPROVED: T("It is on its way to the ministry. Keep the leaders' phones switched on."),
    Kind.FORWARDED: _forwarded,
    Kind.CODE_SENT: lambda data: T(
        "The ministry texted a code to %(who)s. It has to be entered before the deadline.",
        who=_who(data),
    ),
    Kind.VERIFIED: lambda data: T("Done: %(who)s.", who=_who(data)),
    Kind.WRONG_PERSON: lambda data: T(
        "Someone used the link of %(who)s to say that it is not meant for them, or that the number"
        " is wrong. Check that person's mobile number and e-mail address; withdraw the order to"
        " correct them.",
        who=_who(data),
    ),
    Kind.WRONG_PERSON_REVIEW: lambda data: T(
        "Someone used the link of %(who)s to say that it is not meant for them, or that the number"
        " is wrong. Weigh it before you decide.",
        who=_who(data),
    ),
    Kind.STUCK: lambda data: T(
        "Through the link of %(who)s, mobile number and last six characters were entered that are"
        " not those of the order. Compare both with that person; withdraw the order to correct"
        " them, or revoke the links, which gives five more tries.",
        who=_who(data),
    ),
    Kind.STUCK_REVIEW: lambda data: T(
        "Through the link of %(who)s, mobile number and last six characters were entered that are"
        " not those of the order. The code may reach the wrong phone: weigh it before you decide.",
        who=_who(data),
    ),
    Kind.ALL_VERIFIED: T(
        "The order is with the province's administration, which answers within 20 working days."
    ),
    Kind.DEADLINE_NEAR: lambda data: T(
        "Someone still has to verify before %(moment)s China time, or the order comes back. Call"
        " them: the order's page says who it is.",
        moment=moment(data),
    ),
    Kind.EXPIRED: T("Not everyone verified in time, so the order came back. Submit it again."),
    Kind.TRIES_USED_UP: T(
        "Too many entries failed, so the order came back. Its page says what to do, and by when."
    ),
    Kind.ACCEPTED: T("The ICP number is on the order's page. Show it at the foot of the website."),
    Kind.LAPSE_SOON: lambda data: T(
        "Nobody touched it for long. It lapses at %(moment)s China time unless you go on with it.",
        moment=moment(data),
    ),
    Kind.LAPSED: T("Nobody touched it for 45 days. You can start again from it."),
    Kind.CANCELLED: _cancelled,
}
