"""Before an order is forwarded, its leaders confirm what will be asked of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from console.extensions import db
from console.models import Confirmation, Event
from console.rules.masking import last_six
from console.services.confirming import MOST_TRIES, confirm
from tests.leaders.conftest import actions, words
from tests.support.filings import valid_filing
from tests.support.lint import LintingClient
from tests.support.people import People
from tests.web.pages.conftest import Stage, returned_by_reviewer
from tests.web.pages.reading import live, marked
from tests.web.pages.reading import words as read

Enter, Link = Callable[..., Any], Callable[..., str]


def tail(stage: Stage) -> str:
    return last_six(stage.leader.certificate_number)


def said(stage: Stage) -> list[tuple[str, str, str]]:
    def find() -> list[tuple[str, str, str]]:
        rows = db.session.query(Event.action, Event.actor, Event.data).order_by(Event.id)
        return [(r.action, r.actor, r.data["verifier"]) for r in rows if r.actor == "leader"]

    return stage.drive.do(find)


def test_a_draft_has_no_links(people: People, draft: Stage) -> None:
    assert "/status/" not in str(
        marked(people.client("owner").get(f"/orders/{draft.number}").text, "data-share-link")
    )


@pytest.mark.parametrize("state", ["in-review", "approved"])
def test_each_expected_verifier_has_a_link_before_forwarding(
    people: People, nobody: LintingClient, in_review: Stage, link: Link, state: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    if state == "approved":
        request.getfixturevalue("handed_over")
    text = people.client("owner").get(f"/orders/{in_review.number}").text
    assert words(text) == {"entity-leader": "not-yet", "website-leader-1": "not-yet"}
    for key in words(text):
        page = nobody.get(link(in_review, key))
        assert page.status_code == 200
        assert "Check that your particulars are right" in page.text
        assert not [secret for secret in in_review.secrets if secret in page.text]


def test_the_keys_are_those_of_the_verifiers_afterwards(
    people: People, in_review: Stage, link: Link
) -> None:
    before = words(people.client("owner").get(f"/orders/{in_review.number}").text)
    in_review.drive.approve(in_review.number)
    after = marked(people.client("owner").get(f"/orders/{in_review.number}").text, "data-verifier")
    assert set(before) == {e.get("data-verifier") for e in after}


def test_both_right_confirms_and_everyone_concerned_sees_it(
    people: People, nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    path = link(in_review)
    answer = enter(path, in_review.leader.mobile, tail(in_review))
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = nobody.get(path).text
    assert "Your particulars are confirmed" in page
    assert f"{path}/confirm" not in actions(page)
    expected = {"entity-leader": "confirmed", "website-leader-1": "not-yet"}
    assert words(people.client("owner").get(f"/orders/{in_review.number}").text) == expected
    review = people.client("reviewer").get(f"/review/{in_review.number}").text
    assert words(review) == expected
    assert said(in_review) == [("leader-confirmed", "leader", "entity-leader")]


@pytest.mark.parametrize("spelling", ["+86 {0}", "{0}", " {0} ", "86{0}"])
def test_a_number_may_be_written_as_usual(
    in_review: Stage, link: Link, enter: Enter, spelling: str
) -> None:
    mobile = spelling.format(in_review.leader.mobile)
    assert enter(link(in_review), mobile, tail(in_review).lower()).status_code == 303


def test_which_of_the_two_is_wrong_is_not_told(
    people: People, nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    path = link(in_review)
    answers = [
        enter(path, in_review.leader.mobile, "00000X"),
        enter(path, "13900000000", tail(in_review)),
        enter(path, "13900000000", "00000X"),
        enter(path, in_review.owner.mobile, last_six(in_review.owner.certificate_number)),
    ]
    assert {a.status_code for a in answers} == {422}
    told = [[read(e) for e in marked(a.text, "role") if e.get("role") == "alert"] for a in answers]
    assert told[0]
    assert all(t == told[0] for t in told)
    assert "13900000000" in answers[1].text  # nothing typed is lost
    page = people.client("owner").get(f"/orders/{in_review.number}").text
    assert words(page)["entity-leader"] == "mismatch"


def test_the_fifth_wrong_entry_ends_it_even_for_the_right_ones(
    people: People, nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    path = link(in_review)
    for _ in range(MOST_TRIES):
        assert enter(path, "13900000000", "00000X").status_code == 422
    assert enter(path, in_review.leader.mobile, tail(in_review)).status_code == 409
    page = nobody.get(path).text
    assert "do not match the order" in page
    assert f"{path}/confirm" not in actions(page)
    owner = people.client("owner").get(f"/orders/{in_review.number}").text
    assert words(owner)["entity-leader"] == "stuck"


def test_entries_that_arrive_together_are_counted_one_by_one(
    people: People, in_review: Stage, link: Link
) -> None:
    order = in_review.order
    app = people.app

    def guess(_number: int) -> str:
        with app.app_context():
            try:
                confirm(order.id, order.share_epoch, "entity-leader", "13900000000", "00000X")
            except Exception as error:
                return type(error).__name__
            finally:
                db.session.remove()
        return "compared"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(guess, range(20)))
    assert results.count("compared") == MOST_TRIES
    assert results.count("Conflict") == 20 - MOST_TRIES


@pytest.mark.parametrize(
    ("mobile", "entered"),
    [
        ("", ""),
        ("12345", "12345X"),
        ("13800000000", "12345"),
        ("13800000000", "1234567"),
        ("13800000000", "１２３４５６"),
        ("13800000000", "12 456"),
        ("1" * 50_000, "2" * 50_000),
        ("13800000000\x00", "1_2345"),
    ],
)
def test_what_has_not_the_shape_costs_no_try(
    in_review: Stage, link: Link, enter: Enter, mobile: str, entered: str
) -> None:
    answer = enter(link(in_review), mobile, entered)
    assert answer.status_code == 422
    assert "do not match" not in answer.text
    assert in_review.drive.do(lambda: db.session.query(Confirmation).count()) == 0


def test_in_chinese_everything_is_chinese(
    people: People, nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    people.client("owner").submit("/language", {"language": "zh_Hans_CN"})
    path = link(in_review)
    assert 'lang="zh-Hans"' in nobody.get(path).text
    assert 'lang="zh-Hans"' in enter(path, "13900000000", "00000X").text


def test_after_forwarding_nothing_is_confirmed_any_more(
    nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    path = link(in_review)
    in_review.drive.approve(in_review.number)
    assert f"{path}/confirm" not in actions(nobody.get(path).text)
    assert enter(path, in_review.leader.mobile, tail(in_review)).status_code == 404


def test_a_new_round_asks_anew_and_the_old_link_is_dead(
    people: People, nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    path = link(in_review)
    enter(path, in_review.leader.mobile, tail(in_review))
    returned_by_reviewer(in_review, ["phone"])
    in_review.drive.submit(in_review.number)
    assert nobody.get(path).status_code == 404
    assert enter(path, in_review.leader.mobile, tail(in_review)).status_code == 404
    page = people.client("owner").get(f"/orders/{in_review.number}").text
    assert words(page)["entity-leader"] == "not-yet"
    assert link(in_review) != path


def test_one_person_in_both_roles_has_one_link(people: People, drive: Any) -> None:
    number = drive.draft(valid_filing(1))
    drive.submit(number)
    page = people.client("owner").get(f"/orders/{number}").text
    assert words(page) == {"entity-leader": "not-yet"}
    assert "Entity leader and website leader" in page


def test_the_open_page_learns_of_it(
    people: People, in_review: Stage, link: Link, enter: Enter
) -> None:
    owner = people.client("owner")
    shown = live(owner.get(f"/orders/{in_review.number}").text)
    address, tag = str(shown.get("data-hx-get")), str(shown.get("data-hx-ptag"))
    htmx = {"HX-Request": "true", "HX-PTag": tag}
    assert owner.get(address, headers=htmx).status_code == 304
    enter(link(in_review), in_review.leader.mobile, tail(in_review))
    fresh = owner.get(address, headers=htmx)
    assert words(fresh.text)["entity-leader"] == "confirmed"


def test_guessing_over_many_links_is_throttled(
    nobody: LintingClient, in_review: Stage, link: Link, enter: Enter
) -> None:
    path = link(in_review)
    statuses = [enter(path, "13900000000", "00000").status_code for _ in range(32)]
    assert statuses[:30] == [422] * 30
    assert statuses[30:] == [429] * 2


def test_only_a_leader_s_own_link_confirms(people: People, in_review: Stage, enter: Enter) -> None:
    page = people.client("owner").get(f"/orders/{in_review.number}").text
    own = str(live(page).get("data-hx-get")).removesuffix("/checklist")
    assert enter(own, in_review.leader.mobile, tail(in_review)).status_code == 404
    assert enter("/status/x", in_review.leader.mobile, tail(in_review)).status_code == 404
