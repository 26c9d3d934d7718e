"""Pages that fail the test when the browser complains, and a worker beside the live server."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from console.worker import drain
from tests.browser.hands import PATIENCE_MS, Applicant, Leader, Reviewer, ministry_desk
from tests.support.clocks import Clock
from tests.support.people import PASSWORD, People

# Chromium's own note on an answer that is no success: a refusal is one, and is tested for itself.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
Visit = Callable[..., Page]


class Worker:
    """The worker's loop in a thread of the test, which can hold it still."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._free = threading.Event()
        self._still = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._free.set()
        self._thread.start()

    def _run(self) -> None:
        with self._app.app_context():
            while not self._stopping.wait(0.4):
                self._free.wait()
                with self._still:
                    drain(self._app.extensions["ministry"], self._stopping)

    def hold(self) -> None:
        """Nothing is done from here on."""
        self._free.clear()
        with self._still:
            pass

    def go_on(self) -> None:
        """Everything that fell due is done."""
        self._free.set()

    def end(self) -> None:
        """End the loop."""
        self._stopping.set()
        self._free.set()
        self._thread.join()


@pytest.fixture
def worker(app: Flask, clock: Clock) -> Iterator[Worker]:
    """A worker at work while the test drives its pages."""
    worker = Worker(app)
    yield worker
    worker.end()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said that it should not have; a test may look, and clear it."""
    return []


@pytest.fixture
def visit(browser: Callable[..., BrowserContext], complaints: list[str]) -> Iterator[Visit]:
    """Opens a page in a browser of its own. Any complaint of a browser fails the test."""

    def new(**options: object) -> Page:
        context = browser(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", lambda message: _listen(complaints, message))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield new
    assert complaints == []


def _listen(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning") and not REFUSED.match(message.text):
        complaints.append(message.text)


@pytest.fixture
def applicant(visit: Visit, people: People) -> Applicant:
    """An applicant with an account, in a browser of their own, signed in."""
    applicant = Applicant(visit())
    applicant.sign_in(people.owner.email, PASSWORD)
    return applicant


@pytest.fixture
def reviewer(visit: Visit, people: People) -> Reviewer:
    """A reviewer in a browser of their own, signed in."""
    reviewer = Reviewer(visit())
    reviewer.sign_in(people.reviewer.email, PASSWORD)
    return reviewer


@pytest.fixture
def leader(visit: Visit) -> Leader:
    """Someone without an account, with the mock phone and the ministry's portal."""
    return Leader(visit())


@pytest.fixture
def desk(visit: Visit) -> Callable[[str], None]:
    """The administration's hand: accepts an order by its number."""
    return lambda number: ministry_desk(visit(), number)
