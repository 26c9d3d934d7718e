"""The main line in Chinese, without JavaScript, and without the CDN."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit, Worker
from tests.browser.hands import PATIENCE_MS, Applicant, Leader, Reviewer, poll_now, row
from tests.browser.looks import english_leftovers, sticking_out
from tests.support.assets import htmx_file
from tests.support.driving import Drive
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD, People

pytestmark = pytest.mark.browser

ONE = valid_filing(1)
TWO = valid_filing(2, two_people=True)


def test_the_main_line_is_all_in_chinese(visit: Visit, people: People, drive: Drive) -> None:
    reader = replace(TWO.entity_leader, language="zh_Hans_CN")
    number = drive.draft(replace(TWO, entity_leader=reader))
    page = visit(locale="zh-CN", viewport={"width": 360, "height": 740}).context.new_page()
    applicant = Applicant(page)
    applicant.number = number
    faults: list[object] = []

    def look(path: str, expected: str) -> None:
        page.goto(path)
        expect(page.locator("main")).to_contain_text(expected)
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        faults.extend((path, text) for text in english_leftovers(page))
        faults.extend([(path, "sticks out")] if sticking_out(page) > 0 else [])

    look("/", "备案")
    look("/register", "注册")
    applicant.sign_in(people.owner.email, PASSWORD)
    look("/orders", "草稿")
    look("/orders/new", "首次备案")
    for step in ("entity", "services", "services/1", "materials", "check"):
        look(f"/orders/{number}/edit/{step}", "备案" if step == "check" else "")
    applicant.submit()
    look(f"/orders/{number}", "初审")
    drive.approve(number)
    look(f"/orders/{number}", "核验")
    look(applicant.link(), "短信")
    look("/miit/phone", "验证码")
    look("/miit/verify", "手机号码")
    look("/miit/resend", "手机号码")
    drive.verify_all(number)
    look("/miit/desk", "管局")
    look(f"/orders/{number}", "管局")
    drive.decide(number)
    look(f"/orders/{number}", "浙ICP备")
    look("/rulebooks", "阿里云")
    assert not faults, "\n".join(map(str, faults))


def test_the_whole_line_works_without_javascript(
    visit: Visit, people: People, reviewer: Reviewer, leader: Leader, worker: Worker
) -> None:
    page = visit(java_script_enabled=False).context.new_page()
    applicant = Applicant(page)
    applicant.sign_in(people.owner.email, PASSWORD)
    applicant.hand_in(ONE)
    assert page.locator('meta[http-equiv="refresh"][content="15"]').count() == 1
    page.route("**/orders/*", _sooner)
    reviewer.approve(applicant.number)
    answer = leader.enter(ONE.entity_leader, leader.code(ONE.entity_leader))
    assert answer == "verified"
    applicant.open()
    row_of = row(page, "entity-leader")
    # No reload by hand: the page's own refresh brings it.
    expect(row_of).to_have_attribute("data-state", "verified", timeout=2 * PATIENCE_MS)


def _sooner(route: Route) -> None:
    """The page as it is, but for the seconds until it refreshes itself."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('content="15"', 'content="1"'))


def test_a_page_without_the_cdn_refreshes_itself(
    visit: Visit, people: People, drive: Drive, complaints: list[str]
) -> None:
    number = drive.approve(drive.draft(ONE))
    page = visit(cdn=False)
    applicant = Applicant(page)
    applicant.number = number
    page.clock.install()
    applicant.sign_in(people.owner.email, PASSWORD)
    applicant.open()
    drive.verify(ONE.entity_leader)
    page.evaluate("window.firstLoad = true")
    page.clock.run_for(15_000)
    applicant.wait_for_state("administration-review")
    assert page.evaluate("window.htmx === undefined && !window.firstLoad")
    assert complaints
    assert all("net::ERR_FAILED" in complaint for complaint in complaints)
    complaints.clear()


def test_a_changed_byte_of_htmx_is_refused_on_an_order_s_page(
    visit: Visit, people: People, drive: Drive, complaints: list[str]
) -> None:
    number = drive.approve(drive.draft(ONE))
    page = visit()
    page.context.route(
        "**/htmx.min.js",
        lambda route: route.fulfill(
            body=htmx_file("htmx.min.js").read_bytes().replace(b"htmx", b"htmX", 1),
            content_type="text/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    applicant = Applicant(page)
    applicant.number = number
    applicant.sign_in(people.owner.email, PASSWORD)
    applicant.open()
    assert page.evaluate("window.htmx === undefined && window.htmX === undefined")
    assert any("integrity" in complaint for complaint in complaints)
    complaints.clear()


def test_a_leader_s_link_is_live_without_a_session_and_dies_when_revoked(
    visit: Visit, applicant: Applicant, leader: Leader, drive: Drive, worker: Worker
) -> None:
    applicant.number = drive.approve(drive.draft(TWO))
    applicant.open()
    link = applicant.link()
    theirs = visit()
    theirs.clock.install()
    theirs.goto(link)
    expect(row(theirs, "entity-leader")).to_have_attribute("data-state", "waiting")
    first = TWO.entity_leader
    assert leader.enter(first, leader.code(first)) == "verified-others-waiting"
    poll_now(theirs)
    expect(row(theirs, "entity-leader")).to_have_attribute("data-state", "verified")
    with applicant.page.expect_navigation():
        applicant.page.locator('form[action$="/revoke-links"] button').click()
    poll_now(theirs)
    expect(theirs.locator("[data-gone]")).to_be_visible()
    answer = theirs.goto(link)
    assert answer
    assert answer.status == 404


def test_only_the_keyboard_is_needed(visit: Visit, people: People, drive: Drive) -> None:
    number = drive.draft(ONE)
    page = visit()
    tab_to: Callable[[str], None] = lambda selector: _tab(page, selector)  # noqa: E731
    page.goto("/login")
    tab_to("#email")
    page.keyboard.type(people.owner.email)
    tab_to("#password")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"/orders/{number}/edit/entity")
    tab_to('[name="entity-name"]')
    page.keyboard.press("Control+a")
    page.keyboard.type("杭州键盘茶叶有限公司")
    tab_to('[name="entity-nature"]')
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    tab_to("main .form-actions .btn-primary")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/edit/services$"))
    expect(page.locator("main")).to_be_visible()
    page.goto(f"/orders/{number}/edit/entity")
    expect(page.locator('[name="entity-name"]')).to_have_value("杭州键盘茶叶有限公司")


def _tab(page: object, selector: str) -> None:
    """Press Tab until the selector's element has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")  # type: ignore[attr-defined]
        if page.evaluate("s => document.activeElement.matches(s)", selector):  # type: ignore[attr-defined]
            return
    pytest.fail(f"{selector} cannot be reached with the Tab key")
