"""What may be started, what keeps it from being started, and what is said meanwhile."""

from __future__ import annotations

import pytest

from console.rules.filing import FilingType
from tests.support.filings import valid_filing
from tests.web.types.cases import OF_FILED, TWO_SITES, ids, provider_form, ready, register
from tests.web.types.office import Office, form, send, tree, words

ABOUT = sorted(OF_FILED)


def offered(office: Office) -> set[str]:
    """The types that the page lets one choose."""
    page = tree(office.owner.get("/orders/new"))
    return {str(e.get("value")) for e in page.iter("input") if e.get("name") == "type"}


def test_an_empty_register_offers_only_what_files_something_new(office: Office) -> None:
    page = office.owner.get("/orders/new")
    assert offered(office) == {"first-filing", "add-provider"}
    assert words(page).count("Nothing of yours is in the register here yet") == 1
    for filing_type in ABOUT:
        answer = send(office.owner, page, "/orders/new", type=filing_type.value)
        assert answer.status_code == 422
        assert "Nothing of yours is in the register" in words(answer)
        assert office.owner.get(f"/orders/new/{filing_type}").location == "/orders/new"


def test_with_something_filed_all_seven_are_offered(office: Office) -> None:
    register(office)
    assert offered(office) == {filing_type.value for filing_type in FilingType}


def test_access_that_is_cancelled_cannot_be_cancelled_again(office: Office) -> None:
    ready(office, FilingType.CANCEL_ACCESS).accept()
    assert offered(office) == {t.value for t in FilingType} - {"cancel-access"}
    assert "This provider is on none of your filings." in words(office.owner.get("/orders/new"))


@pytest.mark.parametrize("filing_type", ABOUT)
def test_ones_own_order_in_the_way_is_named_and_linked(
    filing_type: FilingType, office: Office
) -> None:
    ready(office, filing_type)
    first, entity = office.number, ids(office)[0]
    services = [str(i) for i in ids(office)[1]]
    page = office.owner.get(f"/orders/new/{filing_type}?entity={entity}")
    answer = send(
        office.owner, page, f"/orders/new/{filing_type}", changes=["entity"], service=services
    )
    assert answer.status_code == 409
    assert f'href="/orders/{first}"' in answer.text
    assert "still running" in words(answer)
    before = page if filing_type not in ("cancel-service", "cancel-access") else answer
    assert f'href="/orders/{first}"' in before.text


def test_a_cancelled_entity_tolerates_no_other_order(office: Office) -> None:
    ready(office, FilingType.CANCEL_ENTITY)
    first = office.number
    answer = office.begin(FilingType.ADD_SERVICE, websites="1")
    assert answer.status_code == 409
    assert f'href="/orders/{first}"' in answer.text


def test_what_was_ticked_stays_when_something_is_missing(office: Office) -> None:
    register(office)
    page = office.owner.get("/orders/new/cancel-service")
    answer = send(office.owner, page, "/cancel-service")
    assert answer.status_code == 422
    assert 'href="#services"' in answer.text
    answer = office.begin(FilingType.CHANGE)
    assert answer.status_code == 422
    assert "Choose what changes" in words(answer)
    answer = office.begin(FilingType.ADD_SERVICE, websites="two")
    assert answer.status_code == 422
    assert form(answer, "/add-service").fields["websites"] == ["two"]


def test_a_form_sent_twice_starts_one_order(office: Office) -> None:
    register(office)
    page = office.owner.get("/orders/new/change")
    sent = [send(office.owner, page, "/change", changes=["entity"]) for _ in range(2)]
    assert sent[0].location == sent[1].location
    known = provider_form(office)
    page = office.owner.get("/orders/new/add-provider")
    sent = [send(office.owner, page, "/add-provider", **known) for _ in range(2)]
    assert sent[0].location == sent[1].location


def test_only_who_knows_the_certificate_number_is_shown_what_is_filed(office: Office) -> None:
    known = provider_form(office)
    answer = office.begin(FilingType.ADD_PROVIDER, **{**known, "certificate_number": "X"})
    assert answer.status_code == 422
    assert 'href="#icp_number"' in answer.text
    assert "Nothing is filed under this ICP number" in words(answer)
    assert form(answer, "/add-provider").fields["icp_number"] == [known["icp_number"]]
    answer = office.begin(FilingType.ADD_PROVIDER, icp_number="ICP 7", certificate_number="")
    assert {'href="#icp_number"', 'href="#certificate_number"'} <= set(
        part for part in answer.text.replace(">", " ").split() if part.startswith("href")
    )


def test_a_filing_that_this_provider_is_on_gets_no_second_access(office: Office) -> None:
    register(office)
    page = office.owner.get("/filed")
    number = next(str(e.get("data-service")) for e in tree(page).iter() if e.get("data-service"))
    answer = office.begin(
        FilingType.ADD_PROVIDER,
        icp_number=number,
        certificate_number=TWO_SITES.entity.certificate_number,
    )
    assert answer.status_code == 422
    assert "on the filing" in words(answer)


