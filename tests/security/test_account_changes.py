"""Sessions of before a change, and the step between password and code, in an intruder's hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from console.services import accounts, second_factor
from console.web.access import is_public
from tests.accounts.conftest import Phone, Post, enrol, phone, post
from tests.security.kit import path_of, rude, rules, scalar, state_of
from tests.support.clocks import Clock
from tests.support.people import PASSWORD, People, sign_in

__all__ = ["enrol", "phone", "post"]
Enrol = Callable[[Any], list[str]]
NEW = "another river at dawn"
TWICE = {"new_password": NEW, "new_password_confirm": NEW}
FACTOR_OFF = "the second factor was switched off"


def _recovered(people: People, post: Post) -> None:
    post.come()
    rude(people.app).submit("/recover", {"email": people.owner.email})
    assert rude(people.app).submit(post.link(), TWICE).status_code == 303


def _verb(people: People, verb: Callable[..., Any], *args: Any) -> None:
    with people.app.app_context():
        verb(people.owner.id, *args)


# What befalls an account, done by its owner in one browser or to them; and how it is done.
BEFALLS: dict[str, Callable[[People, Any, Post, Enrol], object]] = {
    "the password was changed": lambda _people, owner, _post, _enrol: owner.submit(
        "/account/password", {"password": PASSWORD, **TWICE}
    ),
    "the password was set by mail": lambda people, _owner, post, _enrol: _recovered(people, post),
    "a second factor was set up": lambda _people, owner, _post, enrol: enrol(owner),
    FACTOR_OFF: lambda _people, owner, _post, _enrol: owner.submit(
        "/account/second-factor/off", {"password": PASSWORD}
    ),
    "the operator switched it off": lambda people, _owner, _post, _enrol: _verb(
        people, second_factor.switch_off
    ),
    "the account was disabled": lambda people, _owner, _post, _enrol: _verb(
        people, accounts.set_active, False
    ),
    "all other sessions were ended": lambda _people, owner, _post, _enrol: owner.submit(
        "/account/sessions/end-others"
    ),
}


def _signed_in(people: People, code: str = "") -> Any:
    browser = rude(people.app)
    assert sign_in(browser, people.owner.email).status_code == 303
    if code:
        assert browser.submit("/second-factor", {"code": code}).status_code == 303
    assert browser.get("/orders").status_code == 200
    return browser


@pytest.mark.parametrize("what", BEFALLS)
def test_16_no_other_session_of_before_is_let_in(
    app: Flask, people: People, post: Post, enrol: Enrol, what: str
) -> None:
    owner = _signed_in(people)
    code = enrol(owner)[0] if what == FACTOR_OFF else ""
    thief = _signed_in(people, code)
    token = thief.token()
    BEFALLS[what](people, owner, post, enrol)
    assert thief.get("/orders").headers["Location"].startswith("/login")
    assert thief.get("/orders", headers={"HX-Request": "true"}).status_code == 401
    form = {"csrf_token": token, "type": "first-filing", "websites": "1"}
    assert thief.post("/orders/new", data=form).status_code in (303, 400)
    assert scalar(app, "SELECT count(*) FROM orders") == 0


@pytest.mark.parametrize("what", ["a second factor was set up", FACTOR_OFF])
def test_16_who_changes_the_second_factor_stays_signed_in(
    people: People, post: Post, enrol: Enrol, what: str
) -> None:
    owner = _signed_in(people)
    if what == FACTOR_OFF:
        enrol(owner)
    BEFALLS[what](people, owner, post, enrol)
    assert owner.get("/orders").status_code == 200


def test_16_a_role_that_is_given_or_taken_counts_at_the_next_request(people: People) -> None:
    reviewer = people.client("reviewer")
    reviewer.lint = False
    for change, role, answers in (
        (accounts.add_role, "administrator", {"/review": 200, "/admin/": 200}),
        (accounts.remove_role, "reviewer", {"/review": 403, "/admin/": 200}),
        (accounts.remove_role, "administrator", {"/review": 403, "/admin/": 403}),
    ):
        with people.app.app_context():
            change(people.reviewer.id, role)
        assert {path: reviewer.get(path).status_code for path in answers} == answers


def test_19_the_step_between_opens_no_page_and_takes_no_form(
    app: Flask, people: People, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    halfway, tried = rude(app), 0
    assert sign_in(halfway, people.owner.email).headers["Location"].startswith("/second-factor")
    halfway.token()
    before = state_of(app)
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if is_public(rule.rule):
                continue
            path = path_of(rule)
            answer = halfway.get(path) if method == "GET" else halfway.submit(path)
            assert answer.headers["Location"].startswith("/login"), rule.rule
            tried += 1
    assert tried > 90
    assert state_of(app) == before


def test_19_the_code_of_setting_up_does_not_sign_in(
    people: People, phone: Phone, clock: Clock, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    clock.move(seconds=-60)  # to when it was entered
    browser = rude(people.app)
    sign_in(browser, people.owner.email)
    assert browser.submit("/second-factor", {"code": phone.code()}).status_code == 422


def test_19_an_older_code_of_the_window_is_dead_once_a_newer_was_used(
    people: People, phone: Phone, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    first, second = rude(people.app), rude(people.app)
    for browser in (first, second):
        sign_in(browser, people.owner.email)
    assert first.submit("/second-factor", {"code": phone.code(1)}).status_code == 303
    for steps in (1, 0, -1):
        assert second.submit("/second-factor", {"code": phone.code(steps)}).status_code == 422


def test_19_who_signs_in_as_another_meanwhile_is_no_longer_between(
    people: People, phone: Phone, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    browser = rude(people.app)
    sign_in(browser, people.owner.email)
    assert sign_in(browser, people.other.email).status_code == 303
    answer = browser.submit("/second-factor", {"code": phone.code()})
    assert answer.headers["Location"] == "/login"
    assert people.other.email[0] + "***" in browser.get("/account").text


def test_19_the_present_password_is_not_guessed_from_many_addresses(people: People) -> None:
    owner = people.client("owner")
    owner.lint = False
    wrong = {"password": "not it", **TWICE}
    statuses = [
        owner.submit(
            "/account/password", wrong, environ_overrides={"REMOTE_ADDR": f"203.0.113.{n}"}
        ).status_code
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_19_the_answer_to_who_is_not_there_has_the_same_headers_and_length(
    app: Flask, people: People
) -> None:
    seen = set()
    for email in (people.owner.email, "nobod@example.cn"):  # of one length
        page = sign_in(rude(app), email, "not the password")
        kept = [(k, v) for k, v in page.headers if k not in ("Set-Cookie", "X-Request-ID", "Date")]
        seen.add((page.status_code, tuple(sorted(kept)), len(page.headers.getlist("Set-Cookie"))))
    assert len(seen) == 1
