"""Rate limits over several processes: a store they share, and one that does not answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from console.extensions import limiter
from console.web import throttle
from tests.security.kit import rude
from tests.support.apps import make_app
from tests.support.people import People, sign_in


class Shared(MemoryStorage):
    """A store that every app of this process reaches under one address, as Redis would be."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["shared-for-tests"]
    one: ClassVar[Any] = None

    def __new__(cls, *_args: Any, **_options: Any) -> Any:
        cls.one = cls.one or super().__new__(cls)
        return cls.one

    def __init__(self, *args: Any, **options: Any) -> None:
        if not hasattr(self, "storage"):
            super().__init__(*args, **options)


class Gone(MemoryStorage):
    """A store that does not answer."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["gone-for-tests"]

    def incr(self, *_args: Any, **_options: Any) -> int:
        """Fail as a driver does."""
        raise ConnectionError("the store is out of reach")

    def check(self) -> bool:
        """It is not there."""
        return False


@pytest.fixture
def settings_for_app(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The store's address."""
    return {"RATELIMIT_STORAGE_URI": request.param}


@pytest.fixture(autouse=True)
def _forget_the_outage() -> Iterator[None]:
    """The limits belong to the process: let no other test inherit a store that was gone."""
    yield
    limiter._storage_dead = False
    throttle._alone.storage.reset()
    throttle._away_until = 0.0


shared = pytest.mark.parametrize("settings_for_app", ["shared-for-tests://x"], indirect=True)
gone = pytest.mark.parametrize("settings_for_app", ["gone-for-tests://x"], indirect=True)


@shared
def test_two_processes_with_one_store_count_together(
    app: Flask, people: People, database_url: str, tmp_path: Path, settings_for_app: dict[str, Any]
) -> None:
    second = make_app(database_url, tmp_path, **settings_for_app)
    email = people.owner.email
    statuses = Counter(
        sign_in(rude(which), email, "a wrong password").status_code
        for _ in range(8)
        for which in (app, second)
    )
    assert statuses == {422: 10, 429: 6}
    assert sign_in(rude(second), people.other.email).status_code == 303
    portal = {"mobile": "13805710001", "last_six": "000000"}
    statuses = Counter(
        rude(which).submit("/miit/resend", portal).status_code
        for _ in range(16)
        for which in (app, second)
    )
    assert statuses == {200: 30, 429: 2}


@gone
def test_a_store_out_of_reach_keeps_nobody_out_and_lets_nobody_guess(
    app: Flask, people: People
) -> None:
    assert sign_in(rude(app), people.other.email).status_code == 303
    email = people.owner.email
    statuses = Counter(sign_in(rude(app), email, "a wrong password").status_code for _ in range(14))
    assert statuses == {422: 10, 429: 4}
    entry = {"mobile": "1", "last_six": "1", "code": "1"}
    assert rude(app).submit("/miit/verify", entry).status_code == 200
