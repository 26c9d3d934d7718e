"""The list of pages is whole: a new page has to enter it."""

from __future__ import annotations

from flask import Flask

from console.demo.cast import COMPANIES
from tests.pages.every import EVERY, NO_PAGES
from tests.pages.furnishing import ORDERS, host_of


def answered_to_get(app: Flask) -> set[str]:
    """Every rule that answers GET."""
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}


def test_every_page_that_can_be_opened_is_on_the_list(app: Flask) -> None:
    listed = {page.rule for page in EVERY if page.rule}
    missing = answered_to_get(app) - listed - set(NO_PAGES)
    assert missing == set(), "put the new page on the list in tests/pages, in all its states"


def test_the_list_names_no_page_that_is_gone(app: Flask) -> None:
    named = {page.rule for page in EVERY if page.rule} | set(NO_PAGES)
    assert named - answered_to_get(app) == set()


def test_every_page_on_the_list_has_a_name_of_its_own() -> None:
    names = [page.name for page in EVERY]
    assert sorted(names) == sorted(set(names))


def test_the_orders_that_pages_are_about_are_found_in_the_demo() -> None:
    assert {host_of(company.domain) for company in COMPANIES} >= set(ORDERS.values())
