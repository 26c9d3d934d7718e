"""The worker: everything that is due, then sleep. SIGTERM and SIGINT end it cleanly."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from flask import Flask, current_app

from console import clock
from console.extensions import db
from console.miit.gateway import Gateway
from console.miit.patience import WORKER_SECONDS, Patient
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


def jobs(ministry: Ministry, once: bool) -> tuple[Callable[[], bool], ...]:
    """What the worker does, in order; each tells whether there is more."""
    gateway = Patient(ministry.gateway, WORKER_SECONDS)
    return (
        lambda: heart.beat(at_once=once),
        lambda: handover.send(gateway) is not None,
        lambda: ministry.tick(clock.now()),
        lambda: news.collect(gateway, line),
        news.apply_due,
        lambda: upkeep.lapse_due(State.DRAFT),
        lambda: upkeep.lapse_due(State.RETURNED),
        upkeep.cancel_due,
        lambda: sweeper.sweep(at_once=once),
        lambda: housekeeping.sweep(*_session_limits(), at_once=once),
        reminding.remind_due,
        reminding.lapse_soon,
        telling.tell_due,
        lambda: mailing.send_next(draw, current_app.extensions["mail"]),
        lambda: account_letters.send_next(account_mail.draw, current_app.extensions["mail"]),
        lambda: sealing.seal_next(at_once=once),
        tallying.tally_due,
        lambda: census.take(at_once=once),
    )


def _session_limits() -> tuple[timedelta, timedelta]:
    config = current_app.config
    return (
        timedelta(minutes=config["SESSION_IDLE_MINUTES"]),
        timedelta(hours=config["SESSION_ABSOLUTE_HOURS"]),
    )


def drain(ministry: Ministry, stopping: threading.Event, once: bool = False) -> None:
    """Do everything that is due. A job that fails is logged and does not stop the others."""
    for _ in range(MOST_ROUNDS):
        more = False
        for job in jobs(ministry, once):
            if stopping.is_set():
                return
            try:
                more = job() or more
            except Exception:
                log.exception("a job of the worker failed; it is tried again")
            finally:
                db.session.remove()
        if not more:
            return


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
