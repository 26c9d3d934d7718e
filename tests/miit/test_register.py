"""What acceptance does to the register, for all seven filing types, and what is not taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from miit_kit import LEADER, OWNER, START, app_service, first_filing, website

from console.errors import Changed, Conflict, Invalid, NotFound
from console.miit.gateway import EventKind, GiveUp
from console.miit.mock.store import write
from console.miit.mock.tables import MinistryOrder
from console.rules.filing import Filing, FilingType

TYPES = [kind for kind in FilingType if kind is not FilingType.FIRST_FILING]


class Office:
    """The administration: orders go straight to its desk."""

    def __init__(self, world) -> None:
        self.world, self.count = world, 0

    def send(self, filing: Filing) -> str:
        """Hand an order over and skip its verification."""
        self.count += 1
        number = f"O{self.count}"
        self.world.submit(filing, f"{number}/1")
        write(lambda session: self._skip(session, number))
        return number

    @staticmethod
    def _skip(session, number: str) -> None:
        order = session.query(MinistryOrder).filter_by(number=number).one()
        order.state = "administration"

    def accept(self, filing: Filing) -> dict:
        number = self.send(filing)
        self.world.ministry.decide(number, True, [], "")
        return self.world.events(f"{number}/1", EventKind.ACCEPTED)[0].data

    def filed(self, **more) -> str:
        """The number of an entity that is filed."""
        return self.accept(first_filing(**more))["entity_number"]

    def order(self, kind: FilingType, number: str, **more) -> Filing:
        """An order on what is filed under an entity's number."""
        filed = self.world.gateway.look_up(number)
        services = tuple(replace(one, position=n) for n, one in enumerate(filed.services, start=1))
        chosen = {"services": services, **more}
        return Filing(kind, filed.entity, filed.entity_leader, **chosen)


@pytest.fixture
def office(world):
    return Office(world)


def test_a_first_filing_gets_numbers_of_its_province_and_year(office):
    filing = replace(first_filing(), services=(website(1), app_service(2), website(3, "b.cn")))
    assert office.accept(filing) == {
        "entity_number": "浙ICP备2026000001号",
        "service_numbers": {
            "1": "浙ICP备2026000001号-1",
            "2": "浙ICP备2026000001号-2A",
            "3": "浙ICP备2026000001号-3",
        },
    }


def test_each_province_and_year_counts_for_itself(office):
    assert office.filed() == "浙ICP备2026000001号"
    assert office.filed(certificate="C2", domain="b.cn") == "浙ICP备2026000002号"
    assert office.filed(certificate="C3", domain="c.cn", province="SC") == "蜀ICP备2026000001号"
    office.world.clock.moment = datetime.fromisoformat("2026-12-31T16:00:00+00:00")
    assert office.filed(certificate="C4", domain="d.cn") == "浙ICP备2027000001号"


def test_what_is_filed_is_found_by_the_entitys_number_and_by_a_services(office):
    number = office.filed()
    filed = office.world.gateway.look_up(number)
    assert (filed.entity.icp_number, filed.entity_leader) == (number, LEADER)
    assert [one.icp_number for one in filed.services] == [f"{number}-1"]
    assert office.world.gateway.look_up(f" {number}-1 ").services[0].domain == "example.cn"
    assert office.world.gateway.look_up(f"{number}-2") is None
    assert office.world.gateway.look_up("") is None


def test_an_added_service_gets_the_next_number(office):
    number = office.filed()
    adding = office.order(FilingType.ADD_SERVICE, number, services=(app_service(1),))
    assert office.accept(adding)["service_numbers"] == {"1": f"{number}-2A"}


def test_the_number_of_a_cancelled_service_is_not_given_again(office):
    number = office.filed()
    office.accept(office.order(FilingType.CANCEL_SERVICE, number))
    assert office.world.gateway.look_up(f"{number}-1") is None
    assert office.world.gateway.look_up(number).services == []
    adding = office.order(FilingType.ADD_SERVICE, number, services=(website(1),))
    assert office.accept(adding)["service_numbers"] == {"1": f"{number}-2"}


def test_a_cancelled_entity_takes_its_services_and_its_number_with_it(office):
    number = office.filed()
    office.accept(office.order(FilingType.CANCEL_ENTITY, number, services=()))
    assert office.world.gateway.look_up(number) is None
    assert office.world.gateway.look_up(f"{number}-1") is None
    assert office.filed() == "浙ICP备2026000002号"


def test_a_change_of_the_entity_changes_it_and_keeps_its_number(office):
    number = office.filed()
    order = office.order(FilingType.CHANGE, number, changes=frozenset({"entity"}))
    order = replace(order, entity=replace(order.entity, name="新名称"), entity_leader=OWNER)
    assert office.accept(order)["entity_number"] == number
    filed = office.world.gateway.look_up(number)
    assert (filed.entity.name, filed.entity_leader) == ("新名称", OWNER)


def test_a_change_of_a_service_changes_that_service_alone(office):
    number = office.filed()
    order = office.order(FilingType.CHANGE, number, changes=frozenset({"service"}))
    renamed = replace(order.services[0], name="新网站", domain="new.cn")
    changed = replace(order, services=(renamed,), entity=replace(order.entity, name="x"))
    office.accept(changed)
    filed = office.world.gateway.look_up(f"{number}-1")
    assert (filed.services[0].name, filed.services[0].domain) == ("新网站", "new.cn")
    assert filed.entity.name == "示例科技有限公司"


