"""The administrators' rulebook and trail: what they show, to whom, what they make of nonsense."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.clock import china_day
from console.extensions import db
from console.models import Event
from console.queries import audit
from console.rules.rulebook import load_books
from tests.support.markup import parsed
from tests.support.people import People, sign_in
from tests.web.pages.conftest import Hands, Stage
from tests.web.pages.reading import marked, words

TRAIL = "/admin/audit"
# Filters that are none.
NONSENSE = (
    *("who=x", "who=99999999999", "who=%00", "action=nonsense", "before=x"),
    *("since=yesterday", "since=1999-01-01", "until=9999-99-99"),
)


def page(people: People, path: str) -> str:
    answer = people.client("administrator").get(path)
    assert answer.status_code == 200
    return answer.text


def events(text: str) -> list[int]:
    return [int(str(e.get("data-event"))) for e in marked(text, "data-event")]


def kept(drive: Hands, *where: object) -> list[int]:
    """The trail as it lies in the database, newest first."""
    query = select(Event.id).where(*where).order_by(Event.at.desc(), Event.id.desc())  # type: ignore[arg-type]
    return drive.do(lambda: list(db.session.scalars(query)))  # type: ignore[no-any-return]


def leads_to(text: str, relation: str) -> str:
    """Where the link of this kind leads; empty where there is none."""
    return next((str(e.get("href")) for e in marked(text, "rel") if e.get("rel") == relation), "")


class TestRulebook:
    """The rulebook in force."""

    def test_it_is_shown_with_every_note_and_nothing_of_it_can_be_edited(
        self, people: People
    ) -> None:
        text = page(people, "/admin/")
        assert [e.get("data-book") for e in marked(text, "data-book")] == ["aliyun-current"]
        shown = " ".join(words(e) for e in marked(text, "data-note"))
        notes = load_books()["aliyun-current"].notes
        assert len(notes) > 10
        assert [note for note in notes if " ".join(note.text.en.split()) not in shown] == []
        main = next(e for e in parsed(text).iter("main"))
        assert not [e for name in ("form", "input", "textarea") for e in main.iter(name)]
        others = load_books().keys() - {"aliyun-current"}
        assert others == {words(e) for e in main.iter("code")} - {"aliyun-current"}

    def test_where_none_is_in_force_that_is_said(
        self, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("console.web.admin.book_on", lambda _day: None)
        assert "None is in force today." in page(people, "/admin/")


class TestTrail:
    """The audit trail's filters."""

    @pytest.mark.parametrize(
        ("who", "status"), [("owner", 403), ("reviewer", 403), ("nobody", 303)]
    )
    def test_nobody_else_reads_it_or_takes_it_out(
        self, people: People, in_review: Stage, who: str, status: int
    ) -> None:
        client = people.client(who)
        assert client.get(f"{TRAIL}?number={in_review.number}").status_code == status
        assert client.submit(f"{TRAIL}/export", {"format": "csv"}).status_code == status
        assert not kept(in_review.drive, Event.action == "export")

    def test_each_filter_leaves_what_it_says(self, people: People, verifying: Stage) -> None:
        drive, reviewer = verifying.drive, people.reviewer.id
        page(people, TRAIL)
        today = china_day(drive.clock.now).isoformat()
        before = china_day(drive.clock.now - timedelta(days=1)).isoformat()
        by_reviewer = kept(drive, Event.actor_id == reviewer)
        assert by_reviewer
        assert events(page(people, f"{TRAIL}?who={reviewer}")) == by_reviewer
        codes = kept(drive, Event.action == "code-sent")
        assert len(codes) == 2
        assert events(page(people, f"{TRAIL}?action=code-sent")) == codes
        assert events(page(people, f"{TRAIL}?since={today}&until={today}")) == kept(drive)
        assert events(page(people, f"{TRAIL}?until={before}")) == []
        both = page(people, f"{TRAIL}?who={reviewer}&action=approve&number={verifying.number}")
        assert events(both) == kept(drive, Event.action == "approve")

    def test_a_day_is_a_day_in_china(self, people: People, in_review: Stage) -> None:
        drive = in_review.drive
        drive.clock.move(hours=1 + (15 - drive.clock.now.hour) % 24)  # past 16:00 UTC
        late = drive.clock.now
        assert china_day(late) == late.date() + timedelta(days=1)  # past midnight in China alone
        people.client("reviewer").submit(f"/review/{in_review.number}/claim")
        day = china_day(late).isoformat()
        text = page(people, f"{TRAIL}?number={in_review.number}&since={day}")
        assert events(text) == kept(drive, Event.action == "claim")

    def test_nothing_found_is_said_and_leaves_a_file_with_a_head_alone(
        self, people: People, in_review: Stage
    ) -> None:
        text = page(people, f"{TRAIL}?number=20200101-222222")
        assert "The filters leave nothing of the trail." in text
        assert leads_to(text, "next") == ""
        data = {"format": "csv", "number": "20200101-222222"}
        answer = people.client("administrator").submit(f"{TRAIL}/export", data)
        lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
        assert len(lines) == 1

    def test_what_is_no_number_finds_nothing_rather_than_everything(
        self, people: People, in_review: Stage
    ) -> None:
        client = people.client("administrator")
        for typed in ("xyz", "20260101", "' OR 1=1 --", "<b>", "浙江"):
            answer = client.get(TRAIL, query_string={"number": typed})
            assert answer.status_code == 200
            assert events(answer.text) == []
            assert "The filters leave nothing of the trail." in answer.text
            told = "Enter a whole order number" in answer.text
            assert told != (typed.isascii() and typed.isalnum()), typed
            field = next(e for e in marked(answer.text, "id") if e.get("id") == "number")
            assert str(field.get("value")).lower() == typed.lower()

    def test_a_filter_that_is_none_is_as_if_it_were_not_there(
        self, people: People, in_review: Stage
    ) -> None:
        page(people, TRAIL)  # signing in is in the trail, too
        for query in NONSENSE:
            assert events(page(people, f"{TRAIL}?{query}")) == kept(in_review.drive), query

    def test_pages_show_each_event_once_and_keep_the_filter(
        self, people: People, verifying: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit, "PAGE", 3)
        seen: list[int] = []
        path = f"{TRAIL}?number={verifying.number}"
        while path:
            text = page(people, path)
            seen += events(text)
            path = leads_to(text, "next")
        order = verifying.order.id
        assert seen == kept(verifying.drive, Event.order_id == order)
        assert len(seen) > 6

    def test_from_a_line_one_gets_to_all_of_its_order_and_of_its_person(
        self, people: People, in_review: Stage
    ) -> None:
        drive, owner = in_review.drive, people.owner.id
        links = {e.get("href") for e in parsed(page(people, TRAIL)).iter("a")}
        assert f"{TRAIL}?number={in_review.number}" in links
        assert f"{TRAIL}?who={owner}" in links
        text = page(people, f"{TRAIL}?who={owner}")
        assert events(text) == kept(drive, Event.actor_id == owner)
        chosen = [e for e in marked(text, "selected") if e.get("value") == str(owner)]
        assert [words(e) for e in chosen] == ["o***@example.cn"]

    def test_leaders_are_never_named_in_it(self, people: People, verifying: Stage) -> None:
        data = {"format": "csv"}
        file = people.client("administrator").submit(f"{TRAIL}/export", data).get_data().decode()
        for text in (page(people, TRAIL), file):
            assert not [secret for secret in verifying.secrets if secret in text]


class TestStaff:
    """A colleague who is invited."""

    def test_the_invitation_says_what_it_is_and_lasts_three_days(
        self, people: People, drive: Hands
    ) -> None:
        for email in ("late@example.cn", "new@example.cn"):
            data = {"email": email, "roles": ["reviewer"]}
            people.client("administrator").submit("/admin/staff", data)
            drive.work()
        drive.clock.move(hours=71)
        nobody = people.client("nobody")
        text = nobody.get("/outbox").text
        assert text.count("Open this link within three days") == 2
        newest, earlier = dict.fromkeys(re.findall(r"/recover/[\w.-]+", text))
        given = {"new_password": "Quiet-bamboo-7731", "new_password_confirm": "Quiet-bamboo-7731"}
        assert nobody.submit(newest, given).status_code == 303
        assert sign_in(nobody, "new@example.cn", given["new_password"]).status_code == 303
        assert nobody.get("/review").status_code == 200
        drive.clock.move(hours=2)
        assert people.client("nobody").get(earlier).status_code == 404
