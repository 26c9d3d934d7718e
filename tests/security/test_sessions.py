"""SECURITY 14-18, 20, 22: sessions, from outside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from console.services.accounts import remove_role, set_active
from tests.security.kit import rude
from tests.support.clocks import Clock
from tests.support.people import PASSWORD, People, sign_in

FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def cookie_of(client: Any, name: str = "session") -> str:
    """The session cookie of a browser."""
    cookie = client.get_cookie(name)
    assert cookie is not None
    return str(cookie.value)


def with_cookie(app: Flask, value: str, name: str = "session") -> Any:
    """Another browser that presents this cookie."""
    client = rude(app)
    client.set_cookie(name, value)
    return client


def test_14_a_cookie_from_before_signing_in_is_never_signed_in(app: Flask, people: People) -> None:
    victim = rude(app)
    victim.get("/login")
    planted = cookie_of(victim)
    assert sign_in(victim, people.owner.email).status_code == 303
    assert cookie_of(victim) != planted
    assert victim.get("/orders").status_code == 200
    assert with_cookie(app, planted).get("/orders").status_code == 303


def test_15_a_saved_cookie_is_dead_after_signing_out_elsewhere(app: Flask, people: People) -> None:
    client = people.owner.client()
    saved = cookie_of(client)
    thief = with_cookie(app, saved)
    assert thief.get("/orders").status_code == 200
    client.submit("/logout")
    assert thief.get("/orders").status_code == 303
    assert with_cookie(app, saved).get("/orders").status_code == 303
    fragment = with_cookie(app, saved).get("/orders", headers={"HX-Request": "true"})
    assert fragment.status_code == 401


def test_16_disabling_and_taking_a_role_bite_on_the_next_request(
    app: Flask, people: People, in_review: Any
) -> None:
    reviewer, owner = people.client("reviewer"), people.client("owner")
    path = f"/review/{in_review.number}"
    assert reviewer.get(path).status_code == 200
    with app.app_context():
        remove_role(people.reviewer.id, "reviewer")
    assert reviewer.get(path).status_code == 403
    assert reviewer.submit(f"{path}/claim").status_code == 403
    assert owner.get("/orders").status_code == 200
    with app.app_context():
        set_active(people.owner.id, False)
    assert owner.get("/orders").status_code == 303
    assert in_review.order.claimed_by_id is None


def test_17_the_limits_of_a_session_hold_wherever_the_clock_goes(
    app: Flask, people: People, clock: Clock
) -> None:
    idle, constant, back = (people.owner.client() for _ in range(3))
    clock.move(minutes=119)
    assert constant.get("/orders").status_code == 200
    clock.move(minutes=2)
    assert idle.get("/orders").status_code == 303
    for _ in range(6):
        clock.move(minutes=90)
        assert constant.get("/orders").status_code == 200
    clock.move(minutes=70)  # twelve hours and more since signing in
    assert constant.get("/orders").status_code == 303
    clock.move(hours=-20)
    assert back.get("/orders").status_code == 200  # as good as fresh, and no longer than that
    clock.move(hours=20)
    assert back.get("/orders").status_code == 303


def test_18_cookies_are_closed_to_scripts_other_sites_and_plain_http(
    app: Flask, people: People, production: Flask
) -> None:
    of_https = {"base_url": "https://console.example.cn"}
    production.test_client().get("/login", **of_https)
    page = rude(production).get("/login", **of_https)
    signed = people.owner.client()
    signed.set_cookie("session", "x")
    development = rude(app).get("/login")
    seen = [*page.headers.getlist("Set-Cookie"), *development.headers.getlist("Set-Cookie")]
    assert len(seen) == 2
    for cookie in seen:
        assert "HttpOnly" in cookie
        assert re.search(r"SameSite=(Lax|Strict)", cookie)
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert seen[0].startswith("__Host-session=")
    assert "Secure" in seen[0]


HOSTILE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\/evil.example",
    "/\t/evil.example", "/\r\nLocation: https://evil.example", "https:evil.example",
    "http://localhost@evil.example", "%2f%2fevil.example", "javascript:alert(1)",
    "/\u2028/evil.example", " https://evil.example", "/.//evil.example\\", "https:///evil.example",
    "/%0d%0aLocation:%20https://evil.example", "http://[evil.example", "//[evil.example]/",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_20_a_hostile_next_stays_on_this_origin(app: Flask, people: People, value: str) -> None:
    from urllib.parse import quote

    client = rude(app)
    page = client.get(f"/login?next={quote(value)}")
    token = FIELD.search(page.text)
    assert token
    data = {"csrf_token": token[1], "email": people.owner.email, "password": PASSWORD}
    answer = client.post(f"/login?next={quote(value)}", data=data | {"next": value})
    where = answer.headers["Location"]
    assert re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", where), where
    assert "evil" not in where.split("?")[0].split("%")[0]


def test_20_a_path_with_slashes_in_its_query_is_followed(app: Flask, people: People) -> None:
    client = rude(app)
    answer = client.get("/orders/1?x=//a")
    assert answer.headers["Location"].startswith("/login?next=")
    token = FIELD.search(client.get(answer.headers["Location"]).text)
    assert token
    data = {"csrf_token": token[1], "email": people.owner.email, "password": PASSWORD}
    signed = client.post(answer.headers["Location"], data=data)
    assert signed.headers["Location"] == "/orders/1?x=//a"


def test_22_a_form_that_htmx_sends_after_signing_out_elsewhere_gets_nothing_to_swap(
    people: People, in_review: Any
) -> None:
    client, number = people.client("owner"), in_review.number
    client.lint = False
    sent = {"csrf_token": client.token(), "revision": "1"}
    client.submit("/logout")  # in another window; the token of this page ends with it
    htmx = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
    for path in (f"/orders/{number}/withdraw", f"/orders/{number}/edit/entity"):
        answer = client.post(path, data=sent, headers=htmx)
        assert (answer.status_code, answer.data) == (401, b""), path
    assert client.post("/language", data=sent, headers=htmx).status_code == 400


def test_22_an_ended_session_gives_htmx_nothing_to_swap(people: People, verifying: Any) -> None:
    client = people.client("owner")
    number = verifying.number
    fragments = [f"/orders/{number}/checklist", f"/orders/{number}", "/orders"]
    client.submit("/logout")
    for path in fragments:
        here = {"HX-Request": "true", "HX-Current-URL": f"http://localhost/orders/{number}"}
        answer = client.get(path, headers=here)
        assert answer.status_code == 401
        assert answer.data == b""
        assert answer.headers["HX-Redirect"] == f"/login?next=/orders/{number}"
        nowhere = client.get(path, headers={**here, "HX-Current-URL": "http://[nowhere/orders"})
        assert (nowhere.status_code, nowhere.headers["HX-Redirect"]) == (401, "/login")
