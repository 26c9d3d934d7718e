"""What differs from rulebook to rulebook, at the pages."""

from __future__ import annotations

import re

import pytest

from console.miit.mock.store import Fault, switch, write
from console.rules.filing import FilingType
from console.rules.masking import mask_mobile
from console.rules.rulebook import load_books
from tests.support.filings import mobile, valid_filing
from tests.web.pages.reading import marked
from tests.web.types.cases import provider_form, ready, register
from tests.web.types.office import Office, form, send, words

BOOKS = ("aliyun-2018", "jdcloud-2019", "jdcloud-2020", "aliyun-current")
OLDER = BOOKS[:3]
BOTH = ["entity-leader", "website-leader-1"]
WEBSITE = ["website-leader-1"]
WHO = {
    FilingType.ADD_SERVICE: (WEBSITE, WEBSITE, WEBSITE, BOTH),
    FilingType.ADD_PROVIDER: (WEBSITE, WEBSITE, WEBSITE, BOTH),
    FilingType.CHANGE: (BOTH, BOTH, BOTH, BOTH),
    FilingType.CANCEL_ENTITY: ([], [], ["entity-leader"], ["entity-leader"]),
    FilingType.CANCEL_SERVICE: (
        [],
        [],
        ["website-leader-1", "website-leader-2"],
        ["website-leader-1", "website-leader-2"],
    ),
    FilingType.CANCEL_ACCESS: ([], [], [], []),
}
CASES = [
    (book, filing_type, keys[n])
    for filing_type, keys in WHO.items()
    for n, book in enumerate(BOOKS)
]


@pytest.fixture
def settings_for_app(request: pytest.FixtureRequest) -> dict[str, str]:
    """The book in force: the test's parameter `book`."""
    call = getattr(request.node, "callspec", None)
    return {"RULEBOOK": call.params["book"]} if call and "book" in call.params else {}


def rows(text: str) -> list[str]:
    """The keys of the people named."""
    return re.findall(r'data-verifier="([^"]+)"', text)


@pytest.mark.parametrize(("book", "filing_type", "keys"), CASES)
def test_check_and_order_page_name_the_same_people(
    book: str, filing_type: FilingType, keys: list[str], office: Office
) -> None:
    ready(office, filing_type)
    check = office.page("check")
    assert rows(check.text) == keys
    office.hand_over()
    page = office.page()
    assert rows(page.text) == keys
    if keys:
        assert office.order.state == "verifying"
        return
    assert office.order.state == "administration-review"
    assert "Nobody has to verify" in words(check)
    assert "data-unverified" in page.text
    assert load_books()[book].title.en in words(page)
    if book == "jdcloud-2019" and filing_type is not FilingType.CANCEL_ACCESS:
        assert "for the time being" in words(page)


@pytest.mark.parametrize("book", OLDER)
def test_apps_are_not_offered_by_a_book_that_knows_none(book: str, office: Office) -> None:
    title = load_books()[book].title.en
    register(office)
    for path in ("/orders/new", "/orders/new/add-service"):
        page = office.owner.get(path)
        assert "apps" not in form(page, path).asked
        assert title in words(page)
        answer = send(office.owner, page, path, websites="1", apps="1")
        assert answer.status_code == 422
        assert book in words(answer)


@pytest.mark.parametrize("book", OLDER)
def test_the_two_questions_are_asked_and_answered_with_the_books_advice(
    book: str, office: Office
) -> None:
    advice = load_books()[book].add_provider
    assert advice is not None
    known = provider_form(office)
    page = office.owner.get("/orders/new/add-provider")
    answer = send(office.owner, page, "/add-provider", **known)
    assert answer.status_code == 422
    assert words(answer).count("Answer yes or no.") >= 2
    for shell, said in (("no", advice.changed_mobile.en), ("yes", advice.empty_shell.en)):
        answers = {"mobile__changed": "yes", "empty__shell": shell}
        answer = send(office.owner, page, "/add-provider", **known, **answers)
        assert answer.status_code == 422
        assert said in words(answer)
        assert 'href="#mobile-changed"' in answer.text
        assert form(answer, "/add-provider").fields["empty-shell"] == [shell]
        assert form(answer, "/add-provider").fields["icp_number"] == [known["icp_number"]]
    answers = {"mobile__changed": "no", "empty__shell": "yes"}
    answer = send(office.owner, page, "/add-provider", **known, **answers)
    assert answer.status_code == 303
    office.number = answer.location.split("/")[2]
    assert "empty" not in words(office.page("check"))


@pytest.mark.parametrize("book", ["aliyun-current"])
def test_the_current_book_asks_no_questions(book: str, office: Office) -> None:
    page = office.owner.get("/orders/new/add-provider")
    assert {"mobile-changed", "empty-shell"}.isdisjoint(form(page, "/add-provider").asked)


