"""Why someone must verify, and why nobody must."""

from __future__ import annotations

from datetime import date

import pytest

from console.rules.explain import occasion, why, why_none
from console.rules.filing import FilingType
from console.rules.rulebook import load_books
from console.rules.verifiers import who_must_verify
from tests.rules.test_who_must_verify import ROWS, facts


@pytest.mark.parametrize(("kind", "services", "changes"), list(ROWS))
def test_every_row_has_an_occasion_of_its_own_words(kind, services, changes):
    assert str(occasion(facts(kind, services, changes)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("entity", "information about the entity changes"),
        ("service", "information about a website or app changes"),
        ("entity service", "information about the entity and about a website or app changes"),
        ("remarks", "only remarks change"),
    ],
)
def test_a_change_is_told_by_what_changes(changes, words):
    assert str(occasion(facts("change", changes=changes))) == words


@pytest.mark.parametrize(
    ("kind", "services", "words"),
    [
        ("first-filing", "website", "a website is filed"),
        ("first-filing", "app app", "an app is filed"),
        ("first-filing", "website app", "a website and an app are filed"),
        ("add-service", "website website", "a website is added"),
        ("add-service", "app", "an app is added"),
        ("add-service", "app website", "a website and an app are added"),
    ],
)
def test_what_is_filed_or_added_is_told_by_its_kind(kind, services, words):
    assert str(occasion(facts(kind, services))) == words


def test_rows_that_differ_in_who_must_verify_differ_in_words():
    said = {str(occasion(facts(kind))) for kind in FilingType if kind != "change"}
    assert len(said) == 6


@pytest.mark.parametrize(
    ("same", "index", "words"),
    [
        (False, 0, "The entity leader must verify because a website is filed"),
        (False, 1, "The leader of website or app 1 must verify because a website is filed"),
        (True, 0, "one code is enough for both roles"),
    ],
)
def test_each_verifier_is_told_why(same, index, words):
    book, order = load_books()["jdcloud-2020"], facts(same=same)
    assert words in str(why(book, order, who_must_verify(book, order)[index]))


def test_who_leads_several_is_told_all_their_numbers():
    book = load_books()["jdcloud-2020"]
    order = facts(services="website website website", leaders=["a", "b", "a"])
    assert "website or app 1, 3 must" in str(why(book, order, who_must_verify(book, order)[1]))


@pytest.mark.parametrize(
    ("name", "order", "words"),
    [
        (None, facts(), "no rulebook was in force on 2026-11-21"),
        ("aliyun-2018", facts(province="??"), "is not in force in ??"),
        ("jdcloud-2019", facts("cancel-entity"), "names for this: Entity leader"),
        ("aliyun-2018", facts(province="BJ"), "is not in force in Beijing"),
        ("aliyun-2018", facts(day=date(2018, 1, 1)), "in Zhejiang verification began on 2018-09"),
        ("aliyun-current", facts("cancel-access"), "this provider is taken off a filing"),
        ("aliyun-current", facts("change", changes="remarks"), "only remarks change"),
        ("jdcloud-2019", facts("cancel-entity"), "for the time being"),
        ("jdcloud-2019", facts("cancel-access"), "Website leader"),
    ],
)
def test_nobody_having_to_verify_has_a_reason(name, order, words):
    book = load_books()[name] if name else None
    assert who_must_verify(book, order) == ()
    assert words in str(why_none(book, order))
