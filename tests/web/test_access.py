"""Default deny: whatever is not on the public list refuses people who are not signed in."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import Rule

from console.web.access import PUBLIC, is_public
from tests.support.people import People

# What DESIGN-level pages anyone may open; the list in the code must not grow beyond it unnoticed.
MEANT_FOR_ANYONE = {
    "/",
    "/login",
    "/logout",
    "/register",
    "/register/sent",
    "/second-factor",
    "/recover",
    "/recover/sent",
    "/recover/<token>",
    "/confirm/<token>",
    "/language",
    "/rulebooks",
    "/rulebooks/who",
    "/rulebooks/messages",
    "/healthz",
    "/readyz",
    "/metrics",
    "/outbox",
    "/status/<token>",
    "/status/<token>/checklist",
    "/status/<token>/confirm",
    "/status/<token>/language",
    "/status/<token>/wrong-person",
    "/status/<token>/qr.svg",
    "/status/<token>/deadline.ics",
    "/static/<path:filename>",
    "/bootstrap/static/<path:filename>",
}


def filled(rule: Rule) -> str:
    """A path that the rule matches."""
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
    path = re.sub(r"<int(?:\([^)]*\))?:\w+>", "1", path)
    return re.sub(r"<[^>]+>", "x", path)


def test_the_public_list_is_what_is_meant_for_anyone() -> None:
    assert PUBLIC == MEANT_FOR_ANYONE


def test_every_other_rule_refuses_a_stranger(app: Flask, people: People) -> None:
    client = people.client("nobody")
    tried = 0
    for rule in app.url_map.iter_rules():
        if is_public(rule.rule):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            data = {"csrf_token": client.token()} if method != "GET" else None
            answer = client.open(filled(rule), method=method, data=data)
            assert answer.status_code == 303, f"{method} {rule.rule}"
            assert answer.headers["Location"].startswith("/login"), f"{method} {rule.rule}"
            tried += 1
    assert tried


def test_htmx_is_told_to_sign_in_by_a_header_and_gets_nothing_to_swap(people: People) -> None:
    answer = people.client("nobody").get(
        "/account",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/orders/7?x=1"},
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/orders/7?x%3D1"
    assert answer.data == b""


def test_coming_back_after_signing_in_keeps_the_query(people: People) -> None:
    answer = people.client("nobody").get("/account?a=1&b=/x")
    assert answer.headers["Location"] == "/login?next=/account?a%3D1%26b%3D/x"


def test_a_form_without_its_token_changes_nothing(people: People) -> None:
    client = people.client("owner")
    assert client.post("/logout").status_code == 400
    assert client.get("/").status_code == 303


def test_a_token_of_another_session_is_refused(people: People) -> None:
    token = people.client("other").token()
    answer = people.client("owner").post("/logout", data={"csrf_token": token})
    assert answer.status_code == 400


def test_what_another_site_sends_is_refused_even_with_a_token(people: People) -> None:
    client = people.client("owner")
    for site in ("cross-site", "same-site"):
        answer = client.submit("/logout", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert client.get("/").status_code == 303


def test_htmx_may_send_the_token_as_a_header(people: People) -> None:
    client = people.client("owner")
    answer = client.post("/logout", headers={"X-CSRFToken": client.token()})
    assert answer.status_code == 303