@pytest.mark.parametrize(("book", "host"), [
    ("aliyun-2018", "zcainfo.miitbeian.gov.cn"),
    ("jdcloud-2019", "zj.beian.miit.gov.cn"),
    ("jdcloud-2020", "beian.miit.gov.cn"),
    ("aliyun-current", "beian.miit.gov.cn"),
])  # fmt: skip
def test_the_portal_is_the_one_of_the_province(book: str, host: str, office: Office) -> None:
    ready(office, FilingType.ADD_SERVICE)
    assert host in words(office.page("check"))
    office.hand_over()
    assert host in words(office.page())


@pytest.mark.parametrize("book", ["aliyun-2018", "jdcloud-2019"])
def test_where_the_book_is_not_in_force_the_page_says_so(book: str, office: Office) -> None:
    page = office.owner.get("/orders/new")
    assert "depends on the entity's province" in words(page)
    panel = office.owner.get("/orders/new/who?type=first-filing&websites=1&province=GD")
    assert "is not in force in Guangdong" in words(panel)
    office.begin(FilingType.FIRST_FILING, websites="1")
    filing = valid_filing(1, province="GD", city="广州市")
    office.fill(filing)
    assert "is not in force in Guangdong" in words(office.page("check"))
    office.hand_over()
    assert office.order.state == "administration-review"
    assert "is not in force in Guangdong" in words(office.page())


@pytest.mark.parametrize("book", BOOKS)
def test_only_aliyun_2018_sends_an_unchanged_order_straight_back(book: str, office: Office) -> None:
    ready(office, FilingType.ADD_SERVICE).hand_over()
    office.let_pass(hours=49)
    office.work()
    assert office.order.reasons == ["expired"]
    offered = 'data-action="resubmit-unmodified"' in office.page().text
    assert offered is (book == "aliyun-2018")
    if offered:
        assert send(office.owner, office.page(), "/resubmit-unmodified").status_code == 303
        office.work()
        assert office.order.state == "verifying"
        office.verify()
        assert office.order.state == "administration-review"


@pytest.mark.parametrize("book", ["jdcloud-2020", "aliyun-current"])
def test_a_mobile_is_corrected_while_a_cancellation_is_verified(book: str, office: Office) -> None:
    ready(office, FilingType.CANCEL_ENTITY).hand_over()
    page = office.page()
    may = book == "aliyun-current"
    assert ("/verifiers/entity-leader/mobile" in page.text) is may
    path = f"/orders/{office.number}/verifiers/entity-leader/mobile"
    if not may:
        answer = office.owner.submit(path, {"mobile": mobile(70)})
        assert answer.status_code == 422
        assert "cannot be corrected now" in words(answer)
        return
    answer = send(office.owner, page, path, mobile="123")
    assert answer.status_code == 422
    assert form(answer, path).fields["mobile"] == ["123"]
    missing = path.replace("entity-leader", "website-leader-7")
    assert office.owner.submit(missing, {"mobile": mobile(70)}).status_code == 404
    assert send(office.owner, page, path, mobile=mobile(70)).status_code == 303
    office.work()
    assert office.verifiers()[0].mobile == mobile(70)
    office.verify()
    assert office.order.state == "administration-review"
    assert office.owner.submit(path, {"mobile": mobile(71)}).status_code == 422


@pytest.mark.parametrize("book", ["aliyun-current"])
def test_a_corrected_mobile_is_shown_on_its_way_while_the_ministry_is_down(
    book: str, office: Office
) -> None:
    assert book
    ready(office, FilingType.CANCEL_ENTITY).hand_over()
    path = f"/orders/{office.number}/verifiers/entity-leader/mobile"
    _down(office, True)
    assert send(office.owner, office.page(), path, mobile=mobile(70)).status_code == 303
    page = office.page()
    assert marked(page.text, "data-on-its-way")
    assert mask_mobile(mobile(70)) in words(page)
    assert "There is nothing to repeat" in words(page)
    assert office.verifiers()[0].mobile != mobile(70)
    _down(office, False)
    office.clock.move(minutes=1)
    office.work()
    assert not marked(office.page().text, "data-on-its-way")
    assert office.verifiers()[0].mobile == mobile(70)


def _down(office: Office, on: bool) -> None:
    with office.app.app_context():
        write(lambda session: switch(session, Fault.DOWN, on, office.clock.now))


@pytest.mark.parametrize("book", ["aliyun-current"])
def test_no_other_order_has_a_mobile_corrected_while_it_is_verified(
    book: str, office: Office
) -> None:
    ready(office, FilingType.ADD_SERVICE).hand_over()
    assert "/verifiers/entity-leader/mobile" not in office.page().text
