"""How many questions each page puts to the database: a page that grows one fails here."""

from __future__ import annotations

import pytest

from console.services import review, sealing, tallying
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands, Stage, returned_by_reviewer
from tests.web.pages.reading import counted, link

# Who has signed in, and the bell; the order; all that lies around it; what the leaders read.
OWN_PAGE = 4
# The same, and what other orders and the register say.
REVIEW_PAGE = 4


def asked(people: People, drive: Hands, who: str, path: str) -> int:
    """The questions of a page that was opened before."""
    client = people.client(who)
    assert client.get(path).status_code == 200
    with counted(drive.app) as statements:
        client.get(path)
    # The texts that may change are read every few seconds, whatever page it is.
    return sum("FROM settings" not in statement for statement in statements)


@pytest.mark.parametrize(
    "stage",
    ["in_review", "handed_over", "verifying", "expired", "with_administration", "accepted"],
)
def test_an_order_s_pages_in_every_state(
    people: People, request: pytest.FixtureRequest, stage: str
) -> None:
    found: Stage = request.getfixturevalue(stage)
    drive = found.drive
    assert asked(people, drive, "owner", f"/orders/{found.number}") == OWN_PAGE
    assert asked(people, drive, "owner", f"/orders/{found.number}/checklist") == OWN_PAGE
    assert asked(people, drive, "reviewer", f"/review/{found.number}") == REVIEW_PAGE


def test_a_claimed_order_in_its_second_round(people: People, in_review: Stage) -> None:
    drive, number = in_review.drive, in_review.number
    returned_by_reviewer(in_review, ["site-name"], "A note")
    drive.submit(number)
    people.client("reviewer").submit(f"/review/{number}/claim")
    people.client("reviewer").submit(f"/review/{number}/notes", {"text": "Called the holder"})
    assert asked(people, drive, "reviewer", f"/review/{number}") == REVIEW_PAGE
    assert asked(people, drive, "second_reviewer", f"/review/{number}") == REVIEW_PAGE
    assert asked(people, drive, "owner", f"/orders/{number}") == OWN_PAGE


def test_a_leader_s_page(people: People, verifying: Stage) -> None:
    path = link(people, verifying)
    assert asked(people, verifying.drive, "nobody", path) == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 4),
        ("?state=verifying", 4),
        ("?state=accepted", 4),
        ("?province=ZJ&type=first-filing&mine=1", 4),
        ("?q=xizi-tea-1.cn", 3),
    ],
)
def test_the_queue(people: People, verifying: Stage, query: str, expected: int) -> None:
    drive = verifying.drive
    drive.clock.move(hours=19)
    people.sign_out()
    for n in (6, 7):
        number = drive.submit(drive.draft(valid_filing(n)))
        drive.do(review.claim, people.second_reviewer.actor, number)
    assert asked(people, drive, "reviewer", f"/review{query}") == expected
    if not query.startswith("?q"):
        assert asked(people, drive, "reviewer", f"/review/list{query}") == expected


@pytest.mark.parametrize(
    ("who", "path", "expected"),
    [
        ("reviewer", "/review/ledger?show=all", 3),
        ("administrator", "/admin/", 2),
        ("administrator", "/admin/staff", 2),
        ("administrator", "/admin/texts", 1),
        ("administrator", "/admin/audit", 3),
        ("owner", "/orders", 3),
        ("owner", "/orders/new", 3),
        ("owner", "/filed", 5),
        ("owner", "/notices", 2),
        ("owner", "/account", 2),
    ],
)
def test_every_list(people: People, accepted: Stage, who: str, path: str, expected: int) -> None:
    assert asked(people, accepted.drive, who, path) == expected


def test_the_figures_with_and_without_moves_that_no_worker_has_tallied(
    people: People, accepted: Stage
) -> None:
    drive, path = accepted.drive, "/review/figures"
    drive.do(tallying.Census().take, True)
    while drive.do(sealing.seal_next, True) or drive.do(tallying.tally_due):
        pass
    # What is tallied, the moves since, the names of the reviewers.
    assert asked(people, drive, "reviewer", path) == 4
    drive.submit(drive.draft(valid_filing(6)))
    # And since when those orders were where they were.
    assert asked(people, drive, "reviewer", path) == 5


@pytest.mark.parametrize(
    ("step", "expected"),
    [("entity", 3), ("services", 3), ("services/1", 3), ("materials", 4), ("check", 4)],
)
def test_every_step_of_a_form(people: People, draft: Stage, step: str, expected: int) -> None:
    path = f"/orders/{draft.number}/edit/{step}"
    assert asked(people, draft.drive, "owner", path) == expected
