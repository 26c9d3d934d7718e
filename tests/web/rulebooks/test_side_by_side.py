"""The books side by side: every book, every group, every note, the one in force marked."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest

from console.rules.rulebook import load_books
from console.web.book_facts import GROUPS
from tests.support.lint import LintingClient
from tests.support.markup import parsed
from tests.web.rulebooks.pages import BOOKS, ZH, cells, having, one, words


@pytest.fixture
def page(client: LintingClient) -> Element:
    answer = client.get("/rulebooks")
    assert answer.status_code == 200
    return parsed(answer.text)


def test_every_book_says_something_in_every_group(page: Element) -> None:
    for key in GROUPS:
        group = one(page, "data-group", key)
        told = {cell.get("data-book"): "" for cell in having(group, "data-book")}
        for cell in having(group, "data-book"):
            told[cell.get("data-book")] += words(cell).replace("– not said", "").strip(" –")
        assert set(told) == set(BOOKS)
        assert all(told.values()), key


# One row of each kind, as the sources have it: aliyun-2018, jdcloud-2019, jdcloud-2020, current.
FACTS = {
    "in-force-from": ("2017-12-18", "2018-09-24", "2020-08-17", "2020-08-17"),
    "where": ("22 provinces, each", "22 provinces", "every province", "every province"),
    "apps": ("not known", "not known", "not known", "known"),
    "window": ("24 hours", "48 hours", "24 hours", "24 hours"),
    "dispatch": ("about 5", "about 5", "5 to 10", "5 to 10"),
    "synchronisation": ("no delay", "no delay", "no delay", "30 to 60"),
    "code": ("6 digits", "never one used before", "6 digits", "6 digits"),
    "counted": ("certificate", "certificate", "any entry", "any entry"),
    "tries": ("5 in a row",) * 4,
    "resends": ("as often as needed", "as often as needed", "2 at most", "2 at most"),
    "automatic": ("never", "00:00", "never", "never"),
    "verify-asks": ("last six", "picture check", "last six", "last six"),
    "resend-asks": ("picture check", "picture check", "last six", "last six"),
    "certificates": ("ID card", "whichever", "Passport", "Passport"),
    "portal": ("one for each province",) * 2 + ("beian.miit.gov.cn", "carries a link"),
    "after-tries": ("returned at once", "returned at once", "returned", "24 hours later"),
    "resubmission": ("goes straight back", "start anew", "start anew", "Start again"),
    "correction": ("not while", "not while", "not while", "Cancel an entity"),
    "empty-shell": ("first filing", "additional website", "additional website", "not said"),
    "sender-telecom": ("106598051001", "106598051001", "12381 or", "12381 or"),
    "sender-unicom": ("10655113", "10655113", "106**********12381", "106**********12381"),
    "sender-mobile": ("106575000130", "106575000130", "12381", "12381"),
    "sender-virtual": ("no fixed number", "no fixed number", "12381", "12381"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_as_its_source_has_it(page: Element, fact: str) -> None:
    told = cells(page, "data-fact", fact)
    for book, expected in zip(BOOKS, FACTS[fact], strict=True):
        assert expected in told[book], (book, told[book])


def test_sources_are_named_with_their_document_and_day(page: Element) -> None:
    told = cells(page, "data-fact", "source")
    for book in load_books().values():
        assert book.source.title in told[book.name]
        assert book.source.document in told[book.name]
        day = f"dated {book.source.day}" if book.source.day else "not dated"
        assert day in told[book.name]


WHO = {
    "first-filing.website": ("EW", "EW", "EW", "EW"),
    "first-filing.app": ("refused", "refused", "refused", "E"),
    "first-filing.website-and-app": ("refused", "refused", "refused", "E"),
    "add-service.website": ("W", "W", "W", "EW"),
    "add-service.app": ("refused", "refused", "refused", "E"),
    "add-provider": ("W", "W", "W", "EW"),
    "change.entity": ("E", "E", "E", "E"),
    "change.service": ("W", "W", "W", "W"),
    "change.entity-and-service": ("EW", "EW", "EW", "EW"),
    "change.remarks": ("", "", "", ""),
    "cancel-entity": ("", "later E", "E", "E"),
    "cancel-service.website": ("", "later W", "W", "W"),
    "cancel-service.app": ("refused", "refused", "refused", "W"),
    "cancel-access": ("", "later W", "", ""),
}


@pytest.mark.parametrize("row", WHO)
def test_who_must_verify_is_told_for_each_line_of_the_table(page: Element, row: str) -> None:
    told = cells(page, "data-row", row)
    for book, expected in zip(BOOKS, WHO[row], strict=True):
        now, _, later = told[book].partition("later:")
        assert ("refused" in now) == (expected == "refused")
        wanted = "" if expected.startswith("later") else expected
        assert ("Entity leader" in now) == ("E" in wanted)
        assert ("Website leader" in now) == ("W" in wanted)
        assert ("nobody" in now) == (wanted == "")
        assert bool(later) == expected.startswith("later")


def test_every_note_is_shown_in_full_and_linked_from_a_cell(page: Element) -> None:
    text = words(page)
    linked = {(e.get("href") or "")[1:] for e in page.iter("a") if "#" in (e.get("href") or "")}
    notes = one(page, "id", "notes")
    anchors = {e.get("id", "") for e in having(notes, "id") if e.tag == "div"}
    assert anchors
    assert anchors <= linked
    for book in load_books().values():
        for note in book.notes:
            assert note.text.en in text


def test_a_reading_is_linked_by_its_own_book_alone(page: Element) -> None:
    for cell in having(page, "data-book"):
        for link in cell.iter("a"):
            if (href := link.get("href") or "").startswith("#reading-"):
                assert href.startswith(f"#reading-{cell.get('data-book')}-")


def test_a_decision_of_some_books_only_names_them(page: Element) -> None:
    assert "Only: aliyun-current" in words(one(page, "data-decision", "4"))
    assert "Only: jdcloud-2019" in words(one(page, "data-decision", "12"))
    assert "Only:" not in words(one(page, "data-decision", "8"))


def test_provinces_have_their_own_days_and_portals(page: Element) -> None:
    hainan, hunan = words(one(page, "data-province", "HI")), words(one(page, "data-province", "HN"))
    assert "2017-12-18" in hainan
    assert "hncainfo.miitbeian.gov.cn" in hainan
    assert "hi.beian.miit.gov.cn" in hainan
    assert "2018-09-24" in hunan
    assert "xcainfo.miitbeian.gov.cn" in hunan
    assert words(one(page, "data-province", "GD")).count("not in force") == 2
    assert len(list(having(page, "data-province"))) == 31


def in_force(client: LintingClient) -> set[str | None]:
    page = parsed(client.get("/rulebooks").text)
    heads = [head for head in page.iter("th") if head.get("data-book")]
    return {head.get("data-book") for head in heads if "In force here today" in words(head)}


def test_the_book_of_the_setting_is_marked(client: LintingClient) -> None:
    assert in_force(client) == {"aliyun-current"}


@pytest.mark.parametrize(
    ("setting", "book"), [("jdcloud-2019", "jdcloud-2019"), ("jdcloud", "jdcloud-2020")]
)
def test_another_setting_marks_another_book(app: Any, setting: str, book: str) -> None:
    app.config["RULEBOOK"] = setting
    assert in_force(app.test_client()) == {book}


def test_the_page_is_chinese_for_a_chinese_reader(client: LintingClient) -> None:
    page = parsed(client.get("/rulebooks", headers=ZH).text)
    assert page.get("lang") == "zh-Hans"
    text = words(page)
    for book in load_books().values():
        assert book.title.zh in text
        assert book.sent_to.zh in text
        assert all(note.text.zh in text for note in book.notes)


def test_wide_tables_scroll_within_a_region_that_takes_the_focus(page: Element) -> None:
    regions = [e for e in having(page, "role", "region") if list(e.iter("table"))]
    assert len(regions) == 2
    assert all(region.get("tabindex") == "0" for region in regions)
    assert all(region.get("aria-labelledby") for region in regions)


def test_nobody_needs_an_account_and_every_page_leads_there(client: LintingClient) -> None:
    page = parsed(client.get("/").text)
    links = {link.get("href") for link in page.iter("a")}
    assert {"/rulebooks", "/rulebooks/who", "/rulebooks/messages"} <= links
