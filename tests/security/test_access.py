"""SECURITY 24-26, 29-31: who may do what, from outside."""

from __future__ import annotations

import re

from flask import Flask

from tests.security.kit import TOKEN, path_of, rude, rules, scalar, state_of, stripped
from tests.support.filings import entity_form, valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Hands
from tests.web.pages.conftest import Stage as Case

# What answers people who are not signed in. A new rule that is not meant for anyone is not here,
# and the test of 25 fails by itself until it refuses strangers.
FOR_ANYONE = re.compile(
    r"/(login|logout|register|language|rulebooks|rulebooks/who|rulebooks/messages|healthz|readyz"
    r"|metrics|outbox|confirm/<token>|recover.*|register/sent|second-factor|status/<token>.*|static/<path:filename>|bootstrap/static/<path:filename>|miit/.*)?"
)


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
    assert state_of(app) | {"events": ""} == before | {"events": ""}  # it is put on record alone


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


def test_29_over_https_a_form_comes_from_a_page_here(production: Flask) -> None:
    client, here = rude(production), "https://console.example.cn"
    token = TOKEN.search(client.get("/login", base_url=here).text)
    assert token
    for referrer, status in {
        f"{here}/login": 303,
        "": 400,
        "https://evil.example/": 400,
        f"{here}:443.evil/": 400,
        "https://[console": 400,
    }.items():
        answer = client.post(
            "/language",
            base_url=here,
            data={"csrf_token": token[1], "language": "en"},
            headers={"Referer": referrer},
        )
        assert answer.status_code == status, referrer


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
