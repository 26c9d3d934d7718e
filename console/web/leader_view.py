"""What a leader sees through their own link: their own part, of the others role and state only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from console import clock
from console.models import Order
from console.queries.around import Word, around_for_leaders
from console.queries.polled import BeingVerified
from console.queries.status import version_of
from console.rules.bilingual import Bilingual
from console.rules.checklist import PENDING, Checklist, Row, VerifierState
from console.rules.codes import PERSON_CERTIFICATES
from console.rules.labels import FILING_TYPES, STATES, VERIFIER_STATES
from console.rules.lifecycle import State
from console.rules.text import T, Text
from console.services.books import book_named, book_on
from console.services.confirming import MOST_TRIES, ToConfirm, people_to_confirm
from console.services.contents import as_handed_over
from console.web.confirming_view import (
    CONFIRMED,
    MISMATCH,
    NOT_YET,
    REPORTED,
    STUCK,
    role_of,
    word_of,
)
from console.web.people_view import PersonLine, checklist_of, person_line
from console.web.portal_links import PortalLinks, portal_links
from console.web.tokens import Viewer


@dataclass(frozen=True)
class Other:
    """Someone else who must verify."""

    key: str
    role_label: Text
    state: str
    state_label: Text


@dataclass(frozen=True)
class Confirming:
    """What can be confirmed before the order is forwarded; `state` as in `confirming_view`.

    `url` None: nothing more can be entered. `window_hours`: how long they will have then.
    """

    state: str
    url: str | None
    tries_left: int
    role_label: Text
    certificate: Text | str
    window_hours: int


@dataclass(frozen=True)
class LeaderView:
    """All that `status/_live.html` draws. `me` None: nothing is asked of this person now."""

    order: Order
    state_label: Text
    type_label: Text
    version: str
    poll: str | None
    title: Text
    advice: Text
    to_do: bool
    me: PersonLine | None
    others: tuple[Other, ...]
    portal: PortalLinks | None
    help: tuple[Bilingual, ...]
    deadline: datetime | None
    calendar: str | None
    confirming: Confirming | None
    report: str | None
    reported_at: datetime | None
    decoder: str | None


def leader_view(
    order: Order, viewer: Viewer, token: str, now: datetime, read: BeingVerified | None = None
) -> LeaderView:
    """The page of the verifier that the link names; `read`: what is known of its people already."""
    book = book_named(order.rulebook)
    state = State(order.state)
    if read is None:
        known = around_for_leaders(order)
        verifiers, words, handed_in = known.verifiers, known.words, known.handed_in
    else:
        verifiers, words, handed_in = read.verifiers, read.words, None
    rows = verifiers if state is not State.DRAFT else []
    seen = checklist_of(order, rows, book, now)
    mine = next((row for row in seen.rows if row.key == viewer.kind), None)
    word = words.get(viewer.kind)
    told = handed_in and as_handed_over(order, handed_in)
    people = people_to_confirm(order, told)
    asked = next((one for one in people if one.verifier.key == viewer.kind), None)
    confirming = _confirming(asked, word, token) if asked else None
    title, advice = _words(state, mine, seen)
    if confirming:
        title, advice = _CONFIRM[confirming.state]
    to_do = state is State.VERIFYING and mine is not None and mine.state is VerifierState.WAITING
    return LeaderView(
        order=order,
        state_label=STATES[state],
        type_label=FILING_TYPES[order.type],
        version=version_of(order, now),
        poll=f"/status/{token}/checklist" if seen.live else None,
        title=title,
        advice=advice,
        to_do=to_do,
        me=person_line(mine) if mine else None,
        others=tuple(_other(row) for row in seen.rows if row is not mine),
        portal=portal_links(book, order.province),
        help=book.no_text_help if book and to_do else (),
        deadline=order.deadline if state is State.VERIFYING else None,
        calendar=f"/status/{token}/deadline.ics" if to_do else None,
        confirming=confirming,
        report=_report_url(asked, mine, word, state, token),
        reported_at=word.reported_at if word else None,
        decoder=url_for("rulebooks.messages", book=book.name) if book and to_do else None,
    )


def _confirming(asked: ToConfirm, word: Word | None, token: str) -> Confirming:
    state = word_of(word)
    left = MOST_TRIES - (word.tries if word else 0)
    book = book_on(clock.china_day(clock.now()))
    kind = asked.person.certificate_type
    return Confirming(
        state=state,
        url=url_for("leader.confirmed", token=token) if state in (NOT_YET, MISMATCH) else None,
        tries_left=left,
        role_label=role_of(asked.verifier),
        certificate=PERSON_CERTIFICATES.get(kind, T("certificate")),
        window_hours=book.window_hours if book else 0,
    )


def _report_url(
    asked: ToConfirm | None, mine: Row | None, word: Word | None, state: State, token: str
) -> str | None:
    """Where to say that this is not them; None once it is said, or when it no longer matters."""
    open_row = state is State.VERIFYING and mine is not None and mine.state in PENDING
    said = word is not None and word.reported_at is not None
    return f"/status/{token}/wrong-person" if (asked or open_row) and not said else None


def _other(row: Row) -> Other:
    return Other(row.key, row.role_label, row.state.value, VERIFIER_STATES[row.state])


def _words(state: State, mine: Row | None, seen: Checklist) -> tuple[Text, Text]:
    if state is not State.VERIFYING:
        return _NOT_NOW[state]
    if mine is None:
        return _NOT_YOURS
    if mine.state is VerifierState.VERIFIED:
        return _VERIFIED_ALL if seen.verified == seen.total else _VERIFIED_OTHERS
    return _MINE[mine.state]


_NOTHING = T("Nothing to do for you now")
_NOT_YOURS = (_NOTHING, T("This order does not ask you to verify."))
_VERIFIED_ALL = (
    T("You have verified. Thank you."),
    T("Everyone is done; the order goes on to the administration."),
)
_VERIFIED_OTHERS = (
    T("You have verified. Thank you."),
    T("Others still have to verify before the deadline, or it all starts again."),
)
_CONFIRM: dict[str, tuple[Text, Text]] = {
    NOT_YET: (
        T("Check that your particulars are right"),
        T(
            "You will have to verify your mobile number for this order. Confirm now what will be"
            " asked then: a mistake found today costs nothing."
        ),
    ),
    MISMATCH: (
        T("Check that your particulars are right"),
        T("What was entered does not match. Check both, or ask the applicant what was filed."),
    ),
    STUCK: (
        T("Your entries do not match the order"),
        T("The applicant sees this. Ask them to check your mobile number and your document."),
    ),
    CONFIRMED: (
        T("Your particulars are confirmed. Thank you."),
        T("Keep your phone switched on: the ministry texts you a code when the order gets there."),
    ),
    REPORTED: (
        T("You have told us that this is not right"),
        T("The applicant and the provider see it. There is nothing more for you to do."),
    ),
}
_MINE: dict[VerifierState, tuple[Text, Text]] = {
    VerifierState.WAITING_FOR_CODE: (
        T("Wait for a text message with a code"),
        T("It is on its way to your phone. Keep the phone switched on; this page tells you more."),
    ),
    VerifierState.WAITING: (
        T("Your turn: verify your mobile number"),
        T("You have a text message with a code of six digits. Enter it at the ministry's portal."),
    ),
    VerifierState.FAILED: (
        T("Your verification failed: the tries are used up"),
        T("The order goes back to the applicant. Wait until it is submitted again."),
    ),
    VerifierState.EXPIRED: (
        T("Time is up"),
        T("The ministry's answer is awaited. A verification it has not told yet still counts."),
    ),
}
_NOT_NOW: dict[State, tuple[Text, Text]] = {
    State.DRAFT: (_NOTHING, T("The applicant is still filling in the order.")),
    State.IN_REVIEW: (
        _NOTHING,
        T("The provider looks through the order first. Keep your phone switched on."),
    ),
    State.APPROVED: (
        _NOTHING,
        T("The order is on its way to the ministry. A code may reach your phone soon."),
    ),
    State.ADMINISTRATION_REVIEW: (
        _NOTHING,
        T("Verification is over: the order is with the province's administration."),
    ),
    State.ACCEPTED: (_NOTHING, T("The filing is accepted.")),
    State.RETURNED: (
        _NOTHING,
        T("The order came back to the applicant. You get a new code when it is submitted again."),
    ),
    State.CANCELLED: (_NOTHING, T("The order is cancelled. A code you may still have is void.")),
    State.LAPSED: (_NOTHING, T("The order lapsed. A code you may still have is void.")),
}
