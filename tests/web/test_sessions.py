"""Sessions: new at sign-in, ended by the server, and limited in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.services.accounts import add_role, remove_role, set_active
from tests.support.clocks import Clock
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People, sign_in
from tests.support.postgres import both_databases

PRIVATE = "/account"  # any page that is not on the public list


def is_in(client: LintingClient) -> bool:
    """Whether this browser is signed in: the start page leads on to one's work."""
    return client.get("/").status_code == 303


def copy_cookie(source: LintingClient, target: LintingClient) -> None:
    """Present the cookie of one browser in another."""
    cookie = source.get_cookie("session")
    assert cookie is not None
    target.set_cookie("session", cookie.value)


@both_databases
def test_signing_in_opens_a_session_and_signing_out_ends_it(people: People) -> None:
    client = people.client("owner")
    assert is_in(client)
    client.submit("/logout")
    assert not is_in(client)


@both_databases
def test_a_cookie_saved_before_signing_out_is_dead_in_another_browser(
    people: People, new_client: Callable[[], LintingClient]
) -> None:
    client, thief = people.client("owner"), new_client()
    copy_cookie(client, thief)
    assert is_in(thief)
    client.submit("/logout")
    assert not is_in(thief)


def test_the_cookie_from_before_signing_in_is_never_signed_in(
    people: People, new_client: Callable[[], LintingClient]
) -> None:
    client, fixer = new_client(), new_client()
    client.get("/login")
    copy_cookie(client, fixer)
    before = client.token()
    sign_in(client, people.owner.email)
    assert is_in(client)
    assert not is_in(fixer)
    assert client.token() != before


def test_signing_out_is_not_possible_by_a_link(people: People) -> None:
    client = people.client("owner")
    assert client.get("/logout").status_code == 405
    assert is_in(client)


def test_disabling_an_account_bites_at_the_next_request(people: People) -> None:
    client = people.client("owner")
    with people.app.app_context():
        set_active(people.owner.id, False)
    assert not is_in(client)
    again = sign_in(people.client("nobody"), people.owner.email)
    assert again.status_code == 422
    assert "disabled" in again.text


def test_an_account_that_was_disabled_does_not_get_its_old_sessions_back(people: People) -> None:
    client = people.client("owner")
    with people.app.app_context():
        set_active(people.owner.id, False)
        set_active(people.owner.id, True)
    assert not is_in(client)


def test_taking_a_role_away_bites_at_the_next_request(people: People) -> None:
    client = people.client("reviewer")
    assert client.get("/").headers["Location"] == "/review"
    with people.app.app_context():
        add_role(people.reviewer.id, "applicant")
        remove_role(people.reviewer.id, "reviewer")
    assert client.get("/").headers["Location"] == "/orders"


def test_an_idle_session_ends(people: People, clock: Clock) -> None:
    client = people.client("owner")
    clock.move(minutes=119)
    assert is_in(client)
    clock.move(minutes=119)  # in use since, so the idle time started again
    assert is_in(client)
    clock.move(minutes=121)
    assert not is_in(client)


def test_a_session_in_constant_use_ends_at_the_absolute_limit(people: People, clock: Clock) -> None:
    client = people.client("owner")
    for _ in range(11):
        clock.move(hours=1)
        assert is_in(client)
    clock.move(hours=1, minutes=1)
    assert not is_in(client)


def test_a_clock_set_back_revives_no_session_that_was_ended(people: People, clock: Clock) -> None:
    client, thief = people.client("owner"), people.app.test_client()
    copy_cookie(client, thief)  # type: ignore[arg-type]
    client.submit("/logout")
    clock.move(hours=-3)
    assert not is_in(thief)  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["Authentication-Token", "Authorization"])
def test_there_is_no_way_in_by_a_header(people: People, header: str) -> None:
    with people.app.test_request_context():
        from console.queries.accounts import account_by_email

        account = account_by_email(people.owner.email)
        assert account is not None
        token = account.get_auth_token()
    answer = people.client("nobody").get(PRIVATE, headers={header: str(token)})
    assert answer.status_code == 303


def test_each_sign_in_has_a_session_of_its_own(people: People) -> None:
    first, second = people.owner.client(), people.owner.client()
    first.submit("/logout")
    assert is_in(second)


def test_reading_pages_writes_nothing(people: People, clock: Clock) -> None:
    from console.extensions import db
    from console.models import LiveSession

    client = people.client("owner")
    with people.app.app_context():
        before = db.session.query(LiveSession.last_seen_at).all()
    clock.move(minutes=4)
    client.get("/")
    with people.app.app_context():
        assert db.session.query(LiveSession.last_seen_at).all() == before


def test_the_password_of_the_cast_is_one_that_is_accepted(people: People) -> None:
    answer = people.client("nobody").submit(
        "/register",
        {"email": "new@example.cn", "password": PASSWORD, "password_confirm": PASSWORD},
    )
    assert answer.status_code == 303
    assert is_in(people.client("nobody"))


def test_signing_in_and_out_is_in_the_trail(people: People) -> None:
    from console.extensions import db
    from console.models import Event

    people.client("owner").submit("/logout")
    with people.app.app_context():
        set_active(people.owner.id, False)
        rows = db.session.query(Event.action, Event.actor, Event.data).order_by(Event.id).all()
    assert [(row.action, row.actor) for row in rows] == [
        ("sign-in", "account"),
        ("sign-out", "account"),
        ("disable-account", "operator"),
    ]
    assert all(row.data["account"] == people.owner.id for row in rows)


def test_a_live_session_of_an_inactive_account_finds_nobody(people: People) -> None:
    from datetime import timedelta

    from console.clock import now
    from console.extensions import db
    from console.models import Account
    from console.queries.accounts import account_of_session
    from console.services.accounts import open_session

    day = timedelta(days=1)
    assert people.owner.id
    with people.app.app_context():
        account = db.session.get(Account, people.owner.id)
        assert account is not None
        uniquifier, token = account.fs_uniquifier, open_session(account.id, day)
        assert account_of_session(uniquifier, token, now(), day, day)
        db.session.execute(db.update(Account).values(active=False))
        assert account_of_session(uniquifier, token, now(), day, day) is None
