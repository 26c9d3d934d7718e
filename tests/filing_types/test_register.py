"""What acceptance does to the register, for each filing type."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from console.errors import Conflict, Invalid, NotFound, Refusal
from console.extensions import db
from console.models import RegisteredEntity, RegisteredService
from console.rules.filing import FilingType, ServiceKind
from console.services import drafts, starting
from console.services.contents import filing_of
from tests.support.driving import Drive
from tests.support.filings import app, mobile, person, valid_filing, website


@dataclass(frozen=True)
class Filed:
    """An entity of the register by what does not change; the rest is read afresh."""

    id: int
    icp_number: str

    @property
    def row(self) -> RegisteredEntity:
        """As the register has it now."""
        db.session.rollback()
        return db.session.get_one(RegisteredEntity, self.id, populate_existing=True)


@pytest.fixture
def filed(drive: Drive) -> Filed:
    """An entity with two websites of two leaders, filed."""
    filing = valid_filing(
        1, services=(website(1), website(2, position=2, leader=person(9), name="西子茶叶商城"))
    )
    order = drive.accept(drive.draft(filing))
    assert order.entity_id is not None
    return Filed(order.entity_id, order.icp_numbers[0])


def services(filed: Filed) -> list[RegisteredService]:
    """The entity's services as the register has them now."""
    db.session.rollback()
    query = select(RegisteredService).where(RegisteredService.entity_id == filed.id)
    in_order = query.order_by(RegisteredService.id).execution_options(populate_existing=True)
    return list(db.session.scalars(in_order))


def test_a_first_filing_enters_the_entity_and_each_service(filed: Filed) -> None:
    assert filed.icp_number.startswith("浙ICP备")
    assert filed.row.content["entity_leader"]["mobile"] == mobile(1)
    assert [(s.domain, s.icp_number) for s in services(filed)] == [
        ("xizi-tea-1.cn", f"{filed.icp_number}-1"),
        ("xizi-tea-2.cn", f"{filed.icp_number}-2"),
    ]


def test_an_added_app_gets_the_next_number_with_an_a(drive: Drive, filed: Filed) -> None:
    number = starting.start(
        drive.applicant, FilingType.ADD_SERVICE, (ServiceKind.APP,), entity_id=filed.id
    )
    added = replace(valid_filing(3, services=(app(3),)), type=FilingType.ADD_SERVICE)
    order = drive.accept(drive.fill_services(number, added))
    assert order.icp_numbers == [filed.icp_number, f"{filed.icp_number}-3A"]
    assert [s.kind for s in services(filed)] == ["website", "website", "app"]


def test_a_change_of_a_website_leaves_everything_else_as_it_was(drive: Drive, filed: Filed) -> None:
    first, second = services(filed)
    number = starting.start(
        drive.applicant, FilingType.CHANGE, entity_id=filed.id, service_ids=[first.id, second.id]
    )
    old = filing_of(drive.order(number)).services[0]
    drafts.save_service(
        drive.applicant, number, drive.revision(number), replace(old, name="西子茶叶新官网")
    )
    drive.approve(number)
    order = drive.order(number)
    assert order.state == "verifying"
    drive.verify_all(number)
    drive.decide(number)
    first, second = services(filed)
    assert first.content["name"] == "西子茶叶新官网"
    assert second.content["name"] == "西子茶叶商城"
    assert filed.row.content["entity"]["name"].startswith("杭州西子茶叶")


def test_the_new_mobile_of_a_change_gets_the_code(drive: Drive, filed: Filed) -> None:
    number = starting.start(drive.applicant, FilingType.CHANGE, entity_id=filed.id)
    filing = filing_of(drive.order(number))
    leader = replace(filing.entity_leader, mobile=mobile(77))
    drafts.save_entity(drive.applicant, number, drive.revision(number), filing.entity, leader)
    drive.approve(number)
    drive.verify(leader)
    order = drive.decide(number)
    assert order.state == "accepted"
    assert filed.row.content["entity_leader"]["mobile"] == mobile(77)


def test_a_change_that_changes_nothing_is_refused(drive: Drive, filed: Filed) -> None:
    number = starting.start(drive.applicant, FilingType.CHANGE, entity_id=filed.id)
    with pytest.raises(Invalid) as refused:
        drive.submit(number)
    assert "changes nothing" in str(refused.value.findings[0].message)


def test_a_change_of_remarks_alone_needs_no_verification(drive: Drive, filed: Filed) -> None:
    number = starting.start(drive.applicant, FilingType.CHANGE, entity_id=filed.id)
    filing = filing_of(drive.order(number))
    entity = replace(filing.entity, remarks="茶叶零售为主")
    drafts.save_entity(
        drive.applicant, number, drive.revision(number), entity, filing.entity_leader
    )
    drive.approve(number)
    assert drive.order(number).state == "administration-review"
    drive.decide(number)
    assert filed.row.content["entity"]["remarks"] == "茶叶零售为主"


