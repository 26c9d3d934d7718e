"""Before and after a run: drafts to work on, and what must hold whatever was killed or lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import text

from config import settings
from console import clock, create_app
from console.extensions import db
from console.miit.mock.store import Fault, switch, write
from console.rules.lifecycle import Role
from console.services import drafts, starting
from console.services.accounts import create_account
from console.services.actors import Actor
from console.services.auditing import verify_trail
from console.worker import drain
from tests.reliability.running import PASSWORD, Console
from tests.support.filings import valid_filing

if TYPE_CHECKING:
    from tests.reliability.actors import Load


@contextmanager
def opened_app(console: Console) -> Iterator[Flask]:
    """The console's app in this process, on the same database."""
    app = create_app(settings(console.env))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def prepare(console: Console, count: int) -> list[str]:
    """Tables, an applicant, two reviewers, and so many drafts that can be handed in."""
    console.flask("db", "upgrade")
    numbers = []
    with opened_app(console):
        hashed = hash_password(PASSWORD)
        owner = Actor(Role.APPLICANT, create_account("owner@example.cn", hashed, ("applicant",)).id)
        for name in ("reviewer", "second"):
            create_account(f"{name}@example.cn", hashed, ("reviewer",))
        for n in range(1, count + 1):
            filing = valid_filing(n)
            number = starting.start(owner, filing.type, [s.kind for s in filing.services])
            revision = drafts.save_entity(owner, number, 2, filing.entity, filing.entity_leader)
            drafts.save_service(owner, number, revision, filing.services[0])
            numbers.append(number)
    return numbers


def references(app: Flask, state: str) -> list[tuple[str, str]]:
    """Number and reference of the orders that are in a state at the ministry."""
    with app.app_context(), db.engine.connect() as connection:
        query = text("SELECT number, reference FROM miit_orders WHERE state = :state")
        return [(row[0], row[1]) for row in connection.execute(query, {"state": state})]


def values(statement: str) -> list[str]:
    """The first column of what a statement finds."""
    return [str(row[0]) for row in db.session.execute(text(statement))]


def settle(app: Flask) -> None:
    """Let the ministry be well, and do all there is to do, with no lease and no pause in the way.

    What was given up, or put off because it cannot be applied, stays so: that is a fault.
    """
    for fault in Fault:
        write(lambda session, f=fault: switch(session, f, False, clock.now()))
    for _ in range(3):
        for statement in AT_ONCE:
            db.session.execute(text(statement))
        db.session.commit()
        drain(app.extensions["ministry"], threading.Event(), once=True)


def faults_of(console: Console, load: Load) -> list[str]:
    """What is lost, doubled or half done; an empty list where all is well."""
    faults = list(load.errors)
    with opened_app(console) as app:
        settle(app)
        for answers in load.started.values():
            if len(answers) != 1:
                faults.append(f"one form, several orders: {sorted(answers)}")
        for what, acknowledged, query in (
            ("order", set().union(*load.started.values()), "SELECT number FROM orders"),
            ("submission", load.submitted, "SELECT number FROM orders WHERE round > 0"),
            ("approval", load.approved,
             "SELECT number FROM orders WHERE approved_round IS NOT NULL"),
            ("verification", load.verified, VERIFIED),
            ("acceptance", load.accepted, "SELECT number FROM orders WHERE state = 'accepted'"),
        ):  # fmt: skip
            lost = sorted(acknowledged - set(values(query)))
            faults += [f"an acknowledged {what} is lost: {number}" for number in lost]
        faults += [f"{what}: {n}" for what, query in HALF.items() for n in values(query)]
        faults += [f"the trail: {fault}" for fault in verify_trail()]
        if db.engine.dialect.name == "sqlite" and values("PRAGMA integrity_check") != ["ok"]:
            faults.append("integrity_check")
    return faults


AT_ONCE = (
    "UPDATE deliveries SET leased_until = NULL, due_at = created_at WHERE done_at IS NULL",
    "UPDATE ministry_news SET due_at = at WHERE applied_at IS NULL AND result IS NULL",
)
VERIFIED = (
    "SELECT number FROM orders JOIN verifiers ON verifiers.order_id = orders.id "
    "WHERE verified_at IS NOT NULL"
)
HALF = {
    "an approval that was never handed over": (
        "SELECT number FROM orders WHERE state = 'approved'"
    ),
    "a move without its event": (
        "SELECT number FROM orders WHERE state <> (SELECT to_state FROM events "
        "WHERE order_id = orders.id AND to_state IS NOT NULL ORDER BY events.id DESC LIMIT 1)"
    ),
    "news that cannot be applied": ("SELECT sequence FROM ministry_news WHERE applied_at IS NULL"),
    "a round without its delivery": (
        "SELECT number FROM orders WHERE approved_round IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM deliveries WHERE order_id = orders.id AND kind = 'submit')"
    ),
    "more than one effect at the ministry": (
        "SELECT number FROM miit_orders GROUP BY number HAVING count(*) > 1"
    ),
    "handed in more than once": (
        "SELECT number FROM orders JOIN rounds ON rounds.order_id = orders.id "
        "GROUP BY number HAVING count(*) > 1"
    ),
    "moved twice by the same happening": (
        "SELECT number FROM orders JOIN events ON events.order_id = orders.id "
        "WHERE to_state IS NOT NULL AND action <> 'start' "
        "GROUP BY number, action HAVING count(*) > 1"
    ),
    "a code texted more than once": (
        "SELECT mobile_digest FROM miit_texts GROUP BY mobile_digest HAVING count(*) > 1"
    ),
    "accepted orders and entities in the register differ by": (
        "SELECT accepted - filed FROM (SELECT (SELECT count(*) FROM orders "
        "WHERE state = 'accepted') AS accepted, (SELECT count(*) FROM entities) AS filed) AS n "
        "WHERE accepted <> filed"
    ),
}
