"""What the administrators' pages say in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.queries.audit import TrailRow
from console.queries.faring import Health
from console.rules.labels import ACTIONS, ROLES, STATES
from console.rules.lifecycle import Action
from console.rules.text import T, Text
from console.web.history_view import LEADER, NOTED, what_happened

SILENT = timedelta(minutes=2)  # a worker that has not beaten for so long is not there
ACCOUNTS: Mapping[str, Text] = {
    "sign-in": T("A sign-in"),
    "sign-out": T("Signed out"),
    "change-password": T("Password changed"),
    "add-role": T("Role given"),
    "remove-role": T("Role taken away"),
    "disable-account": T("Account disabled"),
    "enable-account": T("Account enabled"),
    "export": T("Taken out as a file"),
    "change-texts": T("Texts changed"),
    "ask-to-recover": T("New password asked for"),
    "confirm-email": T("E-mail address confirmed"),
    "end-other-sessions": T("Other sessions ended"),
    "sign-in-refused": T("Sign-in refused"),
    "not-allowed": T("A page refused: the role does not allow it"),
    "no-such-order": T("A page refused: no such order, or someone else's"),
    "second-factor-on": T("Second factor set up"),
    "second-factor-off": T("Second factor switched off"),
    "second-factor-refused": T("A code of the second factor refused"),
    "recovery-codes": T("New recovery codes made"),
    "recovery-code-used": T("A recovery code used"),
}
# What leaders do and have done to them: the trail says it without saying to whom.
OF_LEADERS: Mapping[str, Text] = {
    "code-sent": T("Code sent"),
    "code-resent": T("New code sent"),
    "entry-failed": T("Failed entry"),
    "verified": T("Verified"),
    "remind": T("Reminded by e-mail"),
    "mobile-corrected": T("Mobile number corrected"),
    "leader-confirmed": T("Particulars confirmed"),
    "leader-mismatch": T("An entry did not match"),
    "leader-stuck": T("An entry did not match, and the tries were used up"),
    "leader-wrong-person": T("Reported: wrong person or number"),
}
# By what the trail can be filtered, group by group.
GROUPS: tuple[tuple[Text, Mapping[str, Text]], ...] = (
    (T("Orders"), {action.value: ACTIONS[action] for action in Action}),
    (T("Leaders"), OF_LEADERS),
    (T("The desk and the ministry"), NOTED),
    (T("Accounts"), ACCOUNTS),
)
KNOWN: Mapping[str, Text] = {code: text for _title, texts in GROUPS for code, text in texts.items()}
ACTORS: Mapping[str, Text] = {
    **ROLES,
    "account": T("A person"),
    "operator": T("At the command line"),
    "leader": LEADER,
    "stranger": T("Somebody who is not signed in"),
}


@dataclass(frozen=True)
class HealthLine:
    """One thing to know of the machinery. `state` is "good" or "bad"."""

    key: str
    label: Text
    value: object
    at: datetime | None
    state: str


@dataclass(frozen=True)
class TrailLine:
    """One event in words."""

    row: TrailRow
    what: Text
    who: Text | str
    source: Text | str
    target: Text | str
    more: str


def health_lines(found: Health, now: datetime) -> list[HealthLine]:
    """How worker and ministry fare, what is bad marked as such."""
    beat = found.beats[0][0] if found.beats else None
    alive = beat is not None and now - beat < SILENT
    return [
        HealthLine("worker", T("Worker last seen"), "", beat, _word(alive)),
        HealthLine("waiting", T("Waits to be told outside"), found.waiting, found.oldest, "good"),
        HealthLine(
            "stuck", T("Stuck for more than an hour"), found.stuck, None, _word(not found.stuck)
        ),
        HealthLine("held", T("Stopped by hand"), found.held, None, _word(not found.held)),
        HealthLine("news", T("The ministry's last news"), "", found.last_news, "good"),
        HealthLine(
            "backlog",
            T("News not taken in yet"),
            found.news_waiting,
            None,
            _word(not found.news_failed),
        ),
        HealthLine("seal", T("Trail last sealed"), "", found.last_seal, "good"),
        HealthLine("unsealed", T("Events not sealed yet"), found.unsealed, None, "good"),
    ]


def _word(good: bool) -> str:
    return "good" if good else "bad"


def trail_lines(rows: Iterable[TrailRow]) -> Iterator[TrailLine]:
    """Events in words."""
    for row in rows:
        yield TrailLine(
            row=row,
            what=ACCOUNTS.get(row.action) or what_happened(row.action, row.data),
            who=ACTORS.get(row.actor, row.actor),
            source=STATES.get(row.from_state or "", ""),
            target=STATES.get(row.to_state or "", ""),
            more=", ".join(f"{key}: {value}" for key, value in sorted(row.data.items())),
        )
