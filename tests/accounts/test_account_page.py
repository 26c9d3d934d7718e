"""One's own account: password, sessions, language, address."""

from __future__ import annotations

import pytest

from console.models import Account
from tests.accounts.conftest import Post, actions
from tests.support.clocks import Clock
from tests.support.lint import LintingClient
from tests.support.people import PASSWORD, People, sign_in

NEW = "another river at dawn"


def change(client: LintingClient, old: str = PASSWORD, new: str = NEW, again: str | None = None):  # type: ignore[no-untyped-def]
    return client.submit(
        "/account/password",
        {"password": old, "new_password": new, "new_password_confirm": again or new},
    )


@pytest.mark.parametrize("who", ["owner", "reviewer", "administrator"])
def test_everyone_has_the_page_and_it_masks_the_address(people: People, who: str) -> None:
    page = people.client(who).get("/account")
    assert page.status_code == 200
    assert getattr(people, who).email not in page.text
    assert 'href="/account/notices"' in page.text


def test_nobody_else_has_it(people: People) -> None:
    for path in ("/account", "/account/password", "/account/second-factor"):
        assert people.client("nobody").get(path).status_code == 303


def test_it_is_in_the_language_chosen_there(people: People) -> None:
    owner = people.client("owner")
    answer = owner.submit("/language", {"language": "zh_Hans_CN", "next": "/account"})
    assert answer.headers["Location"] == "/account"
    assert 'lang="zh-Hans"' in owner.get("/account").text
    assert 'lang="zh-Hans"' in owner.get("/account/password").text


def test_a_new_password_ends_every_other_session_and_keeps_this_one_under_a_new_id(
    people: People, post: Post, client: LintingClient
) -> None:
    here = people.client("owner")
    sign_in(client, people.owner.email)
    old_cookie = here.get_cookie("session")
    assert change(here).headers["Location"] == "/account"
    assert here.get("/account").status_code == 200
    assert client.get("/account").status_code == 303
    assert old_cookie is not None
    thief = people.app.test_client()
    thief.set_cookie("session", old_cookie.value)
    assert thief.get("/account").status_code == 303
    assert sign_in(client, people.owner.email, PASSWORD).status_code == 422
    assert sign_in(client, people.owner.email, NEW).status_code == 303
    assert "change-password" in actions(people)
    assert "Your password was changed" in post.come()[0].subject


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("not the password", NEW, NEW, "password"),
        (PASSWORD, NEW, NEW + "x", "new_password_confirm"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, "password", "password", "new_password"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password"),
    ],
)
def test_a_change_of_password_is_refused_in_words(
    people: People, client: LintingClient, old: str, new: str, again: str, field: str
) -> None:
    answer = change(people.client("owner"), old, new, again)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sign_in(client, people.owner.email).status_code == 303


