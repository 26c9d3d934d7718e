"""Each type has its own steps, and what is not a type's to edit cannot be edited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.errors import Refusal, Unconfirmed
from console.rules.filing import Filing, FilingType, ServiceKind
from console.rules.sections import SECTIONS, Mode
from console.services import drafts, submission
from tests.support.filings import mobile, person, valid_filing, website
from tests.web.types.cases import edit, ids, ready, register
from tests.web.types.office import Office, form, send, tree, words

CANCELLATIONS = [t for t in FilingType if t.value.startswith("cancel")]
GIVEN = ("entity-name", "entity-certificate_number", "entity-province", "service-domain")


def steps(office: Office) -> list[str]:
    """The steps the order's page leads through."""
    links = [a for a in tree(office.page("check")).iter("a") if "way-link" in a.get("class", "")]
    return [str(a.get("href")).rsplit("/", 1)[1] for a in links]


def test_every_type_has_its_line_in_the_table() -> None:
    assert set(SECTIONS) == set(FilingType)
    adding = {t for t, line in SECTIONS.items() if line.may_add}
    assert adding == {FilingType.FIRST_FILING, FilingType.ADD_SERVICE}
    shown = {t for t, line in SECTIONS.items() if line.services is Mode.SHOWN}
    assert shown == set(CANCELLATIONS)
    assert SECTIONS[FilingType.ADD_SERVICE].entity is Mode.SHOWN


@pytest.mark.parametrize("filing_type", CANCELLATIONS)
def test_a_cancellation_has_nothing_to_fill_in(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type)
    assert steps(office) == ["materials", "check"]
    for step in ("entity", "services", "services/1"):
        assert office.page(step).status_code == 404, step
        for verb in ("", "/later", "/add", "/remove"):
            path = f"/orders/{office.number}/edit/{step}{verb}"
            assert office.owner.submit(path, {"kind": "website"}).status_code in (404, 405), path
    edit_links = [a.get("href") for a in tree(office.page("check")).iter("a")]
    assert not [link for link in edit_links if link and link.endswith("?check=1")]


@pytest.mark.parametrize("filing_type", CANCELLATIONS)
def test_what_ends_is_confirmed(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type)
    page = office.page("check")
    for service in office.filing.services:
        assert service.icp_number in words(page)
    assert "What follows" in words(page)
    answer = send(office.owner, page, "/submit")
    assert answer.status_code == 422
    assert "Tick this to confirm" in words(answer)
    bare = office.owner.submit(f"/orders/{office.number}/submit")  # not as the page would
    assert bare.status_code == 422
    with office.app.app_context(), pytest.raises(Unconfirmed):
        submission.submit(office.people.owner.actor, office.number)
    assert office.order.state == "draft"
    office.submit()
    assert office.order.state == "in-review"


def test_a_change_of_the_entity_alone_has_no_services(office: Office) -> None:
    register(office)
    office.begin(FilingType.CHANGE, changes=["entity"])
    assert steps(office) == ["entity", "materials", "check"]
    assert office.page("services").status_code == 404
    assert office.page("services/1").status_code == 404


def test_an_added_website_leaves_the_entity_as_it_is_filed(office: Office) -> None:
    ready(office, FilingType.ADD_SERVICE)
    page = office.page("entity")
    assert office.filing.entity.name in words(page)
    assert "entity-name" not in form(page, "/edit/entity").asked
    assert send(office.owner, page, "/edit/entity").location.endswith("/edit/services")
    before = office.filing
    answer = office.owner.submit(
        f"/orders/{office.number}/edit/entity",
        {"entity-name": "另一家公司", "revision": str(office.order.revision)},
    )
    assert answer.status_code == 422
    assert "start a change of the filing" in words(answer)
    assert office.filing == before


def test_what_the_ministry_has_stands_whatever_is_sent(office: Office) -> None:
    ready(office, FilingType.ADD_PROVIDER)
    before = office.filing
    for step in ("entity", "services/1"):
        page = office.page(step)
        asked = form(page, f"/edit/{step}")
        assert not asked.asked & set(GIVEN)
        assert before.entity.name in words(office.page("entity"))
        forged = {**asked.fields, "entity-name": "另一家公司", "service-domain": "other.cn"}
        assert office.owner.post(asked.action, data=forged).status_code == 303
    assert office.filing == before
    assert office.page("services").text.count("/remove") == 0
    page = office.owner.submit(
        f"/orders/{office.number}/edit/services/add",
        {"kind": "website", "revision": str(office.order.revision)},
    )
    assert page.status_code == 422


def test_a_change_shows_the_register_beside_what_differs(office: Office) -> None:
    register(office)
    office.begin(FilingType.CHANGE, changes=["entity"], service=[str(ids(office)[1][1])])
    page = office.page("check")
    assert "Nothing yet: every answer is as it is filed" in words(page)
    answer = send(office.owner, page, "/submit")
    assert answer.status_code == 422
    assert "This order changes nothing" in words(answer)
    edit(office, "services/1", service__name="西子茶叶新商城")
    edit(office, "entity", entity_leader__mobile=mobile(77))
    assert "In the register 西子茶叶商城" in words(office.page("services/1"))
    assert f"In the register {mobile(1)}" in words(office.page("entity"))
    page = office.page("check")
    changed = [e.get("data-changed") for e in tree(page).iter() if e.get("data-changed")]
    assert changed == ["entity_leader-mobile", "service-name"]
    old = ["".join(e.itertext()) for e in tree(page).iter("del")]
    new = ["".join(e.itertext()) for e in tree(page).iter("ins")]
    assert set(old) == {mobile(1), "西子茶叶商城"}
    assert set(new) == {mobile(77), "西子茶叶新商城"}


