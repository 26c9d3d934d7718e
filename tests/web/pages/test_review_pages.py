"""The reviewers' pages: the queue, the filing, the decision."""

from __future__ import annotations

import pytest

from console.services import drafts, submission
from tests.support.filings import valid_filing
from tests.support.markup import parsed
from tests.support.people import People
from tests.web.pages.conftest import Hands, Stage, change, returned_by_reviewer
from tests.web.pages.reading import counted, marked, words
from tests.web.pages.reviewing import act, happened, page, queue

PATHS = ["", "/{n}", "/{n}/claim", "/{n}/release", "/{n}/approve", "/{n}/return", "/{n}/reveal"]


@pytest.mark.parametrize("path", PATHS)
def test_only_reviewers_come_in(people: People, in_review: Stage, path: str) -> None:
    path = "/review" + path.format(n=in_review.number)
    post = path.count("/") == 3
    for who, status in (("owner", 403), ("administrator", 403), ("nobody", 303)):
        client = people.client(who)
        answer = client.submit(path) if post else client.get(path)
        assert answer.status_code == status, who
    assert in_review.order.state == "in-review"


def test_a_draft_never_handed_in_is_not_there(people: People, draft: Stage) -> None:
    reviewer = people.client("reviewer")
    assert reviewer.get(f"/review/{draft.number}").status_code == 404
    assert reviewer.get("/review/20200101-222222").status_code == 404
    assert queue(people, f"?q={draft.number}") == []