def test_guessing_the_present_password_is_throttled(people: People) -> None:
    statuses = [change(people.client("owner"), "not it").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_all_other_sessions_end_and_this_one_stays(people: People, client: LintingClient) -> None:
    here = people.client("owner")
    assert "/account/sessions/end-others" not in here.get("/account").text
    sign_in(client, people.owner.email)
    page = here.get("/account").text
    assert page.count("data-here") == 1
    assert page.count("last used") == 2
    assert here.submit("/account/sessions/end-others").status_code == 303
    assert client.get("/account").status_code == 303
    assert here.get("/account").text.count("last used") == 1
    assert "end-other-sessions" in actions(people)


def test_only_one_s_own_sessions_end(people: People) -> None:
    other = people.client("other")
    people.client("owner").submit("/account/sessions/end-others")
    assert other.get("/account").status_code == 200


def register(client: LintingClient, email: str):  # type: ignore[no-untyped-def]
    return client.submit(
        "/register", {"email": email, "password": PASSWORD, "password_confirm": PASSWORD}
    )


def confirmed(people: People, email: str) -> bool:
    from console.queries.accounts import account_by_email

    with people.app.app_context():
        account = account_by_email(email)
        assert isinstance(account, Account)
        return account.confirmed_at is not None


class TestConfirming:
    """E-mail addresses, where no server is set: asked for, and in nobody's way."""

    def test_signing_up_sends_a_link_that_confirms_by_a_button(
        self, people: People, client: LintingClient, post: Post
    ) -> None:
        assert register(client, "new@example.cn").headers["Location"] == "/"
        path = post.link()
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200  # as programs do that look through mails
        assert not confirmed(people, "new@example.cn")
        assert client.submit(path).headers["Location"] == "/account"
        assert confirmed(people, "new@example.cn")
        assert "confirm-email" in actions(people)

    @pytest.mark.parametrize(
        ("browser", "language", "subject"),
        [("zh-CN", "zh-Hans", "确认电子邮箱"), ("en-GB", "en", "Confirm your e-mail address")],
    )
    def test_mails_come_in_the_language_somebody_signed_up_in(
        self, client: LintingClient, post: Post, browser: str, language: str, subject: str
    ) -> None:
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = browser
        register(client, "new@example.cn")
        (mail,) = post.come()
        assert (mail.language, mail.subject) == (language, subject)

    def test_the_link_can_be_sent_again_three_times_an_hour(
        self, people: People, client: LintingClient, post: Post
    ) -> None:
        register(client, "new@example.cn")
        statuses = [client.submit("/account/confirm").status_code for _ in range(4)]
        assert statuses == [303, 303, 303, 429]
        assert len(post.come()) == 4

    def test_the_link_ends_after_two_days(
        self, people: People, client: LintingClient, post: Post, clock: Clock
    ) -> None:
        register(client, "new@example.cn")
        path = post.link()
        clock.move(hours=49)
        assert client.get(path).status_code == 404
        assert client.submit(path).status_code == 404
        assert not confirmed(people, "new@example.cn")


class TestWithAServer:
    """Where mails are sent, an address is confirmed before it signs anyone in."""

    @pytest.fixture
    def settings_for_app(self) -> dict[str, str]:
        return {
            "MAIL_URL": "smtp://localhost:25?tls=none",
            "MAIL_FROM": "console@example.cn",
        }

    def test_new_and_known_addresses_get_the_same_answer(
        self, people: People, client: LintingClient, post: Post
    ) -> None:
        new, known = register(client, "new@example.cn"), register(client, people.owner.email)
        assert (new.status_code, new.headers["Location"]) == (303, "/register/sent")
        assert (new.status_code, new.headers["Location"], new.text) == (
            known.status_code,
            known.headers["Location"],
            known.text,
        )
        assert client.get("/register/sent").status_code == 200
        assert client.get("/account").status_code == 303
        mails = {mail.to: mail for mail in post.come()}
        assert "/confirm/" in mails["new@example.cn"].text
        assert "/confirm/" not in mails[people.owner.email].text
        assert "/login" in mails[people.owner.email].text

    def test_signing_up_again_changes_nothing_of_the_account(
        self, people: People, client: LintingClient
    ) -> None:
        client.submit(
            "/register",
            {"email": people.owner.email, "password": NEW, "password_confirm": NEW},
        )
        assert sign_in(client, people.owner.email, NEW).status_code == 422
        assert sign_in(client, people.owner.email).status_code == 303

    def test_before_it_is_confirmed_nobody_signs_in(
        self, people: People, client: LintingClient, post: Post
    ) -> None:
        register(client, "new@example.cn")
        path = post.link()
        answer = sign_in(client, "new@example.cn")
        assert answer.status_code == 422
        assert "Confirm your e-mail address first" in answer.text
        assert "/confirm/" in post.link()
        assert client.submit(path).headers["Location"] == "/login"
        assert sign_in(client, "new@example.cn").status_code == 303

    def test_a_wrong_password_does_not_tell_that_it_is_unconfirmed(
        self, people: People, client: LintingClient
    ) -> None:
        register(client, "new@example.cn")
        assert "Confirm" not in sign_in(client, "new@example.cn", "not the password").text
