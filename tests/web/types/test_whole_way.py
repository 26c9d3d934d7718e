"""Each filing type to its acceptance, and to every kind of return, through the pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from console.extensions import db
from console.models import RegisteredEntity, RegisteredService
from console.rules.filing import FilingType
from tests.web.types.cases import ready
from tests.web.types.office import Office, words

VERIFIED = [t for t in FilingType if t is not FilingType.CANCEL_ACCESS]
# Who must verify under aliyun-current, by the checklist's keys.
WHO = {
    FilingType.FIRST_FILING: ["entity-leader", "website-leader-2"],
    FilingType.ADD_SERVICE: ["entity-leader", "website-leader-1"],
    FilingType.ADD_PROVIDER: ["entity-leader", "website-leader-1"],
    FilingType.CHANGE: ["entity-leader", "website-leader-1"],
    FilingType.CANCEL_ENTITY: ["entity-leader"],
    FilingType.CANCEL_SERVICE: ["website-leader-1", "website-leader-2"],
    FilingType.CANCEL_ACCESS: [],
}


def rows(answer) -> list[str]:  # type: ignore[no-untyped-def]
    """The keys of the people a page names."""
    import re

    return re.findall(r'data-verifier="([^"]+)"', answer.text)


def register(office: Office) -> list[tuple[str, bool, bool]]:
    """Each service of the register: its number, whether with us, whether cancelled."""
    with office.app.app_context():
        found = db.session.scalars(select(RegisteredService).order_by(RegisteredService.id))
        return [(s.icp_number, s.with_us, s.cancelled_at is not None) for s in found]


def entity_is_cancelled(office: Office) -> bool:
    with office.app.app_context():
        entity = db.session.scalars(select(RegisteredEntity)).one()
        return entity.cancelled_at is not None


@pytest.mark.parametrize("filing_type", list(FilingType))
def test_an_order_reaches_the_register(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type)
    assert rows(office.page("check")) == WHO[filing_type]
    office.hand_over()
    page = office.page()
    assert rows(page) == WHO[filing_type]
    if filing_type in VERIFIED:
        assert office.order.state == "verifying"
        office.verify()
    else:
        assert "Nobody has to verify when this provider is taken off" in words(page)
    assert office.order.state == "administration-review"
    office.decide()
    order = office.order
    assert order.state == "accepted"
    for number in order.icp_numbers:
        assert number in office.page().text
    cancelled = filing_type in (FilingType.CANCEL_ENTITY, FilingType.CANCEL_SERVICE)
    numbers = set(order.icp_numbers[1:])
    mine = [(us, gone) for number, us, gone in register(office) if number in numbers]
    assert mine == [(filing_type is not FilingType.CANCEL_ACCESS, cancelled)] * len(numbers)
    assert entity_is_cancelled(office) is (filing_type is FilingType.CANCEL_ENTITY)


def returned(office: Office, by: str, reason: str) -> None:
    """The order is back, the page says by whom and why, and it can be handed in again."""
    order = office.order
    assert (order.state, order.returned_by, order.reasons) == ("returned", by, [reason])
    page = office.page()
    assert f'data-reason="{reason}"' in page.text or reason in page.text
    check = office.page("check")
    assert check.status_code == 200
    assert "Submit again" in words(check)


@pytest.mark.parametrize("filing_type", list(FilingType))
def test_a_reviewer_returns_it_and_it_is_handed_in_again(
    filing_type: FilingType, office: Office
) -> None:
    ready(office, filing_type).submit()
    office.review("return", reasons=["phone"], note="请核对电话")
    returned(office, "provider", "phone")
    assert "请核对电话" in words(office.page())
    office.submit()
    assert office.order.state == "in-review"


@pytest.mark.parametrize("filing_type", list(FilingType))
def test_the_ministry_does_not_take_it(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type).submit()
    office.review()
    if filing_type is FilingType.FIRST_FILING:
        with office.app.app_context():
            office.app.extensions["ministry"].file_elsewhere(office.filing)
    else:
        office.forget()
    office.work()
    returned(office, "ministry", "refused")


@pytest.mark.parametrize("filing_type", VERIFIED)
def test_the_time_to_verify_runs_out(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type).hand_over()
    office.let_pass(hours=25)
    office.work()
    returned(office, "ministry", "expired")
    assert "resubmit-unmodified" not in office.page().text
    office.hand_over()
    assert office.order.state == "verifying"


@pytest.mark.parametrize("filing_type", VERIFIED)
def test_the_tries_are_used_up(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type).hand_over()
    office.use_up_tries()
    returned(office, "ministry", "tries-used-up")


@pytest.mark.parametrize("filing_type", list(FilingType))
def test_the_administration_returns_it(filing_type: FilingType, office: Office) -> None:
    ready(office, filing_type).hand_over()
    if filing_type in VERIFIED:
        office.verify()
    office.decide("return", reasons=["document-unclear"], note="执照模糊")
    returned(office, "administration", "document-unclear")
    assert office.accept().state == "accepted"
