"""SECURITY 24-31: who may do what, from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from console.rules.lifecycle import State
from console.services import drafts
from tests.security.kit import rude, scalar, state_of, stripped
from tests.support.clocks import Clock
from tests.support.filings import entity_form, valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands, returned_by_reviewer
from tests.web.pages.conftest import Stage as Case

# What answers people who are not signed in. A new rule that is not meant for anyone is not here,
# and the test of 25 fails by itself until it refuses strangers.
FOR_ANYONE = re.compile(
    r"/(login|logout|register|language|rulebooks|rulebooks/who|rulebooks/messages|healthz|readyz"
    r"|metrics|outbox|confirm/<token>|recover.*|register/sent|second-factor|status/<token>.*|static/<path:filename>|bootstrap/static/<path:filename>|miit/.*)?"
)
TRAIL = {"events"}  # views of personal data are put on record


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every rule of the URL map that takes a method."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()):
            yield rule


def path_of(rule: Rule, **known: str) -> str:
    """A path that the rule matches, with what is known about its parts."""
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
    path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda m: known.get(m[1], "1"), path)
    return path


NO_ORDER = "20200101-222222"


def test_24_a_foreign_order_answers_as_one_that_does_not_exist(
    app: Flask, people: People, verifying: Case
) -> None:
    other, tried = people.client("other"), 0
    other.lint = False
    other.token()  # the session's cookie is set anew once, by whatever page comes first
    before = state_of(app)
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if not rule.rule.startswith("/orders/<number>"):
                continue
            answers = []
            for number in (verifying.number, NO_ORDER):
                path = path_of(rule, number=number)
                answer = other.get(path) if method == "GET" else other.submit(path)
                body = stripped(answer).replace(number.encode(), b"")
                answers.append((answer.status_code, sorted(answer.headers.keys()), body))
            assert answers[0] == answers[1], rule.rule
            assert answers[0][0] == 404, rule.rule
            tried += 1
    assert tried > 20
    assert state_of(app) == before


def test_25_every_rule_that_is_not_public_refuses_strangers(
    app: Flask, people: People, verifying: Case
) -> None:
    nobody, tried = rude(app), 0
    token = nobody.token()
    before = state_of(app)
    for rule in app.url_map.iter_rules():
        if FOR_ANYONE.fullmatch(rule.rule):
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            path = path_of(rule, number=verifying.number)
            data = {"csrf_token": token} if method == "POST" else None
            answer = nobody.open(path, method=method, data=data)
            assert answer.status_code == 303, (method, rule.rule)
            assert answer.headers["Location"].startswith("/login"), (method, rule.rule)
            htmx = nobody.open(path, method=method, data=data, headers={"HX-Request": "true"})
            assert (htmx.status_code, htmx.data) == (401, b""), (method, rule.rule)
            tried += 1
    assert tried > 60
    assert state_of(app) == before


STUFFED = {
    "status": "accepted",
    "state": "accepted",
    "provider_id": "9",
    "reviewer_id": "1",
    "applicant_id": "1",
    "claimed_by_id": "1",
    "attempts": "0",
    "tries_used": "0",
    "id": "1",
    "round": "7",
    "number": "20200101-AAAAAA",
    "approved_round": "1",
    "icp_numbers": "浙ICP备1号",
    "entity-icp_number": "浙ICP备1号",
    "entity_id": "1",
    "role": "administrator",
    "roles": "administrator",
    "active": "0",
}


def test_26_extra_fields_change_nothing(app: Flask, people: People, drive: Hands) -> None:
    client = people.client("owner")
    filing = valid_filing(3)
    started = client.submit("/orders/new", {"type": "first-filing", "websites": "1", **STUFFED})
    number = started.headers["Location"].split("/")[2]
    order = drive.order(number)
    form = {**entity_form(filing), **STUFFED, "revision": str(order.revision)}
    assert client.submit(f"/orders/{number}/edit/entity", form).status_code == 303
    order = drive.order(number)
    assert number != STUFFED["number"]
    assert (order.state, order.round, order.approved_round) == ("draft", 0, None)
    assert (order.applicant_id, order.claimed_by_id) == (people.owner.id, None)
    assert (order.entity_id, order.icp_numbers) == (None, [])
    assert order.content["entity"]["icp_number"] == ""
    assert scalar(app, "SELECT count(*) FROM roles WHERE name = 'administrator'") == 0
    assert scalar(app, "SELECT count(*) FROM orders") == 1


APPLICANTS = ("submit", "resubmit-unmodified", "withdraw", "discard")
REVIEWERS = ("approve", "return", "claim", "release")
ALLOWED = {
    State.DRAFT: {"submit", "discard"},
    State.RETURNED: {"submit", "discard"},
    State.IN_REVIEW: {"withdraw", "claim", "approve", "return", "release"},
    State.APPROVED: {"withdraw"},
    State.VERIFYING: {"withdraw"},
}


@pytest.fixture
def everywhere(drive: Hands, clock: Clock) -> dict[State, str]:
    """One order in each of the nine states."""
    drafts_ = [drive.draft(valid_filing(n)) for n in range(1, 10)]
    found = dict(zip(State, drafts_, strict=True))
    found[State.LAPSED], found[State.DRAFT] = found[State.DRAFT], found[State.LAPSED]
    clock.move(days=40)
    for state, number in found.items():
        if state not in (State.LAPSED, State.DRAFT):
            drive.submit(number)
    drive.do(drafts.discard, drive.applicant, drive.draft(valid_filing(20)))
    case = Case(drive, found[State.RETURNED], valid_filing(1))
    returned_by_reviewer(case, ["phone"])
    drive.accept(found[State.ACCEPTED])
    drive.approve(found[State.VERIFYING])
    drive.approve(found[State.ADMINISTRATION_REVIEW])
    drive.verify_all(found[State.ADMINISTRATION_REVIEW])
    drive.do(drive_withdraw, drive, found[State.CANCELLED])
    from console.services import review

    drive.do(review.claim, drive.reviewer, found[State.APPROVED])
    drive.do(review.approve, drive.reviewer, found[State.APPROVED])
    fresh = found[State.DRAFT]
    order = drive.order(fresh)
    filing = valid_filing(30)
    drive.do(
        drafts.save_entity, drive.applicant, fresh, order.revision, filing.entity,
        filing.entity_leader,
    )  # fmt: skip
    clock.move(days=5, hours=1)
    from console.services import upkeep

    drive.do(upkeep.lapse_due, State.DRAFT)
    for state, number in found.items():
        assert drive.order(number).state == state.value
    return found


def drive_withdraw(drive: Any, number: str) -> None:
    """Take an order back, then give it up."""
    from console.services import submission

    submission.withdraw(drive.applicant, number, drive.ministry.gateway)
    drafts.discard(drive.applicant, number)


def test_27_in_every_state_only_the_documented_actions_succeed(
    app: Flask, people: People, everywhere: dict[State, str]
) -> None:
    owner, reviewer = people.client("owner"), people.client("reviewer")
    owner.lint = reviewer.lint = False
    before = state_of(app)
    refused = 0
    for state, number in everywhere.items():
        for action in (*APPLICANTS, *REVIEWERS):
            if action in ALLOWED.get(state, set()):
                continue
            client, base = (owner, "orders") if action in APPLICANTS else (reviewer, "review")
            data = {"reasons": "phone"} if action == "return" else {}
            answer = client.submit(f"/{base}/{number}/{action}", data)
            repeated = answer.status_code == 303 and state in (
                State.IN_REVIEW,
                State.CANCELLED,
                State.APPROVED,
                State.VERIFYING,
            )  # sent twice: led to what it led to the first time
            hidden = state in (State.DRAFT, State.LAPSED) and base == "review"
            expected = 404 if hidden else 409
            assert repeated or answer.status_code in (expected, 422), (state, action, answer.status)
            assert state_of(app) == before, (state, action)
            refused += 1
    assert refused == 9 * 8 - sum(len(actions) for actions in ALLOWED.values())


def test_27_review_and_codes_cannot_be_skipped(app: Flask, people: People, in_review: Case) -> None:
    owner, reviewer = people.client("owner"), people.client("reviewer")
    before = state_of(app)
    for client, path in (
        (owner, f"/orders/{in_review.number}/resubmit-unmodified"),
        (owner, f"/orders/{in_review.number}/hand-over"),
        (owner, f"/orders/{in_review.number}/approve"),
        (owner, f"/review/{in_review.number}/approve"),
        (reviewer, f"/review/{in_review.number}/approve"),  # not claimed
        (reviewer, f"/review/{in_review.number}/accept"),
    ):
        assert client.submit(path).status_code in (403, 404, 409), path
    after = state_of(app)
    assert {table for table in after if after[table] != before[table]} <= TRAIL
    assert scalar(app, "SELECT count(*) FROM events WHERE action = 'approve'") == 0


def test_28_fetching_every_page_as_everyone_changes_nothing(
    app: Flask, people: People, everywhere: dict[State, str]
) -> None:
    clients = {
        who: people.client(who) for who in ("owner", "other", "reviewer", "administrator", "nobody")
    }
    before, fetched = state_of(app), 0
    reference = scalar(app, "SELECT reference FROM miit_orders LIMIT 1")
    for client in clients.values():
        client.lint = False
        for rule in rules(app, "GET"):
            for number in everywhere.values() if "<number>" in rule.rule else ["-"]:
                path = path_of(rule, number=number, reference=reference)
                assert client.get(path).status_code < 500, path
                fetched += 1
    after = state_of(app)
    assert {t for t in after if after[t] != before[t]} - TRAIL == set()
    assert fetched > 500


def test_29_no_form_is_taken_without_its_token_or_from_another_site(
    app: Flask, people: People, in_review: Case
) -> None:
    owner, reviewer, other = (people.client(who) for who in ("owner", "reviewer", "other"))
    stolen, own = other.token(), {"owner": owner.token(), "reviewer": reviewer.token()}
    before, tried = state_of(app), 0
    for who, client in (("owner", owner), ("reviewer", reviewer)):
        client.lint = False
        for rule in rules(app, "POST"):
            path = path_of(rule, number=in_review.number, reference="M-1", name="down")
            attacks: list[tuple[dict[str, str], dict[str, str]]] = [
                ({}, {}),
                ({"csrf_token": stolen}, {}),
                ({"csrf_token": own[who]}, {"Sec-Fetch-Site": "cross-site"}),
                ({"csrf_token": own[who]}, {"Sec-Fetch-Site": "same-site"}),
            ]
            for data, headers in attacks:
                answer = client.post(path, data=data, headers=headers)
                assert answer.status_code in (400, 403, 422), (rule.rule, data, headers)
                tried += 1
    assert tried > 200
    assert state_of(app) == before


def test_30_a_parameter_sent_twice_does_not_get_past_the_checks(
    app: Flask, people: People, drive: Hands, verifying: Case
) -> None:
    from werkzeug.datastructures import MultiDict

    client, filing = people.client("owner"), valid_filing(5)
    number = drive.draft(filing)
    revision = drive.revision(number)
    form = MultiDict(entity_form(filing))
    form.setlist("entity_leader-mobile", ["12345", "13800138000"])
    form.setlist("revision", [str(revision), "1"])
    path = f"/orders/{number}/edit/entity?entity_leader-mobile=13900139000&revision=1"
    assert client.submit(path, form).status_code == 422
    form.setlist("entity_leader-mobile", ["13800138000", "12345"])
    assert client.submit(path, form).status_code == 303
    assert drive.order(number).content["entity_leader"]["mobile"] == "13800138000"
    reviewer = people.client("reviewer")
    queue = reviewer.get("/review?state=verifying&state=draft&state=x")
    assert verifying.number in queue.text
    assert number not in queue.text
    portal = rude(app)
    twice = portal.submit(
        "/miit/verify",
        {"mobile": ["1", filing.entity_leader.mobile], "last_six": ["x"], "code": ["1", "2"]},
    )
    assert "no-record" in twice.text


def test_31_fragments_and_downloads_ask_the_same_as_their_page(
    app: Flask, people: People, verifying: Case
) -> None:
    number = verifying.number
    own = [
        f"/orders/{number}/checklist",
        f"/orders/{number}/edit/check",
        f"/orders/{number}/materials/1",
        f"/orders/{number}/materials/1/thumbnail",
    ]
    reviewers = [f"/review/{number}/materials/1"]
    wanted = {"other": 404, "reviewer": 403, "administrator": 403, "nobody": 303}
    for who, status in wanted.items():
        client = people.client(who)
        client.lint = False
        for path in own:
            for headers in ({}, {"HX-Request": "true"}):
                expected = 401 if who == "nobody" and headers else status
                assert client.get(path, headers=headers).status_code == expected, (who, path)
        for path in reviewers:
            expected = {"reviewer": 404, "nobody": 303}.get(who, 403)
            assert client.get(path).status_code == expected, (who, path)
    page = people.client("owner").get(f"/orders/{number}").text
    polled = re.search(r'hx-get="(/status/[^"]+)"', page)
    assert polled
    nobody = rude(app)
    assert nobody.get(polled[1]).status_code == 200
    assert nobody.get(polled[1][:-20] + "x/checklist").status_code == 404
    people.client("owner").submit("/logout")
    assert nobody.get(polled[1]).status_code == 404
