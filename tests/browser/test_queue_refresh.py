"""The queue under a reviewer's hands: it draws itself anew, and leaves as a file."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from console.services import review
from tests.browser.conftest import Visit
from tests.browser.hands import Reviewer
from tests.support.browsers import sign_in_page
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD, People

pytestmark = pytest.mark.browser


def refreshed(page: Page) -> None:
    """The next look that the queue takes by itself."""
    with page.expect_response(lambda answer: "/review/list" in answer.url):
        page.clock.fast_forward(10_000)


def height_of(place: Locator) -> float:
    """How far below the window's upper edge it is seen."""
    box = place.bounding_box()
    assert box
    return box["y"]


def test_the_queue_s_own_refresh_leaves_focus_place_and_ticks_as_they_are(
    visit: Visit, people: People, drive: Drive
) -> None:
    pressing = drive.approve(drive.draft(valid_filing(20)))
    drive.clock.move(hours=17)
    numbers = [drive.submit(drive.draft(valid_filing(n))) for n in range(1, 9)]
    page = visit(viewport={"width": 360, "height": 740})
    page.clock.install()
    sign_in_page(page, people.reviewer.email, PASSWORD)
    page.goto("/review")
    ticks = [page.locator(f"#tick-{numbers[n]}") for n in (4, 6)]
    for tick in ticks:
        tick.check()
    ticks[1].focus()
    seen = height_of(ticks[1])
    assert page.evaluate("scrollY") > 500

    drive.clock.move(minutes=90)  # which puts an order that presses on top of all
    review.claim(people.second_reviewer.actor, numbers[2])
    added = drive.submit(drive.draft(valid_filing(14)))
    refreshed(page)

    expect(page.locator(f"#order-{added}")).to_be_attached()
    expect(page.locator(f"#order-{numbers[2]}")).to_contain_text("s***@example.cn")
    expect(page.locator(f"#risk-{pressing}")).to_be_attached()
    for tick in ticks:
        expect(tick).to_be_checked()
    expect(page.locator("#several :checked, [form=several]:checked")).to_have_count(2)
    expect(ticks[1]).to_be_focused()
    assert height_of(ticks[1]) == pytest.approx(seen, abs=2)

    page.locator("[data-tick-all]").click()
    # All but the one that a colleague holds, with the one that was added.
    expect(page.locator("[form=several]:checked")).to_have_count(len(numbers))


def test_the_list_leaves_as_one_kind_of_file_and_at_once_as_the_other(reviewer: Reviewer) -> None:
    page = reviewer.page
    page.goto("/review")
    for kind in ("csv", "xlsx"):
        with page.expect_download() as left:
            page.locator(f'button[name="format"][value="{kind}"]').click()
        assert left.value.suggested_filename == f"orders.{kind}"
