"""Orders in each other's way: which, whose, and what the applicant is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import Mock

import pytest
from sqlalchemy import update

from console import clock
from console.errors import Conflict
from console.extensions import db
from console.models import Order, RegisteredEntity, RegisteredService
from console.rules.filing import Filing, FilingType
from console.services import conflicts, drafts, submission
from console.services.conflicts import refuse_conflicts
from console.services.contents import put_filing
from console.types import digest
from tests.services.world import World
from tests.support.filings import valid_filing, website

FIRST, CHANGE, ADD = FilingType.FIRST_FILING, FilingType.CHANGE, FilingType.ADD_SERVICE


def same_entity(filing: Filing, n: int = 50) -> Filing:
    """Another filing of the entity, about another domain."""
    other = valid_filing(n)
    entity = replace(other.entity, certificate_number=filing.entity.certificate_number)
    return replace(other, entity=entity)


def same_domain(filing: Filing, n: int = 60) -> Filing:
    """Another entity's filing of the domain."""
    other = valid_filing(n)
    return replace(other, services=(replace(other.services[0], domain=filing.services[0].domain),))


def refused(world: World, filing: Filing, who: str = "owner", **more: int) -> Conflict:
    with pytest.raises(Conflict) as found:
        refuse_conflicts(getattr(world.people, who).id, filing, **more)
    return found.value


Like = Callable[[Filing], Filing]


@pytest.mark.parametrize(
    ("like", "own", "others"),
    [
        (same_entity, "Your order {} for the same entity", "Another order for the same entity"),
        (same_domain, "Your order {} for the domain xizi-tea-1.cn is still running",
         "Another order for the domain xizi-tea-1.cn is still running"),
    ],
)  # fmt: skip
def test_ones_own_order_is_named_and_another_s_is_not(
    world: World, like: Like, own: str, others: str
) -> None:
    filing = valid_filing(1)
    number = world.in_review(filing=filing)
    mine = refused(world, like(filing))
    assert own.format(number) in str(mine.text)
    assert mine.number == number
    theirs = refused(world, like(filing), "other")
    assert others in str(theirs.text)
    assert (theirs.number, number in str(theirs.text)) == (None, False)


@pytest.mark.parametrize("like", [same_entity, same_domain])
def test_what_nobody_handed_in_or_what_has_ended_or_is_it_itself_is_in_nobody_s_way(
    world: World, like: Like
) -> None:
    filing = valid_filing(1)
    number = world.draft(filing=filing)
    refuse_conflicts(world.people.owner.id, like(filing))
    submission.submit(world.owner, number)
    refused(world, like(filing))
    refuse_conflicts(world.people.owner.id, like(filing), order_id=world.order(number).id)
    submission.withdraw(world.owner, number, world.ministry)
    refused(world, like(filing))
    drafts.discard(world.owner, number)
    refuse_conflicts(world.people.owner.id, like(filing))


def test_an_order_that_ended_is_in_nobody_s_way(world: World) -> None:
    filing = valid_filing(1)
    number = world.in_review(filing=filing)
    for state in ("accepted", "cancelled", "lapsed"):
        db.session.execute(update(Order).where(Order.number == number).values(state=state))
        db.session.commit()
        refuse_conflicts(world.people.owner.id, same_entity(filing))
        refuse_conflicts(world.people.owner.id, same_domain(filing))


def test_other_entities_and_domains_are_in_nobody_s_way(world: World) -> None:
    world.in_review(filing=valid_filing(1))
    refuse_conflicts(world.people.owner.id, valid_filing(2))


def test_a_filing_that_says_nothing_yet_meets_nobody(world: World) -> None:
    world.in_review(filing=valid_filing(1))
    empty = Filing(FIRST, services=(replace(website(), domain=""),))
    refuse_conflicts(world.people.owner.id, empty)


def test_two_of_one_entity_or_domain_are_looked_at_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[list[str]] = []
    monkeypatch.setattr(conflicts, "_take_turns", turns.append)
    filing = valid_filing(1)
    certificate = f"certificate:{digest('certificate', filing.entity.certificate_number)}"
    nobody = replace(filing, entity=replace(filing.entity, certificate_number=""))
    for asked in (filing, nobody, replace(filing, type=FilingType.CANCEL_SERVICE)):
        refuse_conflicts(world.people.owner.id, asked)
    domain = "domain:xizi-tea-1.cn"
    assert turns == [[certificate, domain], [domain], [certificate]]


def test_on_postgresql_turns_are_taken_in_one_order_so_that_none_waits_for_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    session = Mock()
    session.connection().dialect.name = "postgresql"
    session.execute = lambda query: said.append(
        str(query.compile(compile_kwargs={"literal_binds": True}))
    )
    monkeypatch.setattr(conflicts, "db", Mock(session=session))
    conflicts._take_turns(["b", "a"])
    assert [line.partition(" AS ")[0] for line in said] == [
        f"SELECT pg_advisory_xact_lock(hashtext('{name}'))" for name in ("a", "b")
    ]


def test_the_oldest_of_several_in_the_way_is_named(world: World) -> None:
    filing = valid_filing(1)
    first = world.in_review(filing=filing)
    second = world.in_review(filing=valid_filing(2))
    put_filing(world.order(second), same_entity(filing))
    db.session.commit()
    assert refused(world, same_entity(filing, 51)).number == first


