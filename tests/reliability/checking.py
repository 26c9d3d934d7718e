"""Before and after a run: drafts to work on, and what must hold whatever was killed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import text

from config import settings
from console import create_app
from console.extensions import db
from console.rules.lifecycle import Role
from console.services import drafts, starting
from console.services.accounts import create_account
from console.services.actors import Actor
from console.services.auditing import verify_trail
from console.worker import drain
from tests.reliability.running import PASSWORD, Console
from tests.support.filings import valid_filing


@contextmanager
def opened_app(console: Console) -> Iterator[Flask]:
    """The console's app in this process, on the same database."""
    app = create_app(settings(console.env))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def prepare(console: Console, count: int) -> list[str]:
    """Tables, an applicant, a reviewer, and so many drafts that can be handed in."""
    console.flask("db", "upgrade")
    numbers = []
    with opened_app(console):
        hashed = hash_password(PASSWORD)
        owner = Actor(Role.APPLICANT, create_account("owner@example.cn", hashed, ("applicant",)).id)
        create_account("reviewer@example.cn", hashed, ("reviewer",))
        for n in range(1, count + 1):
            filing = valid_filing(n)
            number = starting.start(owner, filing.type, [s.kind for s in filing.services])
            revision = drafts.save_entity(owner, number, 2, filing.entity, filing.entity_leader)
            drafts.save_service(owner, number, revision, filing.services[0])
            numbers.append(number)
    return numbers


def _values(statement: str) -> list[str]:
    return [str(row[0]) for row in db.session.execute(text(statement))]


def faults_of(
    console: Console, started: dict[str, set[str]], submitted: set[str], approved: set[str]
) -> list[str]:
    """What is lost, doubled or half done; an empty list where all is well."""
    faults = []
    with opened_app(console) as app:
        db.session.execute(text("UPDATE deliveries SET leased_until = NULL"))
        db.session.commit()
        drain(app.extensions["ministry"], threading.Event(), once=True)
        known = set(_values("SELECT number FROM orders"))
        for answers in started.values():
            if len(answers) != 1:
                faults.append(f"one form, several orders: {sorted(answers)}")
            faults += [f"an acknowledged order is lost: {n}" for n in sorted(answers - known)]
        rounds = set(_values("SELECT number FROM orders WHERE round > 0"))
        faults += [f"an acknowledged submission is lost: {n}" for n in sorted(submitted - rounds)]
        passed = set(_values("SELECT number FROM orders WHERE approved_round IS NOT NULL"))
        faults += [f"an acknowledged approval is lost: {n}" for n in sorted(approved - passed)]
        faults += [f"{what}: {n}" for what, query in HALF.items() for n in _values(query)]
        faults += [f"the trail: {fault}" for fault in verify_trail()]
        if db.engine.dialect.name == "sqlite" and _values("PRAGMA integrity_check") != ["ok"]:
            faults.append("integrity_check")
    return faults


HALF = {
    "an approval that was never handed over": (
        "SELECT number FROM orders WHERE state = 'approved'"
    ),
    "more than one effect at the ministry": (
        "SELECT number FROM miit_orders GROUP BY number HAVING count(*) > 1"
    ),
    "handed in more than once": (
        "SELECT number FROM orders JOIN rounds ON rounds.order_id = orders.id "
        "GROUP BY number HAVING count(*) > 1"
    ),
    "a code texted more than once": (
        "SELECT mobile_digest FROM miit_texts GROUP BY mobile_digest HAVING count(*) > 1"
    ),
}