def test_the_panel_follows_what_is_ticked(office: Office) -> None:
    register(office)
    entity, services = ids(office)
    path = f"/orders/new/who?type=change&entity={entity}"
    owner = office.owner
    assert "Choose what the order is about" in words(owner.get(path))
    page = owner.get(f"{path}&changes=entity")
    assert 'data-verifier="entity-leader"' in page.text
    assert "138****0001" in words(page)
    page = owner.get(f"{path}&service={services[1]}")
    assert 'data-verifier="website-leader-1"' in page.text
    assert "12381" in words(page)
    assert "24 hours" in words(page)
    page = owner.get(f"/orders/new/who?type=cancel-access&entity={entity}&service={services[0]}")
    assert 'data-verdict="nobody"' in page.text


def test_without_scripts_the_panel_is_asked_for_and_nothing_is_started(office: Office) -> None:
    register(office)
    page = office.owner.get("/orders/new/change")
    answer = send(office.owner, page, "/change", changes=["entity"])  # the form as it stands
    data = {**form(page, "/change").fields, "changes": ["entity"]}
    looked = office.owner.post("/orders/new/cancel-entity/look", data=data)
    assert answer.status_code == 303
    assert looked.status_code == 200
    assert 'data-verifier="entity-leader"' in looked.text
    first = office.owner.get("/orders/new")
    looked = office.owner.post(
        "/orders/new/look", data={**form(first, "/orders/new").fields, "websites": "3"}
    )
    assert form(looked, "/orders/new").fields["websites"] == ["3"]
    assert looked.text.count("data-verifier=") == 4


def test_with_several_entities_one_is_chosen_first(office: Office) -> None:
    register(office)
    register(office, valid_filing(3))
    page = office.owner.get("/orders/new/change")
    assert "Which entity?" in words(page)
    links = [a.get("href") for a in tree(page).iter("a") if "?entity=" in (a.get("href") or "")]
    assert len(links) == 2
    assert valid_filing(3).entity.name in words(office.owner.get(str(links[1])))


def test_what_is_filed_is_listed_with_what_can_be_started(office: Office) -> None:
    assert "Nothing is filed yet" in words(office.owner.get("/filed"))
    ready(office, FilingType.CANCEL_SERVICE)
    page = office.owner.get("/filed")
    assert TWO_SITES.entity.name in words(page)
    assert f'href="/orders/{office.number}"' in page.text
    ways = {a.get("data-way"): a.tag for a in tree(page).iter() if a.get("data-way")}
    assert ways["add-service"] == "a"
    assert ways["cancel-entity"] == "span"
    assert ways["cancel-service"] == "span"
    office.accept()
    page = office.owner.get("/filed")
    states = [e.get("data-state") for e in tree(page).iter("li") if e.get("data-service")]
    assert states == ["cancelled", "cancelled"]


def test_long_lists_of_entities_come_in_pages(office: Office) -> None:
    from console.extensions import db
    from console.models import RegisteredEntity

    register(office)
    with office.app.app_context():
        first = db.session.query(RegisteredEntity).one()
        for n in range(10):
            copy = {c.key: getattr(first, c.key) for c in RegisteredEntity.__table__.columns}
            copy |= {"id": None, "icp_number": f"浙ICP备20269990{n:02d}号"}
            db.session.add(RegisteredEntity(**copy))
        db.session.commit()
    for path in ("/filed", "/orders/new/change"):
        page = office.owner.get(path)
        more = next(a.get("href") for a in tree(page).iter("a") if a.get("rel") == "next")
        assert "浙ICP备2026999009号" not in page.text
        page = office.owner.get(str(more))
        assert "浙ICP备2026999009号" in page.text
        assert office.owner.get(f"{path}?after=999999").status_code == 200


WAYS = ["/filed", "/orders/new", "/orders/new/change", "/orders/new/add-provider"]
EXPECTED = {"reviewer": 403, "administrator": 403, "nobody": 303}


@pytest.mark.parametrize("who", EXPECTED)
@pytest.mark.parametrize("path", [*WAYS, "/orders/new/who"])
def test_only_applicants_start_orders(who: str, path: str, office: Office) -> None:
    assert office.people.client(who).get(path).status_code == EXPECTED[who]


@pytest.mark.parametrize("filing_type", ABOUT)
def test_a_strangers_entity_is_not_there(filing_type: FilingType, office: Office) -> None:
    register(office)
    entity, services = ids(office)
    other = office.people.client("other")
    data = {"entity": str(entity), "service": str(services[0]), "changes": "entity"}
    answer = other.submit(f"/orders/new/{filing_type}", {**data, "websites": "1"})
    assert answer.status_code == 404
    assert TWO_SITES.entity.name not in answer.text
    panel = other.get(f"/orders/new/who?type={filing_type}&entity={entity}")
    assert "data-verifier" not in panel.text
    assert TWO_SITES.entity.name not in other.get("/filed").text
