"""The worker: everything that is due, then sleep. SIGTERM and SIGINT end it cleanly."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol, TypeVar

from flask import Flask, current_app

from console import clock
from console.extensions import db
from console.miit.gateway import Gateway
from console.miit.patience import WORKER_SECONDS, Patient
from console.queries.due import due as due_now
from console.rules.lifecycle import State
from console.services import (
    account_letters,
    beating,
    handover,
    mailing,
    material_upkeep,
    news,
    reminding,
    retention,
    sealing,
    tallying,
    telling,
    upkeep,
)
from console.web import account_mail
from console.web.mail_view import draw

T = TypeVar("T")
log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
sweeper = material_upkeep.Sweeper()
housekeeping = retention.Housekeeping()
heart = beating.Heart()
census = tallying.Census()
line = news.Line()

MOST_ROUNDS = 10_000  # a job that always says "more" must not keep `--once` for ever


class Ministry(Protocol):
    """A ministry as the worker knows it: what it can be asked, and its clockwork."""

    @property
    def gateway(self) -> Gateway: ...

    def tick(self, now: object) -> bool: ...


Job = Callable[[], bool]  # tells whether there is more


def now_and_then(at_once: bool = False) -> tuple[Job, ...]:
    """What is done every few seconds, minutes or hours: each knows by itself when, or `at_once`."""
    return (
        lambda: heart.beat(at_once),
        lambda: sweeper.sweep(at_once),
        lambda: housekeeping.sweep(*_session_limits(), at_once),
        lambda: census.take(at_once),
    )


def when_due(gateway: Gateway, once: bool) -> dict[str, Job]:
    """What it does where `queries.due` says so, by name and in this order."""
    outgoing = current_app.extensions["mail"]
    return {
        "set right": lambda: upkeep.set_right(),
        "send": lambda: handover.send(gateway) is not None,
        "apply": lambda: news.apply_due(),
        "lapse drafts": lambda: upkeep.lapse_due(State.DRAFT),
        "lapse returned": lambda: upkeep.lapse_due(State.RETURNED),
        "cancel": lambda: upkeep.cancel_due(),
        "remind": lambda: reminding.remind_due(),
        "warn": lambda: reminding.lapse_soon(),
        "tell": lambda: telling.tell_due(),
        "mail": lambda: mailing.send_next(draw, outgoing),
        "write": lambda: account_letters.send_next(account_mail.draw, outgoing),
        "seal": lambda: sealing.seal_next(at_once=once),
        "tally": lambda: tallying.tally_due(),
    }


def _session_limits() -> tuple[timedelta, timedelta]:
    config = current_app.config
    return (
        timedelta(minutes=config["SESSION_IDLE_MINUTES"]),
        timedelta(hours=config["SESSION_ABSOLUTE_HOURS"]),
    )


def drain(ministry: Ministry, stopping: threading.Event, once: bool = False) -> None:
    """Do everything that is due; `once`: what is done now and then as well, and what it leads to.

    A job that fails is logged and does not stop the others.
    """
    _rounds(ministry, stopping, once)
    if once:
        _all(now_and_then(at_once=True), stopping)
        _rounds(ministry, stopping, once)


def _rounds(ministry: Ministry, stopping: threading.Event, once: bool) -> None:
    gateway = Patient(ministry.gateway, WORKER_SECONDS)
    always = (
        *now_and_then(),
        lambda: ministry.tick(clock.now()),
        lambda: news.collect(gateway, line),
    )
    jobs = when_due(gateway, once)
    settled: frozenset[str] = frozenset()  # what was done in the last round and is no more to do
    for _ in range(MOST_ROUNDS):
        more = _all(always, stopping)
        due = _try(lambda: due_now(clock.now())) or frozenset()
        if stopping.is_set() or not (more or due - settled):
            return
        settled = frozenset(
            name for name, job in jobs.items() if name in due and not _all([job], stopping)
        )


def _all(jobs: Iterable[Job], stopping: threading.Event) -> bool:
    """Do one after the other until told to stop; whether any of them has more to do."""
    return any([not stopping.is_set() and _try(job) for job in jobs])


def _try(job: Callable[[], T]) -> T | None:
    """What the job gives; None where it failed."""
    try:
        return job()
    except Exception:
        log.exception("a job of the worker failed; it is tried again")
        return None
    finally:
        db.session.remove()


def run(app: Flask, once: bool = False) -> None:
    """Drain, and unless `once`, go on until told to stop."""
    stopping = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopping.set())
    ministry: Ministry = app.extensions["ministry"]
    with app.app_context():
        drain(ministry, stopping, once)
        while not once and not stopping.wait(IDLE_SECONDS):
            drain(ministry, stopping)
