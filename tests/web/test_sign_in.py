"""Signing in and signing up."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from console.queries.accounts import account_by_email
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People, sign_in


def stripped(text: str, email: str) -> str:
    """A page without what differs by request: token, time, and the address typed."""
    text = re.sub(r'name="csrf_token"[^>]*', "", text)
    text = re.sub(r"X-CSRFToken[^>]*", "", text)
    text = re.sub(r'name="server-time" content="[^"]*"', "", text)
    return text.replace(email, "ADDRESS")


def test_unknown_address_and_wrong_password_get_the_same_bytes(people: People) -> None:
    known, client = people.owner.email, people.client("nobody")
    wrong = sign_in(client, known, "not the password at all")
    unknown = sign_in(client, "nobody@example.cn", "not the password at all")
    assert wrong.status_code == unknown.status_code
    assert stripped(wrong.text, known) == stripped(unknown.text, "nobody@example.cn")
    assert sorted(wrong.headers.keys()) == sorted(unknown.headers.keys())


def test_unknown_address_costs_one_check_of_a_password_as_well(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.web import account_forms as module

    checked: list[str] = []

    def check(secret: str, hashed: str) -> bool:
        checked.append(hashed)
        return False

    monkeypatch.setattr(module, "verify_password", check)
    sign_in(people.client("nobody"), people.owner.email, "wrong password")
    sign_in(people.client("nobody"), "nobody@example.cn", "wrong password")
    assert len(checked) == 2
    assert checked[0].rsplit("$", 2)[0] == checked[1].rsplit("$", 2)[0]  # same cost


def test_the_address_is_found_whatever_its_case(people: People) -> None:
    answer = sign_in(people.client("nobody"), people.owner.email.upper())
    assert answer.status_code == 303


def test_parallel_wrong_passwords_do_not_beat_the_limit(people: People) -> None:
    email, client = people.owner.email, people.client("nobody")
    client.get("/login")
    token = client.token()
    cookie = client.get_cookie("session")
    assert cookie is not None

    def attempt(number: int) -> int:
        other = people.app.test_client()
        other.lint = False  # type: ignore[attr-defined]
        other.set_cookie("session", cookie.value)
        return other.post(
            "/login",
            data={"csrf_token": token, "email": email, "password": f"wrong password {number}"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "User-Agent": f"agent {number}"},
        ).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(attempt, range(40)))
    assert statuses.count(422) == 10
    assert statuses.count(429) == 30
    late = sign_in(client, email)
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    assert sign_in(client, people.other.email).status_code == 303


def test_right_passwords_are_not_counted(people: People) -> None:
    for _ in range(12):
        assert sign_in(people.app.test_client(), people.owner.email).status_code == 303  # type: ignore[arg-type]


HOSTILE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\x01//evil.example",
    "/\n/evil.example",
    "http://localhost@evil.example/",
    "http://localhost:5000@evil.example/",
    "javascript:alert(1)",
    " //evil.example",
    "%2f%2fevil.example",
    "/\u200b/evil.example",
    "https:evil.example",
]


@pytest.mark.parametrize("place", ["query", "form"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_next_leads_nowhere_else(people: People, value: str, place: str) -> None:
    client = people.client("nobody")
    more = {"next": value} if place == "form" else {}
    query = {"next": value} if place == "query" else None
    answer = client.submit(
        "/login",
        {"email": people.owner.email, "password": PASSWORD, **more},
        query_string=query,
    )
    location = answer.headers.get("Location", "/")
    assert re.fullmatch(r"/([^/\\].*)?", location)
    assert "evil.example" not in location


@pytest.mark.parametrize("value", ["/orders/1?x=//a", "/orders/new", "/rulebooks"])
def test_a_path_here_is_followed_after_signing_in(people: People, value: str) -> None:
    answer = sign_in(people.client("nobody"), people.owner.email, next=value)
    assert answer.headers["Location"] == value


WEAK = [
    "password",
    "12345678",
    "qwertyuiop",
    "Password2026!",
    "aaaaaaaaaaaa",
    "woaini1314",
    "short",
]


@pytest.mark.parametrize("password", WEAK)
def test_a_well_known_or_short_password_is_refused(client: LintingClient, password: str) -> None:
    answer = client.submit(
        "/register",
        {"email": "new@example.cn", "password": password, "password_confirm": password},
    )
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text


@pytest.mark.parametrize(
    "password",
    [
        " leading and trailing ",
        "密码可以是汉字的一句话",
        "seven cups of tea " * 5,
        "correct-horse-b",
    ],
)
def test_any_other_password_is_kept_as_it_is_typed(
    app: Flask, client: LintingClient, password: str
) -> None:
    client.submit(
        "/register",
        {"email": "new@example.cn", "password": password, "password_confirm": password},
    )
    client.submit("/logout")
    assert sign_in(client, "new@example.cn", password.strip() + "?").status_code == 422
    assert sign_in(client, "new@example.cn", password).status_code == 303


def test_who_signs_up_is_an_applicant_whatever_else_the_form_says(
    app: Flask, client: LintingClient
) -> None:
    client.submit(
        "/register",
        {
            "email": "new@example.cn",
            "password": PASSWORD,
            "password_confirm": PASSWORD,
            "roles": "administrator",
            "active": "0",
            "epoch": "99",
            "id": "77",
        },
    )
    with app.app_context():
        account = account_by_email("new@example.cn")
        assert account is not None
        assert [role.name for role in account.roles] == ["applicant"]
        assert account.active
        assert (account.epoch, account.id) == (1, 1)


def test_an_address_has_one_account(people: People) -> None:
    answer = people.client("nobody").submit(
        "/register",
        {"email": people.owner.email, "password": PASSWORD, "password_confirm": PASSWORD},
    )
    assert 'id="email-error"' in answer.text


def test_nothing_typed_but_the_password_is_lost_on_a_refusal(client: LintingClient) -> None:
    answer = client.submit("/register", {"email": "new@example.cn", "password": "short"})
    assert 'value="new@example.cn"' in answer.text
    assert 'value="short"' not in answer.text


def test_there_is_no_account_by_default(app: Flask) -> None:
    from console.extensions import db
    from console.models import Account

    with app.app_context():
        assert db.session.query(Account).count() == 0


def test_the_address_is_not_in_the_database_in_clear(app: Flask, people: People) -> None:
    from console.extensions import db

    assert people.owner.id
    with app.app_context():
        rows = db.session.execute(db.text("SELECT email, email_digest FROM accounts")).all()
    assert rows
    assert "owner" not in str(rows)
