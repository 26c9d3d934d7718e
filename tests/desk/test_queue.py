"""The queue: filters, searches, what must not be overlooked, and how it keeps itself fresh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.desk.reading import numbers, strip
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands, Stage, returned_by_reviewer
from tests.web.pages.reading import marked


def listed(people: People, query: str = "", who: str = "reviewer") -> list[str]:
    answer = people.client(who).get(f"/review{query}")
    assert answer.status_code == 200
    return numbers(answer.text)


def found(people: People, words: str) -> list[str]:
    answer = people.client("reviewer").submit("/review/find", {"q": words}, follow_redirects=True)
    assert answer.status_code == 200
    return numbers(answer.text)


@pytest.fixture
def two(people: People, drive: Hands) -> list[str]:
    """Two orders in review, of two provinces."""
    first = drive.submit(drive.draft(valid_filing(1)))
    drive.clock.move(minutes=1)
    other = valid_filing(2)
    entity = replace(other.entity, province="GD", certificate_address="天河路1号2室")
    second = drive.submit(drive.draft(replace(other, entity=entity)))
    return [first, second]


def test_filters_leave_what_they_say(people: People, two: list[str]) -> None:
    assert listed(people, "?province=GD") == [two[1]]
    assert listed(people, "?province=ZJ") == [two[0]]
    assert listed(people, "?type=first-filing") == two
    assert listed(people, "?type=change") == []
    assert listed(people, "?came-back=1") == []
    assert listed(people, "?mine=1") == []


def test_the_newest_can_come_first(people: People, two: list[str]) -> None:
    assert listed(people, "?sort=newest") == two[::-1]
    assert listed(people, "?sort=nonsense&province=XX&state=draft") == two


def test_keyset_pages_hold_for_every_sort(
    people: People, drive: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.queries.review.queue.__defaults__", (None, None, 2))
    all_ = [drive.submit(drive.draft(valid_filing(n))) for n in range(1, 6)]
    for sort, expected in (("waiting", all_), ("newest", all_[::-1])):
        seen, address = [], f"?sort={sort}"
        for _ in range(3):
            text = people.client("reviewer").get(f"/review{address}").text
            seen += numbers(text)
            links = [e.get("href") for e in marked(text, "rel") if e.get("rel") == "next"]
            address = str(links[0]).removeprefix("/review") if links else ""
        assert seen == expected, sort


@pytest.mark.parametrize(
    "words",
    ["{entity}", "{mobile}", "+86 {mobile}", "{email}", "{card}", "{name}", "{domain}", "{number}"],
)
def test_an_order_is_found_by_what_someone_holds_in_hand(
    people: People, in_review: Stage, words: str
) -> None:
    filing, leader = in_review.filing, in_review.leader
    asked = words.format(
        entity=filing.entity.name,
        mobile=leader.mobile,
        email=leader.email.upper(),
        card=leader.certificate_number,
        name=leader.name,
        domain=filing.services[0].domain,
        number=in_review.number.lower(),
    )
    assert found(people, asked) == [in_review.number]


@pytest.mark.parametrize("words", ["%", "_", "138%", "1380571____", "\\", "xizi", "陈%", "'--"])
def test_nothing_typed_is_taken_for_a_pattern(people: People, in_review: Stage, words: str) -> None:
    assert found(people, words) == []


def test_personal_data_never_get_into_an_address(people: People, in_review: Stage) -> None:
    client = people.client("reviewer")
    for words in (in_review.leader.mobile, in_review.leader.name, in_review.leader.email):
        assert client.submit("/review/find", {"q": words}).status_code == 200
        assert listed(people, f"?q={words}") == []
    answer = client.submit("/review/find", {"q": in_review.number})
    assert answer.headers["Location"] == f"/review?q={in_review.number}"


def test_the_queue_asks_again_and_is_told_when_nothing_changed(
    people: People, in_review: Stage
) -> None:
    client = people.client("reviewer")
    page = client.get("/review?province=ZJ").text
    root = next(e for e in marked(page, "data-hx-ptag"))
    tag, address = str(root.get("data-hx-ptag")), str(root.get("data-hx-get"))
    assert address.startswith("/review/list?")
    assert "province=ZJ" in address
    same = client.get(address, headers={"HX-Request": "true", "HX-PTag": tag})
    assert (same.status_code, same.data) == (304, b"")
    people.client("second_reviewer").submit(f"/review/{in_review.number}/claim")
    news = client.get(address, headers={"HX-Request": "true", "HX-PTag": tag})
    assert news.status_code == 200
    assert news.headers["HX-PTag"] != tag
    assert "s***@example.cn" in news.text


def test_a_claim_that_lapses_shows_without_anyone_doing_anything(
    people: People, in_review: Stage
) -> None:
    people.client("second_reviewer").submit(f"/review/{in_review.number}/claim")
    client = people.client("reviewer")
    tag = client.get("/review/list").headers["HX-PTag"]
    in_review.drive.clock.move(minutes=21)
    assert client.get("/review/list", headers={"HX-PTag": tag}).status_code == 200


def test_polling_keeps_no_session_alive(people: People, in_review: Stage) -> None:
    client, clock = people.client("reviewer"), in_review.drive.clock
    for _ in range(13):
        clock.move(minutes=10)
        client.get("/review/list", headers={"HX-PTag": "x", "HX-Request": "true"})
    assert client.get("/review").status_code == 303


def test_what_came_back_is_on_top_of_its_former_reviewer_s_list(
    people: People, in_review: Stage
) -> None:
    drive, number = in_review.drive, in_review.number
    returned_by_reviewer(in_review, ["site-name"])
    other = drive.submit(drive.draft(valid_filing(3)))
    drive.clock.move(minutes=1)
    drive.submit(number)
    text = people.client("reviewer").get("/review").text
    assert strip(text, "back") == [number]
    assert numbers(text) == [other, number]
    assert strip(people.client("second_reviewer").get("/review").text, "back") == []
    assert listed(people, "?mine=1") == [number]
    assert listed(people, "?came-back=1") == [number]
    people.client("reviewer").submit(f"/review/{number}/claim")
    text = people.client("reviewer").get("/review").text
    assert strip(text, "back") == []
    assert strip(text, "hand") == [number]


class TestAtRisk:
    """Orders about to expire, on every tab."""

    def test_one_about_to_expire_stands_on_top_with_what_is_missing(
        self, people: People, verifying: Stage
    ) -> None:
        client, number = people.client("reviewer"), verifying.number
        assert not marked(client.get("/review").text, "data-at-risk")
        verifying.drive.clock.move(hours=19)
        verifying.drive.verify(verifying.leader)
        client = type(people)(verifying.drive.app)
        client._made = people._made
        text = client.client("reviewer").get("/review").text
        risk = marked(text, "data-at-risk")
        assert [e.get("data-at-risk") for e in risk] == [number]
        assert "the leader of website or app 1" in text
        assert "the entity leader" not in text
        assert marked(text, "data-deadline")

    def test_a_reminder_is_one_click(self, people: People, verifying: Stage) -> None:
        path = f"/review/{verifying.number}/remind"
        client = people.client("reviewer")
        answer = client.submit(path, {"verifier": "entity-leader"}, follow_redirects=True)
        assert "the reminder is on its way" in answer.text
        again = client.submit(path, {"verifier": "entity-leader"}, follow_redirects=True)
        assert "less than an hour ago" in again.text

    def test_the_least_time_left_comes_first(self, people: People, verifying: Stage) -> None:
        drive = verifying.drive
        drive.clock.move(hours=2)
        later = drive.approve(drive.draft(valid_filing(5)))
        assert listed(people, "?state=verifying") == [verifying.number, later]
        assert listed(people, "?state=verifying&sort=newest") == [later, verifying.number]
