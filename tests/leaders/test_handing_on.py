"""The link as a QR code, the deadline for a calendar, and where to enter what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from console.web.ical import CalendarEvent, calendar
from tests.support.lint import LintingClient
from tests.support.markup import parsed
from tests.support.people import People
from tests.web.pages.conftest import Stage
from tests.web.pages.reading import marked

Link = Callable[..., str]


@pytest.mark.parametrize("state", ["in_review", "verifying"])
def test_the_order_s_page_has_each_link_as_a_picture_on_request(
    people: People, nobody: LintingClient, link: Link, state: str, request: pytest.FixtureRequest
) -> None:
    stage: Stage = request.getfixturevalue(state)
    text = people.client("owner").get(f"/orders/{stage.number}").text
    pictures = {str(e.get("src")) for e in marked(text, "data-qr")}
    assert pictures == {f"{link(stage, k)}/qr.svg" for k in ("entity-leader", "website-leader-1")}
    closed = [d for d in parsed(text).iter("details") if d.get("class") == "qr"]
    assert len(closed) == 2
    assert all(d.get("open") is None for d in closed)
    answer = nobody.get(f"{link(stage)}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "style" not in answer.text
    assert ElementTree.fromstring(answer.text).tag.endswith("svg")


def test_there_is_no_picture_of_a_dead_link_nor_of_an_account_s_token(
    people: People, nobody: LintingClient, in_review: Stage, link: Link
) -> None:
    path = link(in_review)
    people.client("owner").submit(f"/orders/{in_review.number}/revoke-links")
    assert nobody.get(f"{path}/qr.svg").status_code == 404
    page = people.client("owner").get(f"/orders/{in_review.number}").text
    own = str(marked(page, "data-hx-get")[0].get("data-hx-get")).removesuffix("/checklist")
    assert nobody.get(f"{own}/qr.svg").status_code == 404


def unfolded(data: bytes) -> list[str]:
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return data.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_the_deadline_goes_into_a_calendar_without_a_word_about_people(
    nobody: LintingClient, verifying: Stage, link: Link, language: str
) -> None:
    nobody.submit(f"{link(verifying)}/language", {"language": language})
    path = link(verifying)
    page = nobody.get(path).text
    assert [e.get("href") for e in marked(page, "data-ics")] == [f"{path}/deadline.ics"]
    answer = nobody.get(f"{path}/deadline.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('.ics"')
    lines = unfolded(answer.data)
    deadline = verifying.order.deadline
    assert deadline is not None
    assert f"DTSTART:{deadline.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines
    assert [x for x in lines if x.startswith("TRIGGER")] == ["TRIGGER:-PT4H", "TRIGGER:-PT1H"]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for name in ("VERSION:2.0", "BEGIN:VEVENT", "END:VEVENT"):
        assert lines.count(name) == 1
    assert {x.split(":")[0].split(";")[0] for x in lines} >= {"PRODID", "UID", "DTSTAMP", "SUMMARY"}
    text = answer.text
    assert not [s for s in verifying.secrets if s in text]
    assert "****" not in text
    assert "/status/" not in text
    html = "en" if language == "en" else "zh-Hans"
    assert any(x.startswith(f"SUMMARY;LANGUAGE={html}:") for x in lines)


def test_the_applicant_can_put_it_into_their_calendar_too(people: People, verifying: Stage) -> None:
    owner = people.client("owner")
    text = owner.get(f"/orders/{verifying.number}").text
    (found,) = marked(text, "data-ics")
    assert owner.get(str(found.get("href"))).mimetype == "text/calendar"


@pytest.mark.parametrize("state", ["in_review", "waiting_for_code", "with_administration"])
def test_without_a_deadline_there_is_no_calendar_entry(
    people: People, nobody: LintingClient, link: Link, state: str, request: pytest.FixtureRequest
) -> None:
    stage: Stage = request.getfixturevalue("in_review")
    path = link(stage)
    request.getfixturevalue(state)
    assert nobody.get(f"{path}/deadline.ics").status_code == 404
    assert not marked(nobody.get(path).text, "data-ics")


def test_a_calendar_file_escapes_and_folds_between_characters() -> None:
    at = datetime(2026, 11, 22, 4, 5, tzinfo=UTC)
    text = "Commas, semicolons; back\\slashes\nand a second line\x07" + "核验" * 60
    event = CalendarEvent("1@x", at, at, text, text, [timedelta(hours=4)])
    lines = unfolded(calendar(event, "Yunqi; Cloud", "zh-Hans"))
    (summary,) = [x for x in lines if x.startswith("SUMMARY")]
    assert summary.endswith("核验" * 60)
    assert "Commas\\, semicolons\\; back\\\\slashes\\nand a second line核" in summary
    assert "PRODID:-//Yunqi\\; Cloud//ICP filing//ZH-HANS" in lines


def test_the_page_says_where_each_thing_is_entered_and_what_answers_mean(
    nobody: LintingClient, verifying: Stage, link: Link
) -> None:
    page = nobody.get(link(verifying)).text
    (decoder,) = marked(page, "data-decoder")
    assert re.fullmatch(r"/rulebooks/messages\?book=aliyun-current", str(decoder.get("href")))
    assert nobody.get(str(decoder.get("href"))).status_code == 200
    hrefs = {e.get("href") for e in parsed(page).iter("a")}
    assert {"/miit/verify", "/miit/resend"} <= hrefs
    assert "Resident ID card" in page
    assert "data-qr" not in page  # whoever is here has the link
