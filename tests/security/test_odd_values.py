"""SECURITY 30, 44, 52, 56: what no database keeps and no form is: refused, and no fault of ours."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.security.kit import rude, state_of
from tests.support.people import People
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Stage as Case

NUL, HUGE = "a%00b", "9" * 30
WHERE = {
    "owner": ["/orders?q={}&state={}&before={}&page={}", "/orders/{}", "/orders/{}/edit/entity",
              "/orders/NUMBER/materials/{}", "/orders/NUMBER/edit/services/{}",
              "/rulebooks?book={}", "/status/{}"],
    "reviewer": ["/review?q={}&state={}&province={}&after={}&before={}&page={}", "/review/{}",
                 "/review/list?q={}&state={}&page={}", "/review/ledger?state={}&page={}",
                 "/review/NUMBER/materials/{}", "/miit/phone?line={}&page={}", "/miit/desk/{}"],
    "administrator": ["/admin/audit?who={}&action={}&from={}&to={}&page={}&order={}"],
}  # fmt: skip


@both_databases
def test_odd_values_in_an_address_are_answered_without_a_fault(
    app: Flask, people: People, in_review: Case
) -> None:
    for who, templates in WHERE.items():
        client = people.client(who)
        client.lint = False
        for template in templates:
            for odd in (NUL, HUGE, "-1", "%ff"):
                path = template.replace("NUMBER", in_review.number).replace("{}", odd)
                assert client.get(path).status_code < 500, path


@both_databases
def test_odd_values_in_a_form_change_nothing_and_are_no_fault(
    app: Flask, people: People, in_review: Case
) -> None:
    number = in_review.number
    forms = {
        "owner": [f"/orders/{number}/verifiers/x/mobile", "/notices/{}/open", "/orders/new",
                  f"/orders/{number}/edit/services/{{}}/remove"],
        "reviewer": [f"/review/{number}/return", f"/review/{number}/hand-on",
                     f"/review/{number}/notes"],
        "administrator": ["/admin/staff", "/admin/staff/{}/disable"],
    }  # fmt: skip
    fields = ("email", "name", "mobile", "type", "websites", "key", "reasons", "note", "text",
              "colleague", "revision", "role")  # fmt: skip
    for who in forms:
        people.client(who)
    before = state_of(app)["orders"]
    for who, paths in forms.items():
        client = people.client(who)
        client.lint = False
        for path in paths:
            for odd in ("a\x00b", HUGE):
                data = {"csrf_token": client.token(), **dict.fromkeys(fields, odd)}
                target = path.replace("{}", HUGE)
                assert client.post(target, data=data).status_code < 500, (target, odd)
    assert state_of(app)["orders"] == before


NO_FORMS = {
    "application/json": (b'{"email": {"a": 1}, "password": [2]}', b"[1]", b'"x"', b"[" * 99_999),
    "application/x+json": (b'{"email": 1, "mobile": 2, "code": 3}', b'{"email": "\\ud800"}'),
    "text/plain": (b"email=a", b"\xff\xfe"),
    "multipart/form-data; boundary=a": (b"\xff\xfe", b"--a\r\n\xff\r\n--a--"),
    "multipart/form-data": (b"--a\r\n",),
}


@pytest.mark.parametrize("content_type", NO_FORMS)
def test_52_what_is_no_form_is_refused(
    app: Flask, people: People, in_review: Case, content_type: str
) -> None:
    owner, nobody = people.client("owner"), rude(app)
    owner.lint = False
    number = in_review.number
    nobody.get("/login")
    paths = {
        owner: [f"/orders/{number}/submit", f"/orders/{number}/edit/entity", "/orders/new"],
        nobody: ["/login", "/register", "/recover", "/miit/verify", "/miit/resend"],
    }
    for client in paths:
        headers = {"X-CSRFToken": client.token()}
        for path in paths[client]:
            for body in NO_FORMS[content_type]:
                answer = client.post(path, data=body, content_type=content_type, headers=headers)
                assert answer.status_code < 500, (path, body[:20])
                assert answer.status_code >= 400 or "json" not in content_type, (path, body[:20])
