"""The language of a page: the account's, else the session's, else the browser's."""

from __future__ import annotations

import pytest

from tests.support.lint import LintingClient
from tests.support.people import People

CHINESE, ENGLISH = '<html lang="zh-Hans">', '<html lang="en">'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-TW", CHINESE),
        ("zh", CHINESE),
        ("en-GB,en;q=0.9,zh;q=0.1", ENGLISH),
        ("fr", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_the_browser_decides_at_first(client: LintingClient, header: str, expected: str) -> None:
    assert expected in client.get("/login", headers={"Accept-Language": header}).text


def test_a_choice_holds_against_the_browser(client: LintingClient) -> None:
    answer = client.submit("/language", {"language": "zh_Hans_CN", "next": "/login?next=/orders"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/orders"
    assert CHINESE in client.get("/login", headers={"Accept-Language": "en"}).text


def test_a_choice_leads_nowhere_else_and_takes_no_unknown_language(client: LintingClient) -> None:
    answer = client.submit("/language", {"language": "../etc", "next": "//evil.example"})
    assert answer.headers["Location"] == "/"
    assert ENGLISH in client.get("/login").text


def test_the_choice_of_an_account_follows_the_person_to_another_browser(people: People) -> None:
    people.client("owner").submit("/language", {"language": "zh_Hans_CN", "next": "/"})
    other_browser = people.owner.client()
    assert CHINESE in other_browser.get("/nowhere").text


def test_a_choice_survives_signing_in_and_out(people: People) -> None:
    client = people.client("nobody")
    client.submit("/language", {"language": "zh_Hans_CN", "next": "/"})
    from tests.support.people import sign_in

    sign_in(client, people.owner.email)
    assert CHINESE in client.get("/nowhere").text
    client.submit("/logout")
    assert CHINESE in client.get("/login").text
