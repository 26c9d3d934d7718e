"""The leader's page behind a status link: what is shown, to whom, in which language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.web.tokens import Viewer, make_token, read_token
from tests.support.markup import parsed
from tests.support.people import People
from tests.web.pages.conftest import Stage
from tests.web.pages.reading import (
    link,
    live,
    marked,
    owner_page,
    poll,
    poll_address,
    rows,
    words,
)


class TestLeaderPage:
    """GET /status/<token>."""

    def test_it_says_what_to_do_and_where_and_by_when(
        self, people: People, verifying: Stage
    ) -> None:
        answer = people.client("nobody").get(link(people, verifying))
        assert answer.status_code == 200
        told = words(live(answer.text))
        for part in (
            "Your turn",
            "12381",
            "138****0001",
            "Resident ID card",
            "Tries left 5",
            "Resends left 2",
            "beian.miit.gov.cn",
        ):
            assert part in told
        assert {"/miit/verify", "/miit/resend"} <= {
            e.get("href") for e in parsed(answer.text).iter("a")
        }
        assert rows(answer.text)["entity-leader"].get("data-deadline")

    def test_of_the_others_it_shows_role_and_state_and_no_more(
        self, people: People, verifying: Stage
    ) -> None:
        text = people.client("nobody").get(link(people, verifying)).text
        assert list(rows(text)) == ["entity-leader"]
        others = marked(text, "data-other")
        assert [words(other) for other in others] == ["Website leader Code sent, not yet verified"]
        assert "138****0002" not in text
        assert not [secret for secret in verifying.secrets if secret in text]

    def test_its_fragment_is_no_more_open_than_the_page(
        self, people: People, verifying: Stage
    ) -> None:
        page = people.client("nobody").get(link(people, verifying)).text
        fragment = poll(people, poll_address(page)).text
        assert list(rows(fragment)) == ["entity-leader"]
        assert "138****0002" not in fragment
        assert "/withdraw" not in fragment
        assert "What has happened" not in fragment

    def test_who_has_verified_has_nothing_to_do(self, people: People, verifying: Stage) -> None:
        address = link(people, verifying)
        verifying.drive.verify(verifying.leader)
        text = people.client("nobody").get(address).text
        assert "You have verified" in text
        assert "Others still have to verify" in text
        assert "What to do" not in text

    @pytest.mark.parametrize(
        ("hours", "work", "said"),
        [(25, False, "Time is up"), (25, True, "came back to the applicant")],
    )
    def test_after_the_deadline_it_says_so(
        self, people: People, verifying: Stage, hours: int, work: bool, said: str
    ) -> None:
        address = link(people, verifying)
        verifying.drive.clock.move(hours=hours)
        if work:
            verifying.drive.work()
        assert said in people.client("nobody").get(address).text

    def test_before_the_code_it_says_to_wait(self, people: People, waiting_for_code: Stage) -> None:
        text = people.client("nobody").get(link(people, waiting_for_code)).text
        assert "Wait for a text message with a code" in text
        assert "What to do" not in text

    def test_used_up_tries_are_told(self, people: People, verifying: Stage) -> None:
        address = link(people, verifying, "website-leader-1")
        for _ in range(4):
            verifying.drive.verify(verifying.owner, right=False)
        assert "Tries left 1" in words(live(people.client("nobody").get(address).text))
        verifying.drive.verify(verifying.owner, right=False)
        assert "came back to the applicant" in people.client("nobody").get(address).text

    def test_the_switch_leads_to_the_same_page_in_the_other_language(
        self, people: People, verifying: Stage
    ) -> None:
        address = link(people, verifying)
        nobody = people.client("nobody")
        page = nobody.get(address).text
        nobody.submit(f"{address}/language", {"language": "zh_Hans_CN"})
        chinese = nobody.get(address, follow_redirects=True)
        assert '<html lang="zh-Hans"' in chinese.text
        assert poll_address(chinese.text) != poll_address(page)
        nobody.submit(f"{address}/language", {"language": "en"})
        assert poll_address(nobody.get(address).text) == poll_address(page)

    def test_the_token_s_language_stands_whatever_the_browser_says(
        self, people: People, verifying: Stage
    ) -> None:
        address = link(people, verifying)
        answer = people.client("nobody").get(address, headers={"Accept-Language": "zh-CN"})
        assert 'lang="en"' in answer.text

    def test_revoking_ends_every_link_and_makes_new_ones(
        self, people: People, verifying: Stage
    ) -> None:
        old = link(people, verifying)
        nobody, owner = people.client("nobody"), people.client("owner")
        path = f"/orders/{verifying.number}/revoke-links"
        assert people.client("other").submit(path).status_code == 404
        assert nobody.get(old).status_code == 200
        assert owner.submit(path).status_code == 303
        assert nobody.get(old).status_code == 404
        assert poll(people, f"{old}/checklist").status_code == 404
        new = link(people, verifying)
        assert new != old
        assert nobody.get(new).status_code == 200

    def test_a_link_stays_the_same_while_the_page_polls(
        self, people: People, verifying: Stage
    ) -> None:
        before = link(people, verifying)
        verifying.drive.clock.move(minutes=5)
        verifying.drive.verify(verifying.owner, right=False)
        assert link(people, verifying) == before

    def test_a_link_ends_after_thirty_days(self, people: People, verifying: Stage) -> None:
        address = link(people, verifying)
        verifying.drive.clock.move(days=31)
        assert people.client("nobody").get(address).status_code == 404

    def test_a_tampered_link_is_not_found(self, people: People, verifying: Stage) -> None:
        address = link(people, verifying)
        nobody = people.client("nobody")
        for bad in (address[:-2], address + "A", "/status/x", "/status/%E2%80%AE"):
            assert nobody.get(bad).status_code == 404

    def test_an_applicant_s_own_token_leads_to_the_order_and_its_guard(
        self, people: People, verifying: Stage
    ) -> None:
        path = poll_address(owner_page(people, verifying)).removesuffix("/checklist")
        nobody = people.client("nobody")
        answer = nobody.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/orders/{verifying.number}"
        assert nobody.get(answer.headers["Location"]).status_code == 303


def test_a_viewer_keeps_its_end_in_another_language(app) -> None:  # type: ignore[no-untyped-def]
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with app.app_context():
        viewer = read_token(make_token(Viewer(1, "entity-leader", "en", 1), now), now)
        assert viewer is not None
        later = now.replace(day=25)
        again = read_token(make_token(viewer.in_language("zh_Hans_CN"), later), later)
    assert again is not None
    assert again.until == viewer.until
    assert again.language == "zh_Hans_CN"
