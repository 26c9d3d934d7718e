"""Faults put into the product on purpose: each must be found, or the machine shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

from sqlalchemy import select, text, update

from console.extensions import db
from console.miit.mock import clockwork, expiry, portal, receiving, resending, sending
from console.miit.mock.tables import MinistryPerson
from console.services import answers, drafts, moves, registering, review, sealing
from console.web import status

Plant = Callable[[ExitStack], None]


def _replace(stack: ExitStack, module: Any, name: str, by: Any) -> None:
    stack.enter_context(mock.patch.object(module, name, by))


def resends_without_limit(stack: ExitStack) -> None:
    """Whoever asks gets another text."""
    one = resending._one

    def unlimited(session: Any, order: Any, person: Any, now: Any) -> bool:
        query = update(MinistryPerson).where(MinistryPerson.id == person.id)
        session.execute(query.values(resends=None))
        return one(session, order, person, now)

    _replace(stack, resending, "_one", unlimited)


def a_resend_gives_tries_back(stack: ExitStack) -> None:
    """A new code, a new count."""
    one = resending._one

    def forgiving(session: Any, order: Any, person: Any, now: Any) -> bool:
        sent = one(session, order, person, now)
        person.tries_used = 0
        return sent

    _replace(stack, resending, "_one", forgiving)


def expiry_forgets_whoever_is_late(stack: ExitStack) -> None:
    """Where one person has verified, the window stays open for the other."""
    real = expiry.expire

    def lenient(session: Any, order: Any, now: Any) -> None:
        verified = MinistryPerson.verified_at.is_not(None)
        query = select(MinistryPerson.id).where(MinistryPerson.order_id == order.id, verified)
        if session.scalar(query.limit(1)) is None:
            real(session, order, now)

    for module in (expiry, clockwork, receiving):
        _replace(stack, module, "expire", lenient)


def a_move_without_its_event(stack: ExitStack) -> None:
    """An approval is not on record."""
    real = moves.record

    def silent(ids: Any, action: str, *rest: Any, **more: Any) -> None:
        if action != "approve":
            real(ids, action, *rest, **more)

    _replace(stack, moves, "record", silent)


def a_move_with_two_events(stack: ExitStack) -> None:
    """A hand-over is on record twice."""
    real = moves.record

    def twice(ids: Any, action: str, *rest: Any, **more: Any) -> None:
        for _ in range(2 if action == "hand-over" else 1):
            real(ids, action, *rest, **more)

    _replace(stack, moves, "record", twice)


def an_approval_is_not_handed_over(stack: ExitStack) -> None:
    """The outbox stays empty."""
    _replace(stack, review, "hand_in", lambda _order: None)


def claims_do_not_count(stack: ExitStack) -> None:
    """Any reviewer decides, whoever holds the order."""
    _replace(
        stack, review, "_claimed", lambda actor, number, _seen: review.order_for(actor, number)
    )


def one_s_own_order_is_reviewed(stack: ExitStack) -> None:
    """Two eyes instead of four."""
    _replace(stack, review, "refuse_own", lambda *_: None)


def an_earlier_code_still_works(stack: ExitStack) -> None:
    """A resend leaves the code before alive."""
    _replace(stack, resending, "void_codes", lambda *_: None)
    _replace(stack, sending, "_void_earlier", lambda *_: None)


def a_success_leaves_the_other_counts(stack: ExitStack) -> None:
    """Failed entries stay counted on the person's other orders."""
    _replace(stack, portal, "_reset_others", lambda *_: None)


def links_cannot_be_taken_back(stack: ExitStack) -> None:
    """A link opens whatever was revoked."""
    _replace(stack, status, "still_good", lambda *_: True)


def strangers_find_an_order(stack: ExitStack) -> None:
    """Whoever knows a number can fill in and discard."""
    real = drafts.order_for

    def anyone(actor: Any, number: str, revision: int | None = None) -> Any:
        return real(review_eyes, number, revision)

    review_eyes = answers.WORKER  # a part of the system is asked for no owner
    _replace(stack, drafts, "order_for", anyone)


def what_is_cancelled_stays_filed(stack: ExitStack) -> None:
    """The register does not change when a cancellation is accepted."""
    _replace(stack, registering, "_cancel", lambda *_: None)


def a_draft_lapses_early(stack: ExitStack) -> None:
    """After 44 days instead of 45."""
    _replace(stack, moves, "LAPSE_AFTER", timedelta(days=44))


def a_withdrawal_beats_the_administration(stack: ExitStack) -> None:
    """What the administration has can still be taken back."""
    real = receiving.withdraw

    def eager(session: Any, key: str, now: Any) -> str:
        order = receiving.by_key(session, key)
        if order is not None and order.state == "administration":
            order.state = "withdrawn"
        return real(session, key, now)

    _replace(stack, receiving, "withdraw", eager)


def the_trail_is_rewritten(stack: ExitStack) -> None:
    """A sealed event is changed behind the seal's back."""
    real = sealing.seal_next

    def rewriting(at_once: bool = False) -> bool:
        more: bool = real(at_once)
        db.session.execute(text("UPDATE events SET actor_id = 999 WHERE id = 7"))
        db.session.commit()
        return more

    _replace(stack, sealing, "seal_next", rewriting)


QUICK: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (a_move_without_its_event, an_approval_is_not_handed_over, claims_do_not_count)
}
PLANTS: dict[str, Plant] = QUICK | {
    plant.__name__: plant
    for plant in (
        resends_without_limit,
        a_resend_gives_tries_back,
        expiry_forgets_whoever_is_late,
        a_move_with_two_events,
        one_s_own_order_is_reviewed,
        an_earlier_code_still_works,
        a_success_leaves_the_other_counts,
        links_cannot_be_taken_back,
        strangers_find_an_order,
        what_is_cancelled_stays_filed,
        a_draft_lapses_early,
        a_withdrawal_beats_the_administration,
        the_trail_is_rewritten,
    )
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The product with one fault in it."""
    with ExitStack() as stack:
        PLANTS[name](stack)
        yield
