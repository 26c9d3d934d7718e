"""Links: how long they are good, what they carry, and what ends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from console.queries.status import Standing
from console.web.tokens import Viewer, make_token, read_token, signer, still_good

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
LEADER = Viewer(7, "entity-leader", "en", 3)
APPLICANT = Viewer(7, "applicant", "zh_Hans_CN", 4, 11)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("viewer", "lasts"), [(LEADER, timedelta(days=30)), (APPLICANT, timedelta(hours=12))]
)
def test_a_link_says_who_looks_at_what_until_its_end(viewer: Viewer, lasts: timedelta) -> None:
    token, end = make_token(viewer, NOW), NOW + lasts
    told = replace(viewer, until=int(end.timestamp()))
    for moment in (NOW, end - SECOND):
        assert read_token(token, moment) == told
    for moment in (end, end + SECOND):
        assert read_token(token, moment) is None


def test_a_link_made_from_a_link_ends_with_it_in_another_language_too() -> None:
    first = read_token(make_token(LEADER, NOW), NOW)
    assert first is not None
    later, other = NOW + timedelta(days=20), first.in_language("zh_Hans_CN")
    again = read_token(make_token(other, later), later)
    assert again == replace(LEADER, language="zh_Hans_CN", until=first.until)
    assert read_token(make_token(other, later), NOW + timedelta(days=30)) is None


def test_a_link_without_an_account_is_a_leader_s() -> None:
    assert LEADER.is_leader
    assert not APPLICANT.is_leader


def test_what_was_tampered_with_or_signed_otherwise_is_no_link(app: Flask) -> None:
    token, secret = make_token(LEADER, NOW), app.config["SECRET_KEY"]
    values = [7, "entity-leader", "en", 3, None, 2**31]
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "",
        "x",
        URLSafeSerializer("another secret", salt="status").dumps(values),
        URLSafeSerializer(secret, salt="other").dumps(values),
    ]
    assert [read_token(one, NOW) for one in forged] == [None] * len(forged)
    assert read_token(token, NOW, signer("another secret")) is None


def test_no_letter_of_a_link_can_be_another() -> None:
    token = make_token(LEADER, NOW)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for at in (0, token.index(".") + 1, len(token) - 1):
        forged = {f"{token[:at]}{letter}{token[at + 1 :]}" for letter in letters} - {token}
        assert all(read_token(one, NOW) is None for one in forged), at
    for more in ("!", "=", " ", "\n"):
        assert read_token(token + more, NOW) is None
        assert read_token(f"{token[:-3]}{more}{token[-3:]}", NOW) is None


@pytest.mark.parametrize("content", [[1, 2], 5, None, [7, "k", "en", 3, None, 1, 2]])
def test_what_was_signed_but_says_something_else_is_no_link(app: Flask, content: Any) -> None:
    token = signer(app.config["SECRET_KEY"]).dumps(content)
    assert read_token(token, NOW) is None


def test_links_that_were_given_out_go_on_working(app: Flask) -> None:
    """Whatever makes and reads them, what they are made of stays."""
    until = int((NOW + timedelta(days=1)).timestamp())
    given = URLSafeSerializer(app.config["SECRET_KEY"], salt="status").dumps(
        [7, "applicant", "en", 4, 11, until]
    )
    viewer = Viewer(order_id=7, kind="applicant", language="en", epoch=4, account_id=11)
    assert read_token(given, NOW) == replace(viewer, until=until)
    assert read_token(given, NOW, signer(app.config["SECRET_KEY"])) == replace(viewer, until=until)
    assert make_token(replace(viewer, until=until), NOW) == given


@pytest.mark.parametrize(
    ("viewer", "share", "account", "good"),
    [
        (LEADER, 3, 99, True),
        (LEADER, 4, 3, False),
        (LEADER, 2, 3, False),
        (APPLICANT, 99, 4, True),
        (APPLICANT, 4, 5, False),
        (APPLICANT, 4, None, False),
    ],
)
def test_a_leader_s_link_ends_with_the_order_s_links_an_account_s_with_its_sessions(
    viewer: Viewer, share: int, account: int | None, good: bool
) -> None:
    assert still_good(viewer, Standing(1, None, share, account)) is good
