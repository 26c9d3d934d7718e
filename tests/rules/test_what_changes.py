"""What a change order changes, what each type lets be edited, and which orders run at once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import Refusal
from console.rules.changes import differences, only_changed
from console.rules.filing import Entity, Filing, FilingType, Person, Service, from_json, to_json
from console.rules.running import Running, in_the_way
from console.rules.sections import SECTIONS, Mode, refuse_edit, sections_of
from tests.rules.makers import LEADER, OTHER
from tests.support.filings import app, valid_filing, website

CHANGE = replace(
    valid_filing(
        1,
        type=FilingType.CHANGE,
        services=(
            website(1, icp_number="浙ICP备2026000001号-1"),
            app(2, position=2, leader=OTHER, icp_number="浙ICP备2026000001号-2A"),
        ),
    ),
    answers=(("mobile-changed", True),),
)
TEXTS = st.text(min_size=1, max_size=5)


def texts_of(kind: type) -> list[str]:
    """The fields of a form that hold one text."""
    return [field.name for field in fields(kind) if field.type == "str"]


ENTITY_TEXTS = [name for name in texts_of(Entity) if name != "icp_number"]
PERSON_TEXTS = [name for name in texts_of(Person) if name != "language"]
SERVICE_TEXTS = [name for name in texts_of(Service) if name != "icp_number"]


def with_service(filing: Filing, position: int, **changes: object) -> Filing:
    """The filing with one service changed."""
    services = tuple(
        replace(one, **changes) if one.position == position else one for one in filing.services
    )
    return replace(filing, services=services)


def test_nothing_differs_from_itself() -> None:
    assert differences(CHANGE, CHANGE) == []
    unchanged = only_changed(CHANGE, CHANGE)
    assert (unchanged.changes, unchanged.services) == (frozenset(), ())


@pytest.mark.parametrize("name", ENTITY_TEXTS)
def test_each_answer_of_the_entity_is_a_difference(name: str) -> None:
    new = replace(CHANGE, entity=replace(CHANGE.entity, **{name: "new"}))
    (found,) = differences(CHANGE, new)
    old = getattr(CHANGE.entity, name)
    assert (found.field, found.old, found.new, found.service) == (
        f"entity-{name}",
        old,
        "new",
        None,
    )
    handed_over = only_changed(CHANGE, new)
    assert handed_over.changes == {"remarks" if name == "remarks" else "entity"}
    assert handed_over.services == ()
    assert handed_over.entity == new.entity


@pytest.mark.parametrize("name", PERSON_TEXTS)
def test_each_answer_of_a_leader_is_a_difference(name: str) -> None:
    new = replace(CHANGE, entity_leader=replace(CHANGE.entity_leader, **{name: "new"}))
    assert [one.field for one in differences(CHANGE, new)] == [f"entity_leader-{name}"]
    assert only_changed(CHANGE, new).changes == {"entity"}
    leader = replace(OTHER, **{name: "new"})
    new = with_service(CHANGE, 2, leader=leader)
    (found,) = differences(CHANGE, new)
    assert (found.field, found.service) == (f"website_leader-{name}", 2)
    assert only_changed(CHANGE, new).changes == {"service"}


@pytest.mark.parametrize("name", SERVICE_TEXTS)
def test_each_answer_of_a_service_is_a_difference_of_that_service_alone(name: str) -> None:
    new = with_service(CHANGE, 2, **{name: "new"})
    (found,) = differences(CHANGE, new)
    assert (found.field, found.new, found.service) == (f"service-{name}", "new", 2)
    handed_over = only_changed(CHANGE, new)
    assert handed_over.changes == {"remarks" if name == "remarks" else "service"}
    assert [one.position for one in handed_over.services] == [2]


def test_remarks_beside_something_else_are_no_change_of_remarks() -> None:
    new = with_service(CHANGE, 1, remarks="new")
    new = replace(new, entity=replace(new.entity, name="new"))
    handed_over = only_changed(CHANGE, new)
    assert handed_over.changes == {"entity"}
    assert [one.position for one in handed_over.services] == [1]


def test_a_number_a_position_and_a_language_are_no_answers() -> None:
    new = replace(
        CHANGE,
        entity=replace(CHANGE.entity, icp_number="浙ICP备2026000009号"),
        entity_leader=replace(CHANGE.entity_leader, language="zh_Hans_CN"),
    )
    moved = tuple(replace(one, position=one.position + 5) for one in new.services)
    assert differences(CHANGE, replace(new, services=moved)) == []


def test_services_are_matched_by_number_then_by_place() -> None:
    first, second = CHANGE.services
    turned = replace(CHANGE, services=(replace(second, position=1), replace(first, position=2)))
    assert differences(CHANGE, turned) == []
    unnumbered = replace(CHANGE, services=tuple(replace(s, icp_number="") for s in CHANGE.services))
    new = with_service(unnumbered, 2, name="new")
    assert [(d.field, d.service) for d in differences(unnumbered, new)] == [("service-name", 2)]


def test_a_service_that_was_not_there_differs_in_all_it_says() -> None:
    fields_ = {one.field for one in differences(replace(CHANGE, services=()), CHANGE)}
    assert {"service-name", "service-domain", "website_leader-mobile"} <= fields_


@given(name=TEXTS, remarks=st.text(max_size=5), mobile=TEXTS, born=st.dates() | st.none())
def test_every_filing_reads_back_equal_from_json(
    name: str, remarks: str, mobile: str, born: date | None
) -> None:
    leader = replace(LEADER, mobile=mobile, valid_from=born, valid_to=born)
    filing = replace(
        with_service(CHANGE, 2, name=name, leader=leader, languages=("zh", "en")),
        entity=replace(CHANGE.entity, remarks=remarks),
        entity_leader=leader,
        changes=frozenset({"service", "entity"}),
    )
    assert from_json(to_json(filing)) == filing
    assert to_json(filing)["changes"] == ["entity", "service"]
    assert to_json(from_json(to_json(filing))) == to_json(filing)


EDITS = {
    "entity": lambda f: replace(f, entity=replace(f.entity, remarks="new")),
    "entity_leader": lambda f: replace(f, entity_leader=replace(f.entity_leader, email="new")),
    "services": lambda f: with_service(f, 1, remarks="new"),
}


@pytest.mark.parametrize(("filing_type", "part"), list(product(FilingType, EDITS)))
def test_only_the_parts_a_type_asks_for_can_be_edited(filing_type: FilingType, part: str) -> None:
    before = replace(CHANGE, type=filing_type)
    after = EDITS[part](before)
    refuse_edit(before, before)
    if getattr(sections_of(filing_type.value), part) is Mode.EDITED:
        refuse_edit(before, after)
        return
    with pytest.raises(Refusal, match="leaves that as it is filed"):
        refuse_edit(before, after)


@pytest.mark.parametrize("filing_type", FilingType)
def test_services_are_added_only_where_they_are_filed_anew(filing_type: FilingType) -> None:
    before = replace(CHANGE, type=filing_type)
    fewer = replace(before, services=before.services[:1])
    if filing_type in (FilingType.FIRST_FILING, FilingType.ADD_SERVICE):
        refuse_edit(before, fewer)
        return
    with pytest.raises(Refusal, match=r"chosen when it was started|leaves that as it is filed"):
        refuse_edit(before, fewer)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("entity", "name"),
        ("entity", "nature"),
        ("entity", "certificate_type"),
        ("entity", "certificate_number"),
        ("entity", "province"),
        ("service", "name"),
        ("service", "domain"),
    ],
)
def test_what_the_ministry_shows_of_a_service_filed_elsewhere_stands(part: str, name: str) -> None:
    before = replace(CHANGE, type=FilingType.ADD_PROVIDER)
    if part == "entity":
        after = replace(before, entity=replace(before.entity, **{name: "new"}))
    else:
        after = with_service(before, 2, **{name: "new"})
    with pytest.raises(Refusal, match="leaves that as it is filed"):
        refuse_edit(before, after)
    change = FilingType.CHANGE
    refuse_edit(replace(before, type=change), replace(after, type=change))


@pytest.mark.parametrize(
    ("filing_type", "first"),
    [
        ("first-filing", "entity"),
        ("add-service", "services"),
        ("add-provider", "entity"),
        ("change", "entity"),
        ("cancel-entity", "check"),
        ("cancel-service", "check"),
        ("cancel-access", "check"),
    ],
)
def test_an_order_opens_with_the_first_step_that_asks(filing_type: str, first: str) -> None:
    assert sections_of(filing_type).first == first


def test_cancellations_that_are_verified_let_mobiles_be_corrected() -> None:
    can = {filing_type.value for filing_type, line in SECTIONS.items() if line.mobiles}
    assert can == {"cancel-entity", "cancel-service"}


@pytest.mark.parametrize(("one", "other"), list(product(FilingType, FilingType)))
@pytest.mark.parametrize("same_service", [True, False])
def test_which_orders_of_an_entity_run_at_once(
    one: FilingType, other: FilingType, same_service: bool
) -> None:
    alone = {"first-filing", "cancel-entity"}
    single = {"change", "add-service"}
    if {one, other} & alone:
        excluded = True
    elif {one, other} & single:
        excluded = one is other
    else:
        excluded = same_service
    theirs = frozenset({"1"}) if same_service else frozenset({"2"})
    assert in_the_way(Running(one, frozenset({"1"})), Running(other, theirs)) is excluded
