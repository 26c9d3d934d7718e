"""The part of an order's page that changes together: state, turn, stages, checklist, buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, url_for

from console.models import Order
from console.queries.around import Around, around
from console.queries.status import version_of
from console.rules.book import Rulebook
from console.rules.checklist import Checklist
from console.rules.labels import FILING_TYPES, STATES
from console.rules.lifecycle import FINAL, Action, Role, State, actions_for
from console.rules.text import T, Text
from console.services.books import book_named
from console.services.confirming import OPEN_TO_REPORT, people_to_confirm
from console.services.contents import as_handed_over
from console.services.correcting import may_correct_mobile, mobiles_on_their_way
from console.services.leader_languages import languages_of
from console.services.submission import may_skip_review
from console.web.confirming_view import ConfirmingLine, confirming_lines, reported_keys
from console.web.history_view import Line, lines, person
from console.web.people_view import PersonLine, checklist_of, person_line, several_websites
from console.web.portal_links import PortalLinks, portal_links
from console.web.return_view import ByWhen, ReturnView, by_when, why_returned
from console.web.timeline_view import Stage, stages
from console.web.tokens import APPLICANT, Viewer, make_token
from console.web.unverified import why_unverified

WITHOUT_CHECKLIST = (State.DRAFT, State.CANCELLED, State.LAPSED)
# How often an open page asks for news, in seconds: while leaders act, and while others take days.
SOON, LATER = 2, 10
WAITING = (State.IN_REVIEW, State.ADMINISTRATION_REVIEW)


@dataclass(frozen=True)
class Button:
    """Something the applicant can do: a link, or a form of one button."""

    action: str
    label: Text
    url: str
    style: str
    post: bool
    hint: Text | None = None
    ask: Text | None = None


@dataclass(frozen=True)
class Live:
    """All that `orders/_live.html` draws. `poll` is the address to ask again, None when settled;
    `pace` is how often, in seconds."""

    order: Order
    state_label: Text
    type_label: Text
    version: str
    poll: str | None
    pace: int
    checklist: Checklist
    people: tuple[PersonLine, ...]
    portal: PortalLinks | None
    book: Rulebook | None
    by_when: ByWhen | None
    stages: tuple[Stage, ...]
    returned: ReturnView | None
    buttons: tuple[Button, ...]
    withdrawing: bool
    history: Sequence[Line]
    for_applicant: bool
    confirming: tuple[ConfirmingLine, ...] = ()
    reported: tuple[Text, ...] = ()
    calendar: str | None = None
    reminded: Mapping[str, datetime] = field(default_factory=dict)
    on_their_way: Mapping[str, str] = field(default_factory=dict)

    @property
    def corrects(self) -> bool:
        """Whether the applicant can correct a pending verifier's mobile number."""
        return self.for_applicant and may_correct_mobile(self.order)

    @property
    def why_unverified(self) -> Text | None:
        """Why the order is with the administration although nobody verified."""
        waiting = State(self.order.state) is State.ADMINISTRATION_REVIEW
        return why_unverified(self.order, self.book) if waiting and not self.people else None

    @property
    def tone(self) -> str:
        """How the page sounds: urgent while people must act, lost when it came back, done."""
        state = State(self.order.state)
        if state is State.VERIFYING:
            return "lost" if self.checklist.overdue else "urgent"
        if state in (State.RETURNED, State.CANCELLED, State.LAPSED):
            return "lost"
        return "done" if state is State.ACCEPTED else ""


def live(order: Order, viewer: Viewer, token: str, now: datetime) -> Live:
    """The live part for its applicant or a reviewer; `token` is what the page polls with."""
    state = State(order.state)
    book = book_named(order.rulebook)
    known = around(order, now)
    rows = [] if state in WITHOUT_CHECKLIST else known.verifiers
    seen = checklist_of(order, rows, book, now)
    own = viewer.kind == APPLICANT
    seen_by_people = state in OPEN_TO_REPORT
    counting = state is State.VERIFYING and order.deadline is not None and not seen.overdue
    return Live(
        order=order,
        state_label=STATES[state],
        type_label=FILING_TYPES[order.type],
        version=version_of(order, now),
        poll=url_for("status.checklist", token=token) if seen.live or state in WAITING else None,
        pace=SOON if seen.live else LATER,
        checklist=seen,
        people=_people(order, seen) if own else _people_plain(seen),
        portal=portal_links(book, order.province) if rows else None,
        book=book,
        by_when=by_when(order, bool(rows)),
        stages=stages(known.events, state, order.returned_by),
        returned=why_returned(order),
        buttons=buttons(order) if own else (),
        withdrawing=known.withdrawing and state in (State.APPROVED, State.VERIFYING),
        history=lines(known.events),
        for_applicant=own,
        reminded=known.reminded if own and rows else {},
        on_their_way=mobiles_on_their_way(order) if may_correct_mobile(order) else {},
        confirming=_confirming(order, known, own),
        reported=tuple(person(key) for key in reported_keys(known.words)) if seen_by_people else (),
        calendar=url_for("leader.deadline", token=token) if counting else None,
    )


