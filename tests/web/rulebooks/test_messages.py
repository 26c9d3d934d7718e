"""The portal's messages: each has its meaning, its next step, and what the book adds."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest

from console.miit.mock import answers as portal
from console.rules.portal_advice import MESSAGES
from tests.support.lint import LintingClient
from tests.support.markup import parsed
from tests.web.rulebooks.pages import BOOKS, HTMX, ZH, having, one, words

KEYS = (
    "verify-verified",
    "verify-verified-others-waiting",
    "verify-failed",
    "verify-no-record",
    "resend-resent",
    "resend-nothing-pending",
    "resend-resend-limit",
    "resend-no-record",
)


def shown(client: LintingClient, key: str, headers: Any = None, **more: str) -> Element:
    more_args = "".join(f"&{name}={value}" for name, value in more.items())
    answer = client.get(f"/rulebooks/messages?message={key}{more_args}", headers=headers)
    assert answer.status_code == 200
    return parsed(answer.text)


def under(page: Element) -> dict[str, str]:
    return {e.get("data-book", ""): words(e) for e in having(page, "data-book")}


def test_the_eight_messages_are_those_of_the_portal() -> None:
    assert tuple(MESSAGES) == KEYS
    said = [m.words for m in MESSAGES.values()]
    assert said == [*portal.VERIFY.values(), *portal.RESEND.values()]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "fragment"])
def test_a_message_has_its_meaning_its_next_step_and_every_book(
    client: LintingClient, key: str, headers: Any
) -> None:
    page = shown(client, key, headers)
    told = words(one(page, "data-message", key))
    said = MESSAGES[key].words
    for text in (said.title, said.meaning, said.next_step):
        assert str(text) in told
    assert set(under(page)) == set(BOOKS)
    current = [
        e for e in page.iter("a") if e.get("aria-current") == "true" and e.get("data-hx-get")
    ]
    assert [e.get("id") for e in current] == [f"choose-{key}"]


ADDS = {
    "verify-verified": ("as soon as", "as soon as", "as soon as", "another 30 to 60 minutes"),
    "verify-verified-others-waiting": ("24 hours", "48 hours", "24 hours", "24 hours"),
    "verify-failed": ("goes straight back", "start anew", "start anew", "24 hours later"),
    "verify-no-record": ("wrong certificate", "wrong certificate", "any entry", "30 to 60 minutes"),
    "resend-resent": ("about 5 minutes", "SIM card", "5 to 10 minutes", "security app"),
    "resend-nothing-pending": ("names no delay",) * 3 + ("wait 30 to 60 minutes",),
    "resend-resend-limit": ("sets no limit", "sets no limit", "2 at most", "2 at most"),
    "resend-no-record": ("ID card", "whichever", "Passport", "30 to 60 minutes"),
}


@pytest.mark.parametrize("key", KEYS)
def test_each_book_adds_its_own(client: LintingClient, key: str) -> None:
    told = under(shown(client, key))
    for book, expected in zip(BOOKS, ADDS[key], strict=True):
        assert expected in told[book], book
    if "30 to 60" in ADDS[key][3]:
        assert all("30 to 60" not in told[book] for book in BOOKS[:3])


def test_without_a_choice_the_page_asks_for_one(client: LintingClient) -> None:
    answer = client.get("/rulebooks/messages")
    page = parsed(answer.text)
    assert "Choose the message you see" in words(page)
    assert {e.get("id") for e in page.iter("a") if e.get("data-hx-get")} == {
        f"choose-{k}" for k in KEYS
    }


def test_choices_are_links_that_work_without_scripts(client: LintingClient) -> None:
    page = parsed(client.get("/rulebooks/messages").text)
    links = [e for e in page.iter("a") if e.get("data-hx-get")]
    for link, key in zip(links, KEYS, strict=True):
        one(parsed(client.get(link.get("href") or "").text), "data-message", key)


def test_an_orders_book_comes_first_and_stays_chosen(client: LintingClient) -> None:
    page = shown(client, "verify-failed", book="jdcloud-2019")
    assert next(iter(under(page))) == "jdcloud-2019"
    assert "Your order's rulebook" in under(page)["jdcloud-2019"]
    links = [e.get("href") or "" for e in page.iter("a") if e.get("data-hx-get")]
    assert all("book=jdcloud-2019" in link for link in links)


def test_otherwise_the_book_in_force_today_comes_first(app: Any) -> None:
    app.config["RULEBOOK"] = "jdcloud"
    told = under(shown(app.test_client(), "verify-failed"))
    assert next(iter(told)) == "jdcloud-2020"
    assert "In force here today" in told["jdcloud-2020"]


def test_an_unknown_book_is_as_none(client: LintingClient) -> None:
    page = shown(client, "verify-failed", book="nonesuch")
    assert set(under(page)) == set(BOOKS)
    assert "Your order's rulebook" not in words(page)


def test_a_message_that_the_portal_does_not_have_is_not_found(client: LintingClient) -> None:
    assert client.get("/rulebooks/messages?message=verify-maybe").status_code == 404


def test_the_page_is_chinese_for_a_chinese_reader(client: LintingClient) -> None:
    page = shown(client, "resend-resent", ZH)
    assert page.get("lang") == "zh-Hans"
    assert "检查短信是否被手机安全软件当作垃圾短信拦截" in words(page)