class TestQueue:
    """GET /review."""

    def test_it_is_empty_in_words(self, people: People) -> None:
        answer = people.client("reviewer").get("/review")
        assert "Nothing here" in answer.text

    def test_the_longest_waiting_comes_first(self, people: People, drive: Hands) -> None:
        numbers = []
        for n in (1, 2, 3):
            numbers.append(drive.submit(drive.draft(valid_filing(n))))
            drive.clock.move(minutes=1)
        assert queue(people) == numbers

    def test_pages_by_keys_show_each_order_once_there_and_back(
        self, people: People, in_review: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("console.queries.review.PAGE", 2)
        monkeypatch.setattr("console.queries.review.queue.__defaults__", (None, None, 2))
        drive = in_review.drive
        numbers = [in_review.number]
        for n in range(2, 6):
            numbers.append(drive.submit(drive.draft(valid_filing(n))))
        for number in numbers:  # the same moment: the id decides
            change(Stage(drive, number, in_review.filing), state_since=in_review.order.state_since)
        seen, address, turned = [], "", []
        for _ in range(3):
            text = people.client("reviewer").get(f"/review{address}").text
            seen += queue(people, address)
            links = {e.get("rel"): e.get("href") for e in parsed(text).iter("a") if e.get("rel")}
            turned.append(links)
            address = str(links.get("next", "")).removeprefix("/review")
        assert seen == numbers
        assert "prev" not in turned[0]
        assert "next" not in turned[2]
        assert queue(people, str(turned[2]["prev"]).removeprefix("/review")) == numbers[2:4]

    @pytest.mark.parametrize(
        "bad",
        [
            "x",
            "2026-11-21T00:00:00.000000_9999999999999999999",
            "_",
            "2026-13-41T99:00:00.000000_1",
            "%00",
        ],
    )
    def test_a_cursor_that_is_none_begins_at_the_start(
        self, people: People, in_review: Stage, bad: str
    ) -> None:
        assert queue(people, f"?after={bad}") == [in_review.number]

    def test_tabs_show_states_and_counts(self, people: People, verifying: Stage) -> None:
        assert queue(people) == []
        assert queue(people, "?state=verifying") == [verifying.number]
        text = people.client("reviewer").get("/review").text
        counts = {e.get("data-queue"): words(e).split()[-1] for e in marked(text, "data-queue")}
        assert counts["verifying"] == "1"
        assert counts["in-review"] == "0"

    def test_many_are_counted_no_further_than_needed(
        self, people: People, in_review: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("console.web.queue_view.MOST_COUNTED", 1)
        text = people.client("reviewer").get("/review").text
        assert "0+" in text

    @pytest.mark.parametrize(
        "words_", ["{number}", " {number} ", "{lower}", "xizi-tea-1.cn", "XIZI-TEA-1.CN"]
    )
    def test_an_order_is_found_by_number_or_domain(
        self, people: People, verifying: Stage, words_: str
    ) -> None:
        number = verifying.number
        asked = words_.format(number=number, lower=number.lower())
        assert queue(people, f"?q={asked}") == [number]

    @pytest.mark.parametrize("asked", ["%25", "_", "xizi", "' OR 1=1 --", "%00x", "中文"])
    def test_a_search_takes_nothing_for_a_pattern(
        self, people: People, in_review: Stage, asked: str
    ) -> None:
        assert queue(people, f"?q={asked}") == []

    def test_it_shows_who_has_claimed_masked(self, people: People, in_review: Stage) -> None:
        act(people, in_review, "claim", "second_reviewer")
        text = people.client("reviewer").get("/review").text
        assert "s***@example.cn" in text
        assert "second.reviewer" not in text
        in_review.drive.clock.move(minutes=21)
        assert "s***@example.cn" not in people.client("reviewer").get("/review").text

    def test_it_needs_few_queries(self, people: People, in_review: Stage) -> None:
        act(people, in_review, "claim", "second_reviewer")
        reviewer = people.client("reviewer")
        reviewer.get("/review")
        with counted(in_review.drive.app) as statements:
            reviewer.get("/review")
        assert len(statements) <= 6, statements


class TestFiling:
    """GET /review/<number> and POST …/reveal."""

    def test_personal_data_are_masked(self, people: People, in_review: Stage) -> None:
        text = page(people, in_review)
        assert not [secret for secret in in_review.secrets if secret in text]
        assert "138****0001" in text
        assert "xizi-tea-1.cn" in text

    def test_an_individual_s_own_name_and_address_are_masked_too(
        self, people: People, in_review: Stage
    ) -> None:
        from dataclasses import replace

        from console.rules.filing import to_json
        from console.services.contents import put_filing

        alone = replace(
            in_review.filing.entity, nature="individual", name="陈晓岚", contact_address="文三路9号"
        )
        filing = replace(in_review.filing, entity=alone)

        def write() -> None:
            from sqlalchemy import update

            from console.extensions import db
            from console.models import Round
            from console.queries.orders import by_number

            order = by_number(in_review.number)
            assert order is not None
            put_filing(order, filing)
            db.session.execute(update(Round).values(content=to_json(filing)))
            db.session.commit()

        in_review.drive.do(write)
        text = page(people, in_review)
        assert "陈晓岚" not in text
        assert "文三路9号" not in text

    def test_showing_all_is_put_on_record_and_not_stored(
        self, people: People, in_review: Stage
    ) -> None:
        answer = act(people, in_review, "reveal")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert not [s for s in in_review.secrets[:5] if s not in answer.text]
        assert happened(in_review)[-1] == "reveal"
        assert not [s for s in in_review.secrets if s in page(people, in_review)]

    def test_findings_come_first_with_severity_and_source(
        self, people: People, in_review: Stage
    ) -> None:
        in_review.drive.clock.move(days=365 * 10)
        people_ = People(in_review.drive.app)
        people_._made = people._made
        text = page(people_, in_review)
        found = marked(text, "data-finding")
        assert {e.get("data-finding") for e in found} >= {"entity_leader-valid_to"}
        assert {e.get("data-severity") for e in found} == {"refuse"}
        assert "guides" in words(found[0])

    def test_who_will_have_to_verify_is_told(self, people: People, in_review: Stage) -> None:
        assert "The entity leader must verify because a website is filed" in page(people, in_review)

    def test_what_changed_since_the_round_before_is_marked(
        self, people: People, in_review: Stage
    ) -> None:
        from dataclasses import replace

        drive = in_review.drive
        returned_by_reviewer(in_review, ["phone"], "Another number, please")
        leader = replace(in_review.leader, mobile="13805719999")
        number, revision = in_review.number, drive.revision(in_review.number)
        drive.do(
            drafts.save_entity, drive.applicant, number, revision, in_review.filing.entity, leader
        )
        drive.do(submission.submit, drive.applicant, number)
        text = page(people, in_review)
        changed = [e for e in marked(text, "class") if e.get("class") == "is-changed"]
        assert [words(e).split(" 1")[0] for e in changed] == ["Mobile number"]
        assert "Earlier returns" in text
        assert "13805719999" not in text

    def test_the_reviewer_sees_what_was_handed_in_not_what_is_being_typed(
        self, people: People, in_review: Stage
    ) -> None:
        from dataclasses import replace

        drive = in_review.drive
        returned_by_reviewer(in_review, ["site-name"])
        service = replace(in_review.filing.services[0], name="尚未提交的名称")
        number = in_review.number
        drive.do(drafts.save_service, drive.applicant, number, drive.revision(number), service)
        assert "尚未提交的名称" not in page(people, in_review)

    def test_a_filing_s_own_markup_is_shown_as_text(self, people: People, drive: Hands) -> None:
        from dataclasses import replace

        filing = valid_filing(4)
        evil = replace(filing.entity, remarks="<script>alert(1)</script>{{7*7}}")
        number = drive.submit(drive.draft(replace(filing, entity=evil)))
        text = page(people, Stage(drive, number, filing))
        assert "&lt;script&gt;alert(1)" in text
        assert "{{7*7}}" in text