def _confirming(order: Order, known: Around, own: bool) -> tuple[ConfirmingLine, ...]:
    told = known.handed_in and as_handed_over(order, known.handed_in)
    people = people_to_confirm(order, told)
    keys = [one.verifier.key for one in people] if own else []
    return confirming_lines(people, known.words, leader_links(order, keys))


def _people(order: Order, seen: Checklist) -> tuple[PersonLine, ...]:
    several = several_websites(seen.rows)
    links = leader_links(order, [row.key for row in seen.rows])
    return tuple(person_line(row, links[row.key], several) for row in seen.rows)


def _people_plain(seen: Checklist) -> tuple[PersonLine, ...]:
    several = several_websites(seen.rows)
    return tuple(person_line(row, several=several) for row in seen.rows)


def leader_links(order: Order, keys: Sequence[str]) -> dict[str, str]:
    """The verifiers' own links by their keys, absolute, each in its reader's language.

    They are good until the order's links are revoked, and end 30 days after the order's last move,
    so that they stay the same while a page polls.
    """
    links = {}
    for key, language in languages_of(order, keys).items() if keys else ():
        viewer = Viewer(order.id, key, language, order.share_epoch)
        path = url_for("status.page", token=make_token(viewer, order.state_since))
        links[key] = f"{current_app.config['BASE_URL']}{path}"
    return links


LABELS: dict[Action, tuple[Text, str, bool, Text | None]] = {
    Action.SUBMIT: (T("Continue filling in"), "edit", False, None),
    Action.RESUBMIT: (T("Correct and resubmit"), "edit/check", False, None),
    Action.RESUBMIT_UNMODIFIED: (
        T("Resubmit unchanged, straight to verification"),
        "resubmit-unmodified",
        True,
        T("Nothing was changed since the first review, so it is not needed again."),
    ),
    Action.WITHDRAW: (
        T("Withdraw"),
        "withdraw",
        True,
        T("The order becomes a draft again; codes already sent no longer count."),
    ),
    Action.DISCARD: (T("Discard"), "discard", True, T("This cannot be undone.")),
}
QUIET = {
    Action.WITHDRAW: T("Withdraw this order?"),
    Action.DISCARD: T("Discard this order for good?"),
}
FIRST = (Action.RESUBMIT_UNMODIFIED, Action.RESUBMIT, Action.SUBMIT, Action.WITHDRAW)


def buttons(order: Order) -> tuple[Button, ...]:
    """What its applicant may do now, from the lifecycle's table, the weightiest first."""
    state = State(order.state)
    actions = [a for a in actions_for(state, Role.APPLICANT) if a in LABELS]
    if Action.RESUBMIT_UNMODIFIED in actions and not may_skip_review(order):
        actions.remove(Action.RESUBMIT_UNMODIFIED)
    actions.sort(key=lambda a: FIRST.index(a) if a in FIRST else len(FIRST))
    made = [_button(order, action, first=n == 0) for n, action in enumerate(actions)]
    if state in FINAL and state is not State.ACCEPTED:
        path = f"/orders/{order.number}/start-again"
        made.append(Button("start-again", T("Start again from this"), path, "primary", True))
    return tuple(made)


def _button(order: Order, action: Action, first: bool) -> Button:
    label, path, post, hint = LABELS[action]
    style = "danger" if action in QUIET else "primary" if first else "secondary"
    url = f"/orders/{order.number}/{path}"
    return Button(action.value, label, url, style, post, hint, QUIET.get(action))
