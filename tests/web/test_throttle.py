"""How often someone may try: to the last attempt, and where the store does not answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from console import clock
from console.errors import Throttled
from console.extensions import limiter
from console.web import throttle
from console.web.throttle import count, give_back, storage_options

THREE = RateLimitItemPerMinute(3, 15, "three-of-the-tests")


class Gone(FixedWindowRateLimiter):
    """A store that fails as a driver does."""

    asked = 0

    def hit(self, *_args: object, **_options: object) -> bool:
        self.asked += 1
        raise ConnectionError("the store is out of reach")


@pytest.fixture(autouse=True)
def _here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In an app, and with counts that no other test has begun."""
    monkeypatch.setattr(throttle, "_alone", FixedWindowRateLimiter(MemoryStorage()))
    monkeypatch.setattr(throttle, "_away_until", 0.0)
    with app.app_context():
        yield


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's time, in the test's hand."""
    now = [clock.machine_seconds()]
    monkeypatch.setattr(clock, "machine_seconds", lambda: now[0])
    return now


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Gone:
    """The shared store does not answer."""
    store = Gone(MemoryStorage())
    monkeypatch.setattr(limiter, "_limiter", store)
    assert limiter.limiter is store
    return store


def passed(*key: str, most: int = 9) -> int:
    """How many attempts pass before one is refused."""
    for n in range(most):
        try:
            count(THREE, *key)
        except Throttled:
            return n
    return most


def test_as_many_pass_as_the_limit_says_for_each_key() -> None:
    assert passed("a", "1") == 3
    assert passed("a", "1") == 0
    assert passed("a", "2") == passed("b", "1") == 3


def test_who_is_refused_is_told_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    passed("a")
    for left, minutes, wait in ((0.2, 1, 1), (59.5, 1, 60), (60.5, 2, 61), (-5.0, 1, 1)):
        now = limiter.limiter.get_window_stats(THREE, "a").reset_time - left
        monkeypatch.setattr(clock, "machine_seconds", lambda now=now: now)
        with pytest.raises(Throttled) as refused:
            count(THREE, "a")
        assert refused.value.retry_after == wait
        assert f"Try again in {minutes} minutes" in str(refused.value.text)


def test_an_attempt_that_was_right_is_taken_off_the_count() -> None:
    for _ in range(9):
        count(THREE, "a")
        give_back(THREE, "a")
    for _ in range(3):
        count(THREE, "a")
    give_back(THREE, "a")
    assert passed("a") == 1


def test_what_was_not_counted_is_not_taken_off() -> None:
    for _ in range(5):
        give_back(THREE, "a")
    assert passed("a") == 3


def test_where_limits_are_off_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    assert passed("a") == 9
    give_back(THREE, "a")
    monkeypatch.setattr(limiter, "enabled", True)
    assert passed("a") == 3


class TestWithoutTheStore:
    """Each process counts for itself, for five seconds at a time."""

    def test_it_still_limits(self, gone: Gone, seconds: list[float]) -> None:
        for _ in range(3):
            count(THREE, "a")
        assert gone.asked == 1, "who tries does not wait for it each time"
        give_back(THREE, "a")
        assert passed("a") == 1

    def test_it_is_asked_again_after_five_seconds(self, gone: Gone, seconds: list[float]) -> None:
        count(THREE, "a")
        for later, asked in ((4.9, 1), (0.1, 2), (4.9, 2), (0.2, 3)):
            seconds[0] += later
            count(THREE, str(seconds))
            assert gone.asked == asked

    def test_a_clock_set_back_does_not_keep_it_away(self, gone: Gone, seconds: list[float]) -> None:
        count(THREE, "a")
        seconds[0] -= 3600
        count(THREE, "b")
        assert gone.asked == 2

    def test_that_it_is_away_is_logged(self, gone: Gone, caplog: pytest.LogCaptureFixture) -> None:
        count(THREE, "a")
        assert [r.exc_info[0] for r in caplog.records if r.exc_info] == [ConnectionError]


def test_redis_is_given_half_a_second_and_one_more_try_without_a_pause() -> None:
    for address in ("redis://h", "rediss://h", "redis+sentinel://h"):
        options = storage_options(address)
        assert options.keys() == {"socket_timeout", "socket_connect_timeout", "retry"}
        assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.5, 0.5)
        assert options["retry"].get_retries() == 1
        assert options["retry"]._backoff.compute(3) == 0
    for address in ("memory://", "memcached://redis:1", ""):
        assert storage_options(address) == {}
