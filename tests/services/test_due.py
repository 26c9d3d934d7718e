"""The worker asks once what is due, and does no more than that."""

from __future__ import annotations

import threading

from flask import Flask

from console.queries.due import due
from console.worker import drain
from tests.support.clocks import Clock
from tests.support.filings import valid_filing
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands, drive
from tests.web.pages.reading import counted

__all__ = ["drive"]


@both_databases
def test_a_worker_with_nothing_to_do_asks_two_questions_and_locks_nothing(
    app: Flask, drive: Hands
) -> None:
    drive.approve(drive.submit(drive.draft(valid_filing())))
    drive.do(drain, drive.ministry, threading.Event(), True)
    with counted(app) as said:
        drive.do(drain, drive.ministry, threading.Event())
    ours = [statement for statement in said if "miit_" not in statement]
    assert len(ours) == 2, ours  # how far the ministry's news are kept, and what is due
    assert all(statement.startswith("SELECT") for statement in said)


@both_databases
def test_each_job_is_named_when_its_time_has_come(drive: Hands, clock: Clock) -> None:
    drive.draft(valid_filing(1))
    drive.approve(drive.submit(drive.draft(valid_filing(2))))
    drive.do(drain, drive.ministry, threading.Event(), True)
    for hours, named in (
        (0, set()),
        (13, {"remind"}),
        (24 * 39, {"warn"}),
        (24 * 46, {"lapse drafts"}),
    ):
        clock.move(hours=hours)
        assert drive.do(due, clock.now) == named
        clock.move(hours=-hours)
