"""Checks of an order as a whole: its parts, its services together, the book's questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from console.rules.bilingual import Bilingual
from console.rules.checks import EMPTY_SHELL, MOBILE_CHANGED, check_filing
from console.rules.checks.finding import GUIDES
from console.rules.filing import FilingType
from console.rules.rulebook import load_books
from tests.rules.makers import APP, FILED, FILING, LEADER, TODAY, WEBSITE, filed, the_only, told


def test_an_order_needs_a_service_unless_it_cancels_the_entity():
    for kind in FilingType:
        found = told(check_filing(filed(kind, services=(), changes=frozenset({"entity"})), TODAY))
        expected = kind not in (FilingType.CANCEL_ENTITY, FilingType.CHANGE)
        assert (("filing-services", "refuse") in found) is expected
    change = filed(FilingType.CHANGE, services=(), changes=frozenset({"service"}))
    assert told(check_filing(change, TODAY)) == {("filing-services", "refuse")}


def test_a_change_of_nothing_is_refused():
    found = check_filing(filed(FilingType.CHANGE), TODAY)
    assert told(found) == {("filing-changes", "refuse")}


def test_a_change_looks_at_what_changes_only():
    faulty = filed(FilingType.CHANGE, entity=replace(FILED.entity, city=""),
                   services=(replace(FILED.services[0], name=""),))  # fmt: skip
    for changes, field in (("entity", "entity-city"), ("service", "service-name")):
        found = check_filing(replace(faulty, changes=frozenset({changes})), TODAY)
        assert told(found) == {(field, "refuse")}
    assert check_filing(replace(faulty, changes=frozenset({"remarks"})), TODAY) == []


def test_a_change_of_services_looks_at_the_entity_leader_s_number_and_certificate_alone():
    leader = replace(LEADER, mobile="1", email="", valid_to=date(2020, 1, 1))
    order = filed(FilingType.CHANGE, changes=frozenset({"service"}), entity_leader=leader)
    assert told(check_filing(order, TODAY)) == {("entity_leader-mobile", "refuse")}


def test_a_fault_of_the_entity_leader_is_told_at_that_form():
    order = replace(FILING, entity_leader=replace(LEADER, email=""))
    assert told(check_filing(order, TODAY)) == {("entity_leader-email", "refuse")}


def test_each_service_that_is_filed_already_is_asked_for_its_number():
    services = (WEBSITE, replace(WEBSITE, position=2, domain="example.com", home_address="",
                                 same_as_entity_leader=True))  # fmt: skip
    found = check_filing(filed(FilingType.ADD_PROVIDER, services=services), TODAY)
    assert [(f.field, f.service) for f in found] == [
        ("service-icp_number", 1),
        ("service-icp_number", 2),
        ("service-home_address", 2),
    ]


def test_two_services_cannot_have_one_domain():
    other = replace(WEBSITE, position=2, domain="EXAMPLE.cn")
    found = the_only(check_filing(replace(FILING, services=(WEBSITE, other)), TODAY))
    assert (found.field, found.severity, found.service) == ("service-domain", "refuse", 2)
    assert "Another service of this order has the same domain" in str(found.message)
    assert found.source is GUIDES


def test_services_without_a_domain_hide_no_double():
    blank = replace(WEBSITE, domain="")
    services = (blank, *(replace(WEBSITE, position=position) for position in (2, 3, 4)))
    found = check_filing(replace(FILING, services=services), TODAY)
    twice = [f.service for f in found if "same domain" in str(f.message)]
    assert twice == [3, 4]


@pytest.mark.parametrize("name", ["aliyun-2018", "jdcloud-2019", "jdcloud-2020"])
def test_an_older_book_refuses_an_app_and_names_itself(name):
    order = replace(FILING, services=(WEBSITE, APP))
    found = check_filing(order, TODAY, load_books()[name])
    title = load_books()[name].title
    assert [(f.field, f.source) for f in found] == [("filing-services", title)]
    assert name in str(found[0].message)
    assert check_filing(order, TODAY, load_books()["aliyun-current"]) == []


@pytest.mark.parametrize("name", ["aliyun-2018", "jdcloud-2019", "jdcloud-2020"])
def test_adding_a_provider_asks_both_questions_and_answers_with_the_book_s_advice(name):
    book = load_books()[name]
    assert book.add_provider is not None
    order = filed(FilingType.ADD_PROVIDER)
    asked = {(f"answers-{MOBILE_CHANGED}", "refuse"), (f"answers-{EMPTY_SHELL}", "refuse")}
    assert told(check_filing(order, TODAY, book)) == asked
    fine = replace(order, answers=((MOBILE_CHANGED, False), (EMPTY_SHELL, False)))
    assert check_filing(fine, TODAY, book) == []
    shell = replace(order, answers=((MOBILE_CHANGED, True), (EMPTY_SHELL, True)))
    messages = [finding.message for finding in check_filing(shell, TODAY, book)]
    assert messages == [book.add_provider.changed_mobile, book.add_provider.empty_shell]
    assert all(isinstance(message, Bilingual) for message in messages)
    assert {f.source for f in check_filing(shell, TODAY, book)} == {book.title}


@pytest.mark.parametrize(
    ("mobile_changed", "empty_shell", "refused"),
    [
        (True, True, {MOBILE_CHANGED, EMPTY_SHELL}),
        (True, False, {MOBILE_CHANGED}),
        (False, True, set()),  # nothing has to be changed at a provider that is not there
        (True, None, {MOBILE_CHANGED, EMPTY_SHELL}),
        (False, None, {EMPTY_SHELL}),
    ],
)
def test_an_empty_shell_is_in_the_way_of_a_changed_mobile_alone(
    mobile_changed, empty_shell, refused
):
    given = ((MOBILE_CHANGED, mobile_changed), (EMPTY_SHELL, empty_shell))
    answers = tuple((name, answer) for name, answer in given if answer is not None)
    order = filed(FilingType.ADD_PROVIDER, answers=answers)
    found = told(check_filing(order, TODAY, load_books()["jdcloud-2020"]))
    assert found == {(f"answers-{name}", "refuse") for name in refused}


def test_aliyun_current_asks_nothing_when_a_provider_is_added():
    book = load_books()["aliyun-current"]
    assert check_filing(filed(FilingType.ADD_PROVIDER), TODAY, book) == []