def entity_of_register(account_id: int) -> int:
    """An entity that is filed."""
    entity = RegisteredEntity(
        icp_number="浙ICP备1号", account_id=account_id, filed_at=clock.now(),
        province="ZJ", certificate_digest="x", content={},
    )  # fmt: skip
    db.session.add(entity)
    db.session.commit()
    return entity.id


def test_of_an_entity_that_is_filed_a_draft_is_in_the_way_already(world: World) -> None:
    entity_id = entity_of_register(world.people.owner.id)
    number = world.draft(filing=valid_filing(1))
    db.session.execute(update(Order).where(Order.number == number).values(entity_id=entity_id))
    db.session.commit()
    other, itself = valid_filing(2), world.order(number).id
    assert refused(world, other, entity_id=entity_id).number == number
    refuse_conflicts(world.people.owner.id, other, entity_id=entity_id + 1)
    refuse_conflicts(world.people.owner.id, other, entity_id=entity_id, order_id=itself)


@pytest.mark.parametrize(
    ("new", "running", "clash"),
    [(CHANGE, CHANGE, True), (CHANGE, ADD, False), (FIRST, CHANGE, True)],
)
def test_which_types_exclude_each_other_is_asked(
    world: World, new: FilingType, running: FilingType, clash: bool
) -> None:
    filing = valid_filing(1)
    number = world.in_review(filing=filing)
    put_filing(world.order(number), replace(filing, type=running))
    db.session.execute(update(Order).where(Order.number == number).values(type=running.value))
    db.session.commit()
    asked = replace(same_entity(filing), type=new)
    if clash:
        refused(world, asked)
    else:
        refuse_conflicts(world.people.owner.id, asked)


@pytest.mark.parametrize(
    ("numbers", "clash"),
    [(("浙ICP备1号-1", "浙ICP备1号-1"), True), (("浙ICP备1号-1", "浙ICP备1号-2"), False)],
)
def test_of_what_may_run_once_for_each_service_the_services_are_compared(
    world: World, numbers: tuple[str, str], clash: bool
) -> None:
    def about(filing: Filing, number: str) -> Filing:
        service = replace(filing.services[0], icp_number=number, domain="")
        return replace(filing, type=FilingType.CANCEL_SERVICE, services=(service,))

    filing = valid_filing(1)
    number = world.in_review(filing=filing)
    put_filing(world.order(number), about(filing, numbers[0]))
    db.session.execute(update(Order).where(Order.number == number).values(type="cancel-service"))
    db.session.commit()
    asked = about(same_entity(filing), numbers[1])
    if clash:
        refused(world, asked)
    else:
        refuse_conflicts(world.people.owner.id, asked)


@pytest.mark.parametrize(
    ("running", "asked", "clash"),
    [("change", FIRST, True), ("add-service", CHANGE, True), ("cancel-service", FIRST, False),
     ("first-filing", FilingType.CANCEL_SERVICE, False)],
)  # fmt: skip
def test_a_domain_is_brought_by_one_order_only(
    world: World, running: str, asked: FilingType, clash: bool
) -> None:
    filing = valid_filing(1)
    number = world.in_review(filing=filing)
    db.session.execute(update(Order).where(Order.number == number).values(type=running))
    db.session.commit()
    new = replace(same_domain(filing), type=asked)
    if clash:
        refused(world, new)
    else:
        refuse_conflicts(world.people.owner.id, new)


class TestFiled:
    """Domains of the register."""

    @pytest.fixture
    def service(self, world: World) -> RegisteredService:
        service = RegisteredService(
            icp_number="浙ICP备1号-1", entity_id=entity_of_register(world.people.other.id),
            kind="website", domain="xizi-tea-1.cn", content={}, filed_at=clock.now(),
        )  # fmt: skip
        db.session.add(service)
        db.session.commit()
        return service

    def test_one_that_is_filed_is_not_filed_again(
        self, world: World, service: RegisteredService
    ) -> None:
        found = refused(world, valid_filing(1))
        assert "The domain xizi-tea-1.cn is filed already" in str(found.text)
        refuse_conflicts(world.people.owner.id, valid_filing(2))

    def test_the_filing_that_holds_it_may_be_changed(
        self, world: World, service: RegisteredService
    ) -> None:
        filing = valid_filing(1)
        held = replace(filing.services[0], icp_number=service.icp_number)
        refuse_conflicts(world.people.owner.id, replace(filing, type=CHANGE, services=(held,)))
        other = replace(held, icp_number="浙ICP备1号-2")
        refused(world, replace(filing, type=CHANGE, services=(other,)))

    def test_one_that_was_cancelled_is_free(self, world: World, service: RegisteredService) -> None:
        service.cancelled_at = clock.now()
        db.session.commit()
        refuse_conflicts(world.people.owner.id, valid_filing(1))

    def test_the_second_of_two_domains_counts_too(
        self, world: World, service: RegisteredService
    ) -> None:
        both = (website(8), website(1, position=2))
        refused(world, replace(valid_filing(8), services=both))
