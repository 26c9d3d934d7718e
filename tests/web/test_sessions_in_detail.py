"""Sessions: when being in use is written down, and what outlives a sign-in and a sign-out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask, Response, session
from flask.sessions import SecureCookieSession
from flask_security import login_user
from flask_wtf.csrf import generate_csrf, validate_csrf
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from wtforms import ValidationError

from console.errors import Busy
from console.extensions import db
from console.models import Account, LiveSession
from console.rules.text import T
from console.services import accounts
from console.web import sessions
from console.web.front import STANDING
from tests.support.clocks import Clock
from tests.support.people import People, sign_in


def last_seen(people: People) -> datetime:
    """When the one session there is was in use, as it is written down."""
    with people.app.app_context():
        return db.session.scalars(select(LiveSession.last_seen_at)).one()


@pytest.mark.parametrize(
    ("minutes", "headers", "written"),
    [
        (4.9, {}, False),
        (5.1, {}, True),
        (5.1, {"HX-PTag": "7-0"}, False),
        (5.1, {"HX-Request": "true"}, True),
    ],
)
def test_being_in_use_is_written_down_every_five_minutes_but_not_by_polls(
    people: People, clock: Clock, minutes: float, headers: dict[str, str], written: bool
) -> None:
    client = people.client("owner")
    before = last_seen(people)
    clock.move(minutes=minutes)
    assert client.get("/account", headers=headers).status_code == 200
    after = last_seen(people)
    assert (after > before) is written
    if written:
        assert clock.now - after < timedelta(minutes=1)


@pytest.mark.parametrize(
    "error",
    [Busy(T("There is no such order.")), OperationalError("UPDATE", {}, Exception("readonly"))],
)
def test_nobody_is_kept_from_reading_because_it_cannot_be_noted(
    people: People, clock: Clock, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_token: str) -> None:
        raise error

    client = people.client("owner")
    monkeypatch.setattr(sessions, "touch_session", fail)
    clock.move(minutes=10)
    assert client.get("/account").status_code == 200


def test_a_session_that_is_ended_while_its_use_is_noted_opens_nothing(
    people: People, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = people.client("owner")
    monkeypatch.setattr(
        sessions, "touch_session", lambda token: accounts.close_session(people.owner.id, token)
    )
    clock.move(minutes=10)
    assert client.get("/account").location.startswith("/login")


@pytest.mark.parametrize("shown", [True, False], ids=["after a form", "without one"])
def test_a_form_in_the_answer_to_a_sign_in_is_one_of_the_new_session(
    people: People, shown: bool
) -> None:
    with people.app.test_request_context():
        before = generate_csrf() if shown else "of another"
        assert login_user(db.session.get(Account, people.owner.id))
        validate_csrf(generate_csrf())
        with pytest.raises(ValidationError):
            validate_csrf(before)


def test_the_limits_are_the_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SESSION_IDLE_MINUTES", 7)
    monkeypatch.setitem(app.config, "SESSION_ABSOLUTE_HOURS", 3)
    with app.app_context():
        assert sessions.limits() == (timedelta(minutes=7), timedelta(hours=3))


def test_of_what_was_kept_before_signing_in_the_language_alone_goes_on(people: People) -> None:
    client = people.client("nobody")
    assert people.owner.id
    with client.session_transaction() as kept:
        kept.update(language="zh_Hans_CN", something="of before", sid="of another")
    sign_in(client, people.owner.email)
    with client.session_transaction() as kept:
        assert kept["language"] == "zh_Hans_CN"
        assert "something" not in kept
        assert kept["sid"] != "of another"
        token = kept["sid"]
    with people.app.test_request_context():
        assert sessions.here() == ""
        session["sid"] = token
        assert sessions.here() == token


def test_of_a_session_that_ended_the_language_alone_is_left(people: People) -> None:
    client = people.client("owner")
    with client.session_transaction() as kept:
        kept.update(language="en", something="of the session")
    client.submit("/logout")
    with client.session_transaction() as kept:
        assert kept["language"] == "en"
        assert not {"sid", "_user_id", "something"} & set(kept)
    with people.app.app_context():
        assert db.session.scalars(select(LiveSession.id)).all() == []


def test_signing_out_without_a_language_leaves_none(people: People) -> None:
    client = people.client("owner")
    with client.session_transaction() as kept:
        kept.pop("language", None)
    client.submit("/logout")
    with client.session_transaction() as kept:
        assert "language" not in kept


@pytest.mark.parametrize("sid", [None, 7, ["x"], "unknown"])
def test_a_cookie_without_a_session_s_id_is_nobody_s(people: People, sid: object) -> None:
    client = people.client("owner")
    with client.session_transaction() as kept:
        kept["sid"] = sid
    assert client.get("/account").status_code == 303


def test_a_poll_whose_link_was_looked_at_needs_no_session(app: Flask) -> None:
    interface = sessions.Sessions()
    with app.test_request_context() as asked:
        assert interface.open_session(app, asked.request) is not None
        asked.request.environ[STANDING] = "read already"
        assert interface.open_session(app, asked.request) is None


def test_files_that_anyone_may_keep_carry_no_cookie(app: Flask) -> None:
    interface = sessions.Sessions()
    with app.test_request_context():
        for public in (True, False):
            answer = Response()
            answer.cache_control.public = public
            kept = SecureCookieSession()
            kept["sid"] = "x"
            interface.save_session(app, kept, answer)
            assert ("Set-Cookie" in answer.headers) is not public
