"""A forgotten password."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.accounts.conftest import Post, actions
from tests.support.clocks import Clock
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People, sign_in
from tests.web.test_sign_in import stripped

NEW = "another river at dawn"


def ask(client: LintingClient, email: str):  # type: ignore[no-untyped-def]
    return client.submit("/recover", {"email": email})


def choose(client: LintingClient, path: str, password: str = NEW):  # type: ignore[no-untyped-def]
    return client.submit(path, {"new_password": password, "new_password_confirm": password})


def test_the_link_sets_a_new_password_and_ends_every_session(
    people: People, post: Post, client: LintingClient
) -> None:
    open_session = people.client("owner")
    ask(client, people.owner.email)
    path = post.link()
    assert client.get(path).status_code == 200
    answer = choose(client, path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert open_session.get("/account").status_code == 303
    assert client.get("/account").status_code == 303  # nobody is signed in by it
    assert sign_in(client, people.owner.email, PASSWORD).status_code == 422
    assert sign_in(client, people.owner.email, NEW).status_code == 303
    assert {"ask-to-recover", "change-password"} <= set(actions(people))


def test_known_and_unknown_addresses_get_the_same_answer_and_the_same_work(
    people: People, post: Post, client: LintingClient
) -> None:
    known = ask(client, people.owner.email)
    unknown = ask(client, "nobody@example.cn")
    assert (known.status_code, known.headers["Location"]) == (303, "/recover/sent")
    assert stripped(known.text, people.owner.email) == stripped(unknown.text, "nobody@example.cn")
    assert sorted(known.headers.keys()) == sorted(unknown.headers.keys())
    assert post.rows() == 2
    assert [mail.to for mail in post.come()] == [people.owner.email]


def test_a_disabled_account_gets_the_same_answer_and_no_mail(
    people: People, post: Post, client: LintingClient
) -> None:
    from console.services.accounts import set_active

    with people.app.app_context():
        set_active(people.owner.id, False)
    assert ask(client, people.owner.email).headers["Location"] == "/recover/sent"
    assert post.come() == []


def test_a_link_works_once(people: People, post: Post, client: LintingClient) -> None:
    ask(client, people.owner.email)
    path = post.link()
    choose(client, path)
    assert client.get(path).status_code == 404
    assert choose(client, path, "yet another river").status_code == 404
    assert sign_in(client, people.owner.email, NEW).status_code == 303


def test_a_link_ends_after_an_hour_by_the_console_s_clock(
    people: People, post: Post, client: LintingClient, clock: Clock
) -> None:
    ask(client, people.owner.email)
    path = post.link()
    clock.move(minutes=59)
    assert client.get(path).status_code == 200
    clock.move(minutes=2)
    assert client.get(path).status_code == 404
    assert choose(client, path).status_code == 404
    assert sign_in(client, people.owner.email, PASSWORD).status_code == 303


def test_a_mail_that_is_late_does_not_lengthen_the_hour(
    people: People, post: Post, client: LintingClient, clock: Clock
) -> None:
    ask(client, people.owner.email)
    clock.move(minutes=61)
    assert client.get(post.link()).status_code == 404


@pytest.mark.parametrize("change", ["cut", "longer", "other purpose", "nonsense"])
def test_a_spoilt_link_is_not_found(
    people: People, post: Post, client: LintingClient, change: str
) -> None:
    ask(client, people.owner.email)
    path = post.link()
    spoilt = {
        "cut": path[:-2],
        "longer": path + "A",
        "other purpose": path.replace("/recover/", "/confirm/"),
        "nonsense": "/recover/x",
    }[change]
    assert client.get(spoilt).status_code == 404


@pytest.mark.parametrize("password", ["short", "password", "Password2026!"])
def test_the_new_password_must_be_as_good_as_any(
    people: People, post: Post, client: LintingClient, password: str
) -> None:
    ask(client, people.owner.email)
    path = post.link()
    answer = choose(client, path, password)
    assert answer.status_code == 422
    assert 'id="new_password-error"' in answer.text
    assert choose(client, path).status_code == 303


def test_two_different_entries_are_refused(
    people: People, post: Post, client: LintingClient
) -> None:
    ask(client, people.owner.email)
    data = {"new_password": NEW, "new_password_confirm": NEW + "x"}
    assert client.submit(post.link(), data).status_code == 422


@pytest.mark.parametrize("email", ["owner@example.cn", "nobody@example.cn"])
def test_asking_again_and_again_is_throttled_whether_or_not_there_is_an_account(
    people: People, client: LintingClient, email: str
) -> None:
    assert people.owner.id
    statuses = [ask(client, email).status_code for _ in range(4)]
    assert statuses == [303, 303, 303, 429]


def test_the_mail_is_in_the_language_of_the_account_or_in_both(
    people: People, post: Post, client: LintingClient
) -> None:
    ask(client, people.owner.email)
    (both,) = post.come()
    assert both.language == "zh-Hans, en"
    people.client("owner").submit("/language", {"language": "en"})
    ask(client, people.owner.email)
    (english,) = post.come()
    assert english.language == "en"
    assert english.subject == "Set a new password"


def test_the_link_is_built_from_the_configured_address_alone(
    people: People, post: Post, client: LintingClient
) -> None:
    token = client.token()
    client.post(
        "/recover",
        data={"csrf_token": token, "email": people.owner.email},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    (mail,) = post.come()
    assert re.findall(r"https?://[^/\s]+", mail.text) == [people.app.config["BASE_URL"]] * 2


@pytest.mark.parametrize(
    "settings_for_app", [{"APP_ENV": "production", "PREFERRED_URL_SCHEME": "http"}]
)
def test_without_a_mail_server_in_production_it_is_not_offered(
    app: Flask, client: LintingClient
) -> None:
    assert client.get("/recover").status_code == 404
    assert "/recover" not in client.get("/login").text


def test_what_was_sent_is_forgotten_after_a_month(
    people: People, post: Post, client: LintingClient, clock: Clock
) -> None:
    from console.services.account_letters import forget_old

    ask(client, people.owner.email)
    assert post.come()
    for days, left in ((29, 1), (2, 0)):
        clock.move(days=days)
        with people.app.app_context():
            forget_old()
        assert post.rows() == left


def test_a_server_that_does_not_answer_gets_the_letter_later_and_once(
    people: People, post: Post, client: LintingClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.outside.mail import Unreachable

    def away(_mail: object) -> str:
        raise Unreachable("away")

    ask(client, people.owner.email)
    with monkeypatch.context() as patch:
        patch.setattr(post, "send", away)
        post.come()
    assert post.failures == 1
    assert post.come() == []  # not at once
    clock.move(minutes=3)
    assert len(post.come()) == 1
    assert post.come() == []
