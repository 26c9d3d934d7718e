"""What the ministry's answer to a delivery does, in the transaction that ends the delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console import clock
from console.extensions import db
from console.miit.gateway import Receipt
from console.models import Delivery, Order, VerifierRow
from console.rules.filing import Filing, Person, from_json
from console.rules.lifecycle import Action, Role, State
from console.rules.mobiles import normalise_mobile
from console.rules.verifiers import facts_of, leader_of, who_must_verify
from console.services.actors import MINISTRY, WORKER, Actor
from console.services.books import book_named
from console.services.contents import filing_of, put_filing
from console.services.ledger import attempted
from console.services.moves import FRESH, move, record
from console.services.outbox import DONE, GAVE_UP, SUBMIT, WITHDRAW, Leased, pending
from console.transactions import verb


def _close(leased: Leased, outcome: str, answer: str = "") -> Order | None:
    """End the delivery; give its order, locked, unless another had ended it already."""
    delivery = db.session.get_one(Delivery, leased.id, with_for_update=True)
    if delivery.done_at is not None:
        return None
    delivery.done_at = clock.now()
    delivery.leased_until = None
    delivery.outcome = outcome
    attempted(delivery, outcome, delivery.done_at, answer)
    order = db.session.get_one(
        Order, delivery.order_id, with_for_update=True, populate_existing=True
    )
    return order if leased.key.partition("#")[0] == order.ministry_key else None


@verb
def settle(leased: Leased, outcome: str) -> None:
    order = _close(leased, outcome)
    if order is not None:
        now = clock.now()
        record([order.id], f"{leased.kind}-{outcome}", WORKER, {order.id: now})


@verb
def received(leased: Leased, receipt: Receipt) -> None:
    order = _close(leased, DONE, receipt.reference)
    if order is None or State(order.state) is not State.APPROVED:
        return
    book = book_named(receipt.book)
    filing = from_json(leased.payload["filing"])
    facts = facts_of(filing, clock.china_day(receipt.received_at))
    verifiers = who_must_verify(book, facts) if book else ()
    for verifier in verifiers:
        person = leader_of(filing, verifier)
        db.session.add(
            VerifierRow(
                order_id=order.id,
                round=order.round,
                key=verifier.key,
                roles=" ".join(verifier.roles),
                mobile=person.mobile,
                certificate_type=person.certificate_type,
            )
        )
    action = Action.HAND_OVER if verifiers else Action.HAND_OVER_UNVERIFIED
    values = {"rulebook": receipt.book, "received_at": receipt.received_at}
    move([order], action, WORKER, clock.now(), values, {"reference": receipt.reference})


@verb
def corrected(leased: Leased) -> None:
    order = _close(leased, DONE)
    if order is None or State(order.state) is not State.VERIFYING:
        return
    verifier, mobile = leased.payload["verifier"], leased.payload["mobile"]
    row = db.session.scalars(
        select(VerifierRow).where(
            VerifierRow.order_id == order.id,
            VerifierRow.round == order.round,
            VerifierRow.key == verifier,
        )
    ).one()
    put_filing(order, _with_mobile(filing_of(order), row.mobile, mobile))
    row.mobile = mobile
    order.revision += 1
    now = clock.now()
    record([order.id], "mobile-corrected", WORKER, {order.id: now}, data={"verifier": verifier})


def _with_mobile(filing: Filing, old: str, new: str) -> Filing:
    """The filing with one person's mobile corrected, wherever that person leads."""

    def corrected(person: Person) -> Person:
        same = normalise_mobile(person.mobile) == normalise_mobile(old)
        return replace(person, mobile=new) if same else person

    return replace(
        filing,
        entity_leader=corrected(filing.entity_leader),
        services=tuple(replace(s, leader=corrected(s.leader)) for s in filing.services),
    )


@verb
def refused(leased: Leased, reason: str) -> None:
    order = _close(leased, GAVE_UP, reason)
    if order is None:
        return
    now = clock.now()
    if leased.kind != SUBMIT or State(order.state) is not State.APPROVED:
        record([order.id], f"{leased.kind}-{GAVE_UP}", WORKER, {order.id: now})
        return
    wish = pending(order, WITHDRAW)
    if wish is not None:  # it was withdrawn there, and only the answer to that is still missing
        wish.done_at, wish.outcome = now, DONE
        _take_back(order, wish.payload, now)
        return
    reasons = {"reasons": [reason]}
    move([order], Action.REFUSE, MINISTRY, now, reasons, reasons)


@verb
def withdrawn(leased: Leased) -> None:
    order = _close(leased, DONE)
    if order is None or State(order.state) not in (State.APPROVED, State.VERIFYING):
        return
    now: datetime = clock.now()
    submitted = pending(order, SUBMIT)
    if submitted is not None:
        submitted.done_at = now
        submitted.outcome = "withdrawn"
    _take_back(order, leased.payload, now)


def _take_back(order: Order, wish: Any, now: datetime) -> None:
    move([order], Action.WITHDRAW, Actor(Role.APPLICANT, wish["actor"]), now, FRESH)
