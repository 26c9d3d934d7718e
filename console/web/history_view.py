"""What happened to an order, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.queries.orders import EventLine
from console.rules.labels import ACTIONS, ROLES
from console.rules.lifecycle import REASONS, SYSTEM_REASONS, reason_label
from console.rules.text import T, Text

ENTITY_LEADER = "entity-leader"

# What is recorded besides the moves of the lifecycle.
NOTED: dict[str, Text] = {
    "claim": T("Taken up by a reviewer"),
    "release": T("Given back to the queue by the reviewer"),
    "hand-on": T("Handed on to another reviewer"),
    "note": T("A reviewer left a note for colleagues"),
    "delivery-held": T("What was to be told outside was stopped by hand"),
    "delivery-sent-by-hand": T("What was to be told outside was sent by hand"),
    "reveal": T("A reviewer looked at the personal data in full"),
    "look-at-material": T("A reviewer looked at an uploaded material"),
    "open-all": T("The applicant opened the whole order for correction"),
    "revoke-links": T("The leaders' links were revoked"),
    "withdraw-asked": T("Withdrawal asked of the ministry"),
    "withdraw-already-done": T("Too late to withdraw: the administration has the order"),
    "withdraw-gave-up": T("The ministry did not take the withdrawal"),
    "submit-already-done": T("The ministry had the order already"),
    "change-mobile-gave-up": T("The ministry did not take the corrected mobile number"),
    "change-mobile-already-done": T("Too late to correct the mobile number"),
    "purge": T("The answers and papers were deleted; this history stays"),
    "lapse-notice": T("Told that the order will lapse"),
}
OF_A_PERSON: dict[str, Text] = {
    "code-sent": T("Code sent to %(who)s"),
    "code-resent": T("New code sent to %(who)s, resend %(count)s"),
    "entry-failed": T("A failed entry for %(who)s, try %(count)s"),
    "verified": T("Verified: %(who)s"),
    "remind": T("Reminded by e-mail: %(who)s"),
    "change-mobile-asked": T("A corrected mobile number for %(who)s was sent to the ministry"),
    "mobile-corrected": T("Mobile number corrected for %(who)s"),
    "leader-confirmed": T("Particulars confirmed by %(who)s"),
    "leader-mismatch": T("An entry that did not match, by %(who)s, try %(count)s"),
    "leader-stuck": T("An entry that did not match, by %(who)s: the tries are used up"),
    "leader-wrong-person": T("Wrong person or number, says %(who)s"),
}
LEADER = T("Leader, through their link")


@dataclass(frozen=True)
class Line:
    """One thing that happened. `who` is the role, `by` what a reviewer may know of the account."""

    at: datetime
    action: str
    what: Text
    who: Text
    reasons: tuple[Text, ...]
    by: str


def person(key: str) -> Text:
    """A verifier by key, to stand inside a sentence."""
    if key == ENTITY_LEADER:
        return T("the entity leader")
    return T("the leader of website or app %(position)s", position=key.rpartition("-")[2])


def lines(events: Sequence[EventLine], accounts: Mapping[int, str] | None = None) -> list[Line]:
    """The history, newest first. `accounts`: what to call an account, where that is shown."""
    names = accounts or {}
    return [
        Line(
            at=event.at,
            action=event.action,
            what=what_happened(event.action, event.data),
            who=ROLES.get(event.actor) or LEADER,
            reasons=_reasons(event),
            by=names.get(event.actor_id or 0, ""),
        )
        for event in reversed(events)
    ]


def what_happened(action: str, data: Mapping[str, Any]) -> Text:
    """An event in words, by its action and its data."""
    if action in ACTIONS:
        return ACTIONS[action]
    if action in OF_A_PERSON:
        who = person(str(data.get("verifier")))
        count = data.get("tries_used", data.get("resends_used", ""))
        return Text(OF_A_PERSON[action].template, {"who": who, "count": count})
    return NOTED.get(action) or T("Noted: %(what)s", what=action)


def _reasons(event: EventLine) -> tuple[Text, ...]:
    known = (REASONS, SYSTEM_REASONS)
    codes = event.data.get("reasons", ())
    return tuple(reason_label(code) for code in codes if any(code in list_ for list_ in known))
