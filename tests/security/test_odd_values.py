"""SECURITY 30, 44, 56: values that a database cannot keep are refused, and are no fault of ours."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.security.kit import state_of
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


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=a"]
)
def test_what_is_no_form_is_refused(people: People, in_review: Case, content_type: str) -> None:
    client = people.client("owner")
    client.lint = False
    headers = {"X-CSRFToken": client.token()}
    for body in (b'{"email": []}', b"\xff\xfe", b"--a\r\n\xff\r\n--a--"):
        for path in (f"/orders/{in_review.number}/submit", "/orders/new", "/language"):
            answer = client.post(path, data=body, content_type=content_type, headers=headers)
            assert answer.status_code < 500, (path, body)
