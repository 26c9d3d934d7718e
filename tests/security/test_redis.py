"""Rate limits that several processes share in a real Redis: together, without it, and hanging."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask_security.utils import hash_password

from console.extensions import db
from console.services.accounts import create_account
from tests.reliability.checking import opened_app
from tests.reliability.running import PASSWORD, Client, Console, free_port

pytestmark = pytest.mark.redis

WRONG = "a river, but another"


class Redis:
    """A server of the test's own, on a port that stays."""

    def __init__(self) -> None:
        found = shutil.which("redis-server")
        if found is None:
            pytest.fail("Redis is needed for the tests marked redis: apt-get install redis-server")
        self.port, self._binary = free_port(), found
        self.start()

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        self.process = subprocess.Popen(
            [self._binary, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        assert any("Ready to accept connections" in line for line in self.process.stdout)

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis that runs."""
    redis = Redis()
    yield redis
    redis.end()


@pytest.fixture
def two(tmp_path: Path, redis: Redis) -> Iterator[list[Console]]:
    """Two web processes on one database and one Redis, with an account."""
    first = Console(tmp_path, f"sqlite:///{tmp_path / 'console.sqlite3'}")
    first.env["RATELIMIT_STORAGE_URI"] = f"redis://127.0.0.1:{redis.port}/0"
    with opened_app(first):
        db.create_all()
        create_account("owner@example.cn", hash_password(PASSWORD), ("applicant",))
    second = Console(tmp_path, first.database_url)
    second.env = {**first.env, "BASE_URL": second.base}
    for console in (first, second):
        console.start("web")
    for console in (first, second):
        console.wait()
    yield [first, second]
    for console in (first, second):
        console.stop_all()


def _enter(console: Console, password: str) -> int:
    client = Client(console)
    client.refresh("/login")
    return client.post("/login", email="owner@example.cn", password=password)[0]


@pytest.fixture
def guesses(two: list[Console]) -> Callable[[int], Counter[int]]:
    """So many guesses at each process, taking turns; how often which status came."""
    return lambda times: Counter(_enter(console, WRONG) for _ in range(times) for console in two)


def test_two_processes_count_together_and_each_for_itself_while_redis_is_away(
    redis: Redis, guesses: Callable[[int], Counter[int]]
) -> None:
    assert guesses(8) == {422: 10, 429: 6}
    # Hanging is worse than gone: the driver would wait for ever.
    redis.process.send_signal(signal.SIGSTOP)
    assert guesses(12) == {422: 20, 429: 4}
    redis.process.send_signal(signal.SIGCONT)
    redis.end()
    assert guesses(1) == {429: 2}


def test_good_attempts_are_given_back_whether_redis_is_there_or_not(
    redis: Redis, two: list[Console]
) -> None:
    for end in (lambda: None, redis.end):
        end()
        for _ in range(11):
            assert _enter(two[0], PASSWORD) == 303
