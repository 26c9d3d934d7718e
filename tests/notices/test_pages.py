"""The bell, the list, the choice, the outbox: what they show and to whom."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from console.extensions import db
from console.models import Notice
from console.queries import notices as queries
from console.rules.notices import OFFER, Kind
from console.services import submission
from console.services.accounts import choose_language
from console.web.filters import say
from tests.notices.telling import deliveries, run_worker
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import People


@pytest.fixture
def told(drive: Drive, people: People) -> str:
    """An order that is being verified, of which its applicant was told."""
    return drive.approve(drive.draft(valid_filing(1)))


def unread(people: People, name: str = "owner", path: str = "/account/notices") -> int:
    """What the bell says."""
    found = re.search(r'data-unread="(\d+)"', people.client(name).get(path).text)
    assert found is not None
    return int(found[1])


def ids() -> list[int]:
    """Every notice there is."""
    return list(db.session.scalars(select(Notice.id).order_by(Notice.id)))


def test_the_bell_counts_what_was_not_read(told: str, people: People) -> None:
    assert unread(people) == 5
    assert unread(people, "other") == 0
    assert "5 unread notices" in people.client("owner").get("/orders").text


def test_who_is_not_signed_in_has_no_bell(people: People) -> None:
    assert "data-unread" not in people.client("nobody").get("/rulebooks").text


def test_opening_one_marks_it_read_and_leads_to_its_order(told: str, people: People) -> None:
    client = people.client("owner")
    page = client.get("/notices").text
    assert page.count("is-unread") == 5
    [path] = re.findall(r'action="(/notices/\d+/open)"', page)[:1]
    answer = client.post(path, data={"csrf_token": client.token()})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/orders/{told}")
    assert unread(people) == 4


def test_a_reviewers_notice_leads_to_the_review(told: str, people: People) -> None:
    client = people.client("reviewer")
    [path] = re.findall(r'action="(/notices/\d+/open)"', client.get("/notices").text)
    answer = client.post(path, data={"csrf_token": client.token()})
    assert answer.headers["Location"] == f"/review/{told}"


def test_looking_at_the_list_changes_nothing(told: str, people: People) -> None:
    people.client("owner").get("/notices")
    assert unread(people) == 5


def test_all_are_marked_read_but_what_came_after_the_page(
    told: str, drive: Drive, people: People
) -> None:
    client = people.client("owner")
    up_to = re.search(r'name="up_to" value="(\d+)"', client.get("/notices").text)
    assert up_to is not None
    drive.submit(drive.draft(valid_filing(2)))
    run_worker(drive)
    client.post("/notices/read", data={"csrf_token": client.token(), "up_to": up_to[1]})
    assert unread(people) == 1


@pytest.mark.parametrize("up_to", ["", "x", "٣", "9" * 40])
def test_an_odd_place_marks_nothing_read(told: str, people: People, up_to: str) -> None:
    client = people.client("owner")
    client.post("/notices/read", data={"csrf_token": client.token(), "up_to": up_to})
    assert unread(people) == 5


def test_anothers_notice_does_not_exist(told: str, people: People) -> None:
    client = people.client("other")
    for notice_id in (*ids(), 10**17, 10**40):
        path = f"/notices/{notice_id}/open"
        assert client.post(path, data={"csrf_token": client.token()}).status_code == 404
    client.post("/notices/read", data={"csrf_token": client.token(), "up_to": str(ids()[-1])})
    assert told not in client.get("/notices").text
    assert unread(people) == 5


def test_the_list_goes_on_page_by_page(
    drive: Drive, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries.notices_of, "__defaults__", (None, 2))
    for n in range(1, 6):
        drive.submit(drive.draft(valid_filing(n)))
    run_worker(drive)
    client, path, seen = people.client("owner"), "/notices", []
    for _ in range(3):
        page = client.get(path).text
        seen += re.findall(r'data-order="([^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1] if older else "/notices?before=1"
    assert len(seen) == len(set(seen)) == 5
    assert "No older notices" in client.get("/notices?before=1").text
    assert client.get("/notices?before=x").text.count("data-notice") == 2


def test_an_empty_list_says_what_will_stand_there(people: People) -> None:
    assert "Nothing to tell yet" in people.client("owner").get("/notices").text


def test_the_list_is_in_the_readers_language(told: str, people: People) -> None:
    choose_language(people.owner.id, "zh_Hans_CN")
    page = people.client("owner").get("/notices").text
    with force_locale("zh_Hans_CN"):
        said = say(OFFER[Kind.APPROVED].label)
    assert 'lang="zh-Hans"' in page
    assert f">{said}</span></button>" in page


class TestChoosing:
    """A matrix of happenings and channels."""

    def boxes(self, people: People, name: str = "owner") -> dict[tuple[str, str], str]:
        """Every box by channel and kind: its attributes."""
        page = people.client(name).get("/account/notices").text
        pattern = (
            r'<input class="form-check-input" type="checkbox" name="(\w+)" value="([\w-]+)"([^>]*)>'
        )
        return {(channel, kind): more for channel, kind, more in re.findall(pattern, page)}

    def test_the_defaults_stand_until_someone_chooses(self, people: People) -> None:
        boxes = self.boxes(people)
        assert "checked" in boxes["console", "submitted"]
        assert "checked" not in boxes["mail", "submitted"]
        assert "checked disabled" in boxes["console", "returned"]
        assert ("console", "to-review") not in boxes

    def test_a_choice_is_kept_and_what_must_be_told_stays_on(self, people: People) -> None:
        client = people.client("owner")
        data = {"csrf_token": client.token(), "console": ["approved"], "mail": ["submitted"]}
        assert client.post("/account/notices", data=data).status_code == 303
        boxes = self.boxes(people)
        on = {box for box, more in boxes.items() if "checked" in more}
        always = {box for box, more in boxes.items() if "disabled" in more}
        assert len(always) == 9
        assert on == always | {("console", "approved"), ("mail", "submitted")}
        assert "checked" in self.boxes(people, "other")["console", "submitted"]

    def test_reviewers_choose_among_their_own(self, people: People) -> None:
        assert set(self.boxes(people, "reviewer")) == {
            (channel, kind)
            for channel in ("console", "mail")
            for kind in ("to-review", "wrong-person-review", "confirming-stuck-review")
        }

    def test_what_is_not_offered_cannot_be_chosen(self, people: People) -> None:
        client = people.client("owner")
        data = {"csrf_token": client.token(), "console": ["to-review", "nonsense"]}
        assert client.post("/account/notices", data=data).status_code == 303
        assert queries.choices_of(people.owner.id).keys() == {
            kind for _, kind in self.boxes(people)
        }

    def test_who_has_no_part_in_orders_is_told_so(self, people: People) -> None:
        assert "no part in orders" in people.client("administrator").get("/account/notices").text

    def test_without_the_forms_token_nothing_is_kept(self, people: People) -> None:
        assert people.client("owner").post("/account/notices").status_code == 400
        assert queries.choices_of(people.owner.id) == {}


def test_the_outbox_shows_every_mail_and_its_link_works(told: str, people: People) -> None:
    client = people.client("nobody")
    page = client.get("/outbox").text
    assert page.count("data-mail=") == 3
    assert 'data-to="leader-1@example.cn" data-outcome="kept"' in page
    [link] = re.findall(r'href="(/status/[^"]+)"', page)
    assert client.get(link).status_code == 200


def test_the_outbox_still_shows_the_mails_of_a_round_that_is_over(
    told: str, drive: Drive, people: People
) -> None:
    submission.withdraw(drive.applicant, told, drive.ministry.gateway)
    drive.submit(told)
    assert people.client("nobody").get("/outbox").text.count("data-mail=") == 3


def test_mails_are_deleted_after_30_days_and_nothing_is_told_again(
    drive: Drive, people: People
) -> None:
    drive.accept(drive.draft(valid_filing(1)))
    before = len(ids())
    assert deliveries()
    drive.clock.move(days=31)
    run_worker(drive)
    assert deliveries() == []
    assert len(ids()) == before
    assert "No mail yet" in people.client("nobody").get("/outbox").text


def test_mails_of_an_order_whose_answers_were_deleted_are_gone(
    told: str, drive: Drive, people: People
) -> None:
    for row in deliveries():
        row.payload = {}
    db.session.commit()
    assert people.client("nobody").get("/outbox").status_code == 200


def test_an_empty_outbox_says_so(people: People) -> None:
    assert "No mail yet" in people.client("nobody").get("/outbox").text
    assert "No older mails" in people.client("nobody").get("/outbox?before=1").text


class TestWithoutMiitPages:
    """As in production."""

    @pytest.fixture
    def settings_for_app(self) -> dict[str, object]:
        """Neither phone nor outbox."""
        return {"MIIT_PAGES": False}

    def test_there_is_no_outbox_for_anyone(self, people: People) -> None:
        for name in ("nobody", "owner", "reviewer", "administrator"):
            assert people.client(name).get("/outbox").status_code == 404
