"""The applicant's list: what is theirs, whose turn, by when, page by page."""

from __future__ import annotations

import re

from flask import Flask

from console.queries.own_orders import own_orders
from console.rules.filing import FilingType
from console.services.starting import start
from console.web.order_rows import cursor, read_cursor
from tests.support.clocks import Clock
from tests.support.driving import Drive
from tests.support.filings import entity_form, valid_filing
from tests.support.people import People
from tests.web.filling.desk import Applicant, words

CHINESE = {"Accept-Language": "zh-CN"}


def test_an_empty_list_teaches_and_offers_a_start(people: People) -> None:
    page = people.client("owner").get("/orders")
    assert 'href="/orders/new"' in page.text
    assert "needs an ICP number" in words(page)


def test_a_draft_says_whose_turn_it_is_and_when_it_lapses(owner: Applicant) -> None:
    page = owner.client.get("/orders")
    assert f'data-order="{owner.number}" data-state="draft"' in page.text
    assert "Your turn: complete the filing" in words(page)
    assert "Lapses unless something is done" in words(page)
    assert f'href="/orders/{owner.number}/edit"' in page.text


def test_an_order_in_review_is_the_providers_turn(owner: Applicant) -> None:
    owner.fill(valid_filing(1))
    owner.act("submit")
    page = owner.client.get("/orders")
    assert "It is the provider's turn" in words(page)
    assert valid_filing(1).services[0].domain in words(page)
    assert "Answer expected by" in words(page)


def test_nobody_sees_anothers_orders(owner: Applicant, people: People) -> None:
    assert owner.number not in people.client("other").get("/orders").text


def test_the_list_goes_page_by_page_and_shows_each_order_once(
    app: Flask, people: People, clock: Clock
) -> None:
    made = []
    with app.app_context():
        for _ in range(45):
            clock.move(minutes=1)
            made.append(start(people.owner.actor, FilingType.FIRST_FILING))
    client, path, seen = people.client("owner"), "/orders", []
    while path:
        page = client.get(path).text
        seen += re.findall(r'data-order="([^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1] if older else ""
    assert seen == made[::-1]


def test_what_runs_out_soonest_is_on_top_and_the_rest_by_last_change(
    app: Flask, people: People, clock: Clock, drive: Drive
) -> None:
    """By when: verifying later, verifying sooner, a lapse in six days; two that only lie there."""
    lapsing = drive.draft(valid_filing(1))
    clock.move(days=38, hours=23)
    lying = drive.draft(valid_filing(2))
    sooner = drive.approve(drive.draft(valid_filing(3)))
    clock.move(hours=1)
    later = drive.approve(drive.draft(valid_filing(4)))
    touched = drive.draft(valid_filing(5))
    wanted = [sooner, later, lapsing, touched, lying]
    with app.app_context():
        owner = people.owner.id
        for most in (1, 2, 3, 9):
            seen, place = [], None
            while True:
                found = own_orders(owner, clock.now, place, most)
                seen += [row.number for row in found.rows]
                place = read_cursor(cursor(found.next) or "")
                if place is None:
                    break
            assert seen == wanted, most
    page = people.client("owner").get("/orders").text
    assert re.findall(r'data-order="([^"]+)"', page) == wanted


def test_a_place_that_was_made_up_shows_the_top(owner: Applicant) -> None:
    for place in ("x", "20260231T000000000000-1", "20260101T000000000000-99999999999999", "%00"):
        assert owner.number in owner.client.get(f"/orders?before={place}").text


def test_a_place_past_the_end_leads_back(owner: Applicant) -> None:
    page = owner.client.get("/orders?before=20000101T000000000000-1")
    assert "No older orders" in words(page)


def test_every_step_opens_in_chinese_too(owner: Applicant) -> None:
    owner.fill(valid_filing(1, two_people=True))
    for path in ("entity", "services", "services/1", "materials", "check"):
        page = owner.client.get(owner.path(path), headers=CHINESE)
        assert page.status_code == 200
        assert 'lang="zh-Hans"' in page.text
    assert "浙江" in owner.client.get(owner.path("check"), headers=CHINESE).text
    assert "阿里云" in owner.client.get(owner.path("check"), headers=CHINESE).text


def test_an_order_without_a_site_goes_by_its_unit_and_never_by_a_person(owner: Applicant) -> None:
    entity = entity_form(valid_filing(1))
    owner.send("entity/later", entity)
    assert owner.order().label == entity["entity-name"]
    owner.send("entity/later", {**entity, "entity-nature": "individual", "entity-name": "陈晓岚"})
    assert owner.order().label == ""