def test_a_cancelled_service_leaves_and_its_number_is_not_given_again(
    drive: Drive, filed: Filed
) -> None:
    second = services(filed)[1]
    number = starting.start(
        drive.applicant, FilingType.CANCEL_SERVICE, entity_id=filed.id, service_ids=[second.id]
    )
    drive.accept(number)
    added = starting.start(drive.applicant, FilingType.ADD_SERVICE, entity_id=filed.id)
    more = replace(valid_filing(4, services=(website(4),)), type=FilingType.ADD_SERVICE)
    order = drive.accept(drive.fill_services(added, more))
    assert services(filed)[1].cancelled_at is not None
    assert order.icp_numbers[1] == f"{filed.icp_number}-3"


def test_a_cancelled_entity_takes_its_services_along(drive: Drive, filed: Filed) -> None:
    number = starting.start(drive.applicant, FilingType.CANCEL_ENTITY, entity_id=filed.id)
    drive.accept(number)
    assert filed.row.cancelled_at is not None
    assert all(service.cancelled_at for service in services(filed))
    again = drive.accept(drive.draft(valid_filing(1)))
    assert again.icp_numbers[0] != filed.icp_number


def test_cancelled_access_needs_no_verification_and_keeps_the_filing(
    drive: Drive, filed: Filed
) -> None:
    chosen = [services(filed)[0].id]
    number = starting.start(
        drive.applicant, FilingType.CANCEL_ACCESS, entity_id=filed.id, service_ids=chosen
    )
    drive.approve(number)
    assert drive.order(number).state == "administration-review"
    drive.decide(number)
    assert not services(filed)[0].with_us
    assert services(filed)[0].cancelled_at is None
    with pytest.raises(Refusal, match="not on the filing"):
        starting.start(
            drive.applicant, FilingType.CANCEL_ACCESS, entity_id=filed.id, service_ids=chosen
        )


def test_an_access_filing_enters_what_was_filed_elsewhere(drive: Drive) -> None:
    known = valid_filing(6, two_people=True)
    entity_number, numbers = drive.ministry.file_elsewhere(known)
    service_number = next(iter(numbers.values()))
    number = starting.start_add_provider(
        drive.applicant, service_number, known.entity.certificate_number, {}, drive.ministry.gateway
    )
    shown = filing_of(drive.order(number))
    assert shown.entity.name == known.entity.name
    assert shown.entity_leader.name == ""
    assert shown.services[0].leader.mobile == ""
    drafts.save_entity(
        drive.applicant, number, drive.revision(number), known.entity, known.entity_leader
    )
    order = drive.accept(drive.fill_services(number, known))
    assert order.icp_numbers == [entity_number, service_number]
    assert order.entity_id is not None
    assert [s.with_us for s in services(Filed(order.entity_id, entity_number))] == [True]


def test_an_access_filing_shows_nothing_without_the_certificate_number(drive: Drive) -> None:
    known = valid_filing(6)
    _, numbers = drive.ministry.file_elsewhere(known)
    with pytest.raises(Invalid, match="Nothing is filed"):
        starting.start_add_provider(
            drive.applicant,
            next(iter(numbers.values())),
            known.entity_leader.certificate_number,
            {},
            drive.ministry.gateway,
        )


@pytest.mark.parametrize("running", list(FilingType))
@pytest.mark.parametrize("new", list(FilingType))
def test_only_the_orders_of_the_table_run_at_once(new: FilingType, running: FilingType) -> None:
    from console.rules.running import Running, in_the_way

    exclusive = {FilingType.FIRST_FILING, FilingType.CANCEL_ENTITY}
    single = {FilingType.CHANGE, FilingType.ADD_SERVICE}
    expected = bool(
        {new, running} & exclusive
        or (new is running and new in single)
        or not {new, running} & (exclusive | single)
    )
    same_service = frozenset({"浙ICP备2026000001号-1"})
    assert in_the_way(Running(new, same_service), Running(running, same_service)) is expected
    if not {new, running} & (exclusive | single):
        assert not in_the_way(Running(new, same_service), Running(running, frozenset()))


def test_a_conflict_names_ones_own_running_order(drive: Drive, filed: Filed) -> None:
    first = starting.start(drive.applicant, FilingType.CHANGE, entity_id=filed.id)
    with pytest.raises(Conflict) as refused:
        starting.start(drive.applicant, FilingType.CHANGE, entity_id=filed.id)
    assert refused.value.number == first


def test_a_conflict_with_a_stranger_names_nothing(drive: Drive, people) -> None:  # type: ignore[no-untyped-def]
    number = drive.submit(drive.draft(valid_filing(1)))
    other = replace(drive, applicant=people.other.actor)
    same = other.draft(valid_filing(1))
    with pytest.raises(Conflict) as refused:
        other.submit(same)
    assert refused.value.number is None
    assert number not in str(refused.value)


def test_nobody_starts_an_order_for_a_strangers_entity(
    drive: Drive,
    filed: Filed,
    people,  # type: ignore[no-untyped-def]
) -> None:
    with pytest.raises(NotFound):
        starting.start(people.other.actor, FilingType.CANCEL_ENTITY, entity_id=filed.id)