def test_a_change_of_remarks_changes_nothing_else(office):
    number = office.filed()
    order = office.order(FilingType.CHANGE, number, changes=frozenset({"remarks"}))
    order = replace(order, entity=replace(order.entity, name="x", remarks="备注"))
    office.accept(order)
    filed = office.world.gateway.look_up(number)
    assert (filed.entity.name, filed.entity.remarks) == ("示例科技有限公司", "备注")


def test_access_comes_and_goes_and_the_filing_stays(office):
    from sqlalchemy import select

    from console.miit.mock.register_tables import MinistryService
    from console.miit.mock.store import reading

    def accesses() -> int:
        with reading() as session:
            return session.scalar(select(MinistryService.accesses))

    number = office.filed()
    added = office.accept(office.order(FilingType.ADD_PROVIDER, number))
    assert added["service_numbers"] == {"1": f"{number}-1"}
    assert accesses() == 2
    for left in (1, 0, 0):
        office.accept(office.order(FilingType.CANCEL_ACCESS, number))
        assert accesses() == left
    assert office.world.gateway.look_up(f"{number}-1") is not None


@pytest.mark.parametrize("kind", TYPES)
def test_an_order_on_a_number_that_is_unknown_or_cancelled_is_refused(office, kind):
    number = office.filed()
    order = office.order(kind, number, changes=frozenset({"entity"}))
    unknown = replace(order, entity=replace(order.entity, icp_number="浙ICP备2026999999号"))
    with pytest.raises(GiveUp) as refused:
        office.send(unknown)
    assert refused.value.reason == "refused"
    office.accept(office.order(FilingType.CANCEL_ENTITY, number, services=()))
    with pytest.raises(GiveUp):
        office.send(order)


@pytest.mark.parametrize(
    "kind", [FilingType.ADD_PROVIDER, FilingType.CANCEL_SERVICE, FilingType.CANCEL_ACCESS]
)
def test_a_service_of_another_entity_is_not_taken(office, kind):
    number = office.filed()
    other = office.filed(certificate="C2", domain="b.cn")
    theirs = office.order(kind, other).services
    with pytest.raises(GiveUp):
        office.send(office.order(kind, number, services=theirs))


def test_an_entity_or_a_domain_is_filed_only_once(office):
    number = office.filed()
    with pytest.raises(GiveUp):
        office.send(first_filing(domain="b.cn"))
    with pytest.raises(GiveUp):
        office.send(first_filing(certificate="C2"))
    office.filed(certificate="C3", domain="c.cn")
    with pytest.raises(GiveUp):
        office.send(office.order(FilingType.ADD_SERVICE, number, services=(website(1, "c.cn"),)))


def test_an_order_that_tolerates_no_other_is_refused_beside_one(office):
    number = office.filed()
    office.send(office.order(FilingType.ADD_SERVICE, number, services=(website(1, "b.cn"),)))
    with pytest.raises(GiveUp):
        office.send(office.order(FilingType.CANCEL_ENTITY, number, services=()))


def test_a_later_round_of_the_same_order_is_no_conflict(world):
    world.handed_over(first_filing(), "A/1")
    assert world.submit(first_filing(), "A/2").reference


def test_what_the_register_no_longer_allows_cannot_be_accepted(office):
    first = office.send(first_filing())
    second = office.send(first_filing(certificate="C2"))
    office.world.ministry.decide(first, True, [], "")
    with pytest.raises(Conflict):
        office.world.ministry.decide(second, True, [], "")
    office.world.ministry.decide(second, False, ["domain-holder"], "")
    assert office.world.state(f"{second}/1") == "returned"


def test_a_decision_is_made_once_and_only_with_the_administration(office):
    number = office.send(first_filing())
    office.world.ministry.decide(number, False, ["other", "other", "phone"], " See us ")
    told = office.world.events(f"{number}/1", EventKind.RETURNED)
    assert told[0].data == {"reasons": ["other", "phone"], "note": "See us"}
    with pytest.raises(Changed):
        office.world.ministry.decide(number, True, [], "")
    office.world.submit(first_filing(certificate="C2", domain="b.cn"), "V/1")
    with pytest.raises(Changed):
        office.world.ministry.decide("V", True, [], "")
    with pytest.raises(NotFound):
        office.world.ministry.decide("nothing", True, [], "")


@pytest.mark.parametrize(
    ("accept", "reasons", "note"),
    [
        (False, [], ""),
        (False, ["nonsense"], ""),
        (False, ["expired"], ""),
        (True, ["phone"], ""),
        (False, ["phone"], "x" * 1001),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(office, accept, reasons, note):
    number = office.send(first_filing())
    with pytest.raises(Invalid):
        office.world.ministry.decide(number, accept, reasons, note)
    assert office.world.state(f"{number}/1") == "administration"


def test_the_newest_round_is_the_one_that_is_decided(office):
    number = office.send(first_filing())
    office.world.ministry.decide(number, False, ["phone"], "")
    office.world.submit(first_filing(), f"{number}/2")
    write(
        lambda session: setattr(
            session.query(MinistryOrder).filter_by(key=f"{number}/2").one(),
            "state",
            "administration",
        )
    )
    office.world.clock.moment = START
    office.world.ministry.decide(number, True, [], "")
    assert office.world.state(f"{number}/2") == "accepted"