def test_the_reviewer_sees_what_a_change_changes_and_who_verifies(office: Office) -> None:
    ready(office, FilingType.CHANGE).submit()
    reviewer = office.people.client("reviewer")
    page = words(reviewer.get(f"/review/{office.number}"))
    assert "西子茶叶商城" in page
    assert "西子茶叶新商城" in page
    assert "changes nothing" not in page
    office.accept()
    assert "changes nothing" not in words(reviewer.get(f"/review/{office.number}"))


def test_remarks_alone_go_straight_to_the_administration(office: Office) -> None:
    register(office)
    office.begin(FilingType.CHANGE, changes=["entity"])
    edit(office, "entity", entity__remarks="茶叶零售为主")
    assert "Nobody has to verify when only remarks change" in words(office.page("check"))
    office.hand_over()
    assert office.order.state == "administration-review"
    assert "Nobody has to verify when only remarks change" in words(office.page())


def test_a_lost_phone_is_corrected_before_a_cancellation_is_handed_in(office: Office) -> None:
    ready(office, FilingType.CANCEL_ENTITY)
    page = office.page("check")
    answer = send(office.owner, page, "/edit/mobiles/0", mobile="12")
    assert answer.status_code == 422
    assert form(answer, "/edit/mobiles/0").fields["mobile"] == ["12"]
    assert send(office.owner, page, "/edit/mobiles/0", mobile=mobile(70)).status_code == 303
    assert office.filing.entity_leader.mobile == mobile(70)
    assert send(office.owner, page, "/edit/mobiles/0", mobile=mobile(71)).status_code == 409
    path = f"/orders/{office.number}/edit/mobiles/3"
    assert office.owner.submit(path, {"mobile": mobile(71)}).status_code == 404
    office.accept()


def test_no_other_type_has_its_mobiles_corrected_so(office: Office) -> None:
    for filing_type in (FilingType.CANCEL_ACCESS, FilingType.CHANGE):
        ready(office, filing_type)
        path = f"/orders/{office.number}/edit/mobiles/0"
        assert office.owner.submit(path, {"mobile": mobile(70)}).status_code == 404
        office.owner.submit(f"/orders/{office.number}/discard")
        break


def test_a_cancellation_started_again_opens_with_what_it_ends(office: Office) -> None:
    ready(office, FilingType.CANCEL_SERVICE)
    assert send(office.owner, office.page("check"), "/discard").status_code == 303
    answer = send(office.owner, office.page(), "/start-again")
    assert answer.location.endswith("/edit")
    assert office.owner.get(answer.location).status_code == 303


def refused(office: Office, edit_it, filing_type: FilingType) -> None:  # type: ignore[no-untyped-def]
    """An edit that the drafts' own guard refuses, whatever page it comes from."""
    ready(office, filing_type)
    before = office.filing
    actor = office.people.owner.actor
    with office.app.app_context(), pytest.raises(Refusal):
        edit_it(actor, office.number, office.order.revision, before)
    assert office.filing == before


def _entity(actor, number: str, revision: int, filing: Filing) -> None:  # type: ignore[no-untyped-def]
    other = replace(filing.entity, name="另一家公司")
    drafts.save_entity(actor, number, revision, other, filing.entity_leader)


def _leader(actor, number: str, revision: int, filing: Filing) -> None:  # type: ignore[no-untyped-def]
    drafts.save_entity(actor, number, revision, filing.entity, person(44))


def _service(actor, number: str, revision: int, _filing: Filing) -> None:  # type: ignore[no-untyped-def]
    drafts.save_service(actor, number, revision, website(44))


def _add(actor, number: str, revision: int, _filing: Filing) -> None:  # type: ignore[no-untyped-def]
    drafts.add_service(actor, number, revision, ServiceKind.WEBSITE)


def _remove(actor, number: str, revision: int, _filing: Filing) -> None:  # type: ignore[no-untyped-def]
    drafts.remove_service(actor, number, revision, 1)


@pytest.mark.parametrize(
    ("edit_it", "filing_type"),
    [
        (_entity, FilingType.ADD_SERVICE),
        (_leader, FilingType.ADD_SERVICE),
        (_entity, FilingType.ADD_PROVIDER),
        (_service, FilingType.ADD_PROVIDER),
        (_add, FilingType.ADD_PROVIDER),
        (_remove, FilingType.CHANGE),
        (_add, FilingType.CHANGE),
        (_entity, FilingType.CANCEL_ENTITY),
        (_leader, FilingType.CANCEL_SERVICE),
        (_service, FilingType.CANCEL_SERVICE),
        (_remove, FilingType.CANCEL_ACCESS),
    ],
)
def test_drafts_guard_themselves(edit_it, filing_type: FilingType, office: Office) -> None:  # type: ignore[no-untyped-def]
    refused(office, edit_it, filing_type)


@pytest.mark.parametrize("who", {"other": 404, "reviewer": 403, "nobody": 303}.items())
def test_only_the_owner_corrects_mobiles(who: tuple[str, int], office: Office) -> None:
    ready(office, FilingType.CANCEL_ENTITY)
    name, status = who
    client = office.people.client(name)
    for path in ("edit/mobiles/0", "verifiers/entity-leader/mobile"):
        answer = client.submit(f"/orders/{office.number}/{path}", {"mobile": mobile(71)})
        assert answer.status_code == status
    assert office.filing.entity_leader.mobile == valid_filing(1).entity_leader.mobile
