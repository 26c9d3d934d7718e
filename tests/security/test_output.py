"""SECURITY 43-47: what comes out again, from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import html5lib
import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.security.kit import rude, state_of
from tests.support.apps import make_app
from tests.support.filings import entity_form, service_form, valid_filing
from tests.support.people import People
from tests.web.filling.desk import Applicant
from tests.web.pages.conftest import Hands
from tests.web.pages.conftest import Stage as Case

ROOT = Path(__file__).parents[2]


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)//",
    "</textarea></title><svg onload=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "]]>--><!--<b hx-get='/x' hx-trigger='load'>",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
]


@pytest.fixture
def owner(app: Flask, people: People) -> Applicant:
    """An applicant with a draft."""
    applicant = Applicant(app, people.client("owner"))
    applicant.start()
    return applicant


@lru_cache(maxsize=8)
def elements(text: str) -> list[Any]:
    """Every element of a page, as the standard has browsers read it."""
    document = html5lib.parse(text, namespaceHTMLElements=False)
    return [e for e in document.iter() if isinstance(e.tag, str)]


def assert_inert(text: str, where: str) -> None:
    """No script but the page's own files, no handler, nothing of the payloads' making."""
    for e in elements(text):
        assert not [a for a in e.attrib if a.startswith("on")], where
        assert e.tag not in ("svg", "iframe", "object", "embed", "base") or "icon" in str(
            e.get("class")
        ), (where, e.tag)
        if e.tag == "script":
            assert e.get("src") or e.get("type") == "application/json", where
        if e.tag == "img":
            assert e.get("src") != "x", where
        for name, value in e.attrib.items():
            assert not value.strip().lower().startswith("javascript:") or name == "value", where
            if name.startswith("hx-"):
                assert "alert" not in value, where
    assert "49" not in re.findall(r"\{?\{?7\*7[^<]*|(?<=\$)49", text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_43_a_payload_in_every_text_field_is_text_on_every_page(
    owner: Applicant, people: People, payload: str
) -> None:
    filing = valid_filing(1, two_people=True)
    texts = [n for n, v in entity_form(filing).items() if isinstance(v, str)]
    client, shown = owner.client, 0
    client.lint = False
    for step, form in (
        ("entity", entity_form(filing)),
        ("services/1", service_form(filing.services[0])),
    ):
        stuffed = {n: payload if isinstance(v, str) else v for n, v in form.items()}
        for way in (step, f"{step}/later"):
            answer = owner.send(way, stuffed)
            assert answer.status_code in (303, 422), (way, answer.status)
            assert_inert(answer.text, way)
        for name in form:
            if name.endswith(("-name", "-remarks", "_address", "-email", "-sdks", "_number")):
                owner.send(f"{step}/later", {name: payload})
    for path in (
        "/orders",
        f"/orders/{owner.number}",
        owner.path("entity"),
        owner.path("check"),
        owner.path("services"),
        owner.path("services/1"),
        f"/orders?before={payload}",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert_inert(page.text, path)
        shown += payload in "".join(e.text or "" for e in elements(page.text)) or any(
            payload in (v or "") for e in elements(page.text) for v in e.attrib.values()
        )
    assert shown, "the payload is shown somewhere, as text"
    assert texts


def test_43_a_payload_a_reviewer_sees_is_text(app: Flask, people: People, drive: Hands) -> None:
    from dataclasses import replace

    filing = valid_filing(1)
    payload = PAYLOADS[1]
    filing = replace(filing, entity=replace(filing.entity, remarks=payload))
    number = drive.submit(drive.draft(filing))
    reviewer = people.client("reviewer")
    pages = {
        path: reviewer.get(path)
        for path in ("/review", f"/review?q={quote(payload)}", f"/review/{number}")
    }
    pages["full"] = reviewer.submit(f"/review/{number}/reveal")
    reviewer.submit(f"/review/{number}/claim")
    reviewer.submit(f"/review/{number}/return", {"reasons": "other", "note": payload})
    pages["returned"] = people.client("owner").get(f"/orders/{number}")
    for where, page in pages.items():
        assert page.status_code == 200, where
        assert_inert(page.text, where)
    assert "&#34;&gt;&lt;img" in pages["returned"].text


INJECTIONS = [
    "'",
    "' OR '1'='1",
    "1; DROP TABLE orders--",
    "\\",
    "%",
    "_",
    "\x00",
    "1' AND sleep(9)--",
]


QUERIES = ["/review?q={}", "/review?state={}", "/review?after={}", "/orders?before={}",
           "/rulebooks?book={}", "/rulebooks/who?province={}&order={}", "/orders/{}", "/review/{}",
           "/status/{}", "/miit/desk?state={}&page={}", "/miit/phone?line={}", "/login?next={}",
           "/rulebooks/messages?message={}", "/miit/desk/{}", "/miit/picture/{}.png"]  # fmt: skip


MARK = "zq9"


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the databases are told from here on, values left out."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield told
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("injection", INJECTIONS)
def test_44_what_breaks_sql_elsewhere_is_text_here(
    app: Flask, people: People, in_review: Case, statements: list[str], injection: str
) -> None:
    before = state_of(app)
    for who in ("owner", "reviewer", "nobody"):
        client = people.client(who)
        client.lint = False
        for query in QUERIES:
            path = query.replace("{}", quote(injection + MARK))
            assert client.get(path).status_code < 500, path
    typed = dict.fromkeys(("mobile", "last_six", "code"), injection + MARK)
    portal = rude(app).submit("/miit/verify", typed)
    assert portal.status_code in (200, 422)
    assert statements
    assert not [statement for statement in statements if MARK in statement]
    after = state_of(app)
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"accounts", "account_roles", "roles", "live_sessions", "events",
                       "miit_throttles"}  # signing in  # fmt: skip


def test_44_wildcards_in_a_search_are_letters(people: People, in_review: Case) -> None:
    reviewer = people.client("reviewer")
    assert in_review.number in reviewer.get(f"/review?q={in_review.number}").text
    for wild in ("%", "_", "%25", "________-______", "\\%"):
        found = reviewer.get(f"/review?q={quote(wild)}").text
        assert f'data-order="{in_review.number}"' not in found, wild


def test_45_every_html_answer_carries_the_policy(
    app: Flask, people: People, verifying: Case, database_url: str, tmp_path: Path
) -> None:
    production = make_app(
        database_url, tmp_path, APP_ENV="production", TRUSTED_HOSTS=["console.example.cn"],
        BASE_URL="https://console.example.cn", SESSION_COOKIE_SECURE=True,
    )  # fmt: skip
    nobody, owner = rude(app), people.client("owner")
    served = rude(production)
    at = {"base_url": "https://console.example.cn"}
    answers = [
        nobody.get("/"), nobody.get("/login"), nobody.get("/no-such-page"), nobody.post("/login"),
        nobody.open("/login", method="TRACE"), nobody.get("/orders"), nobody.get("/miit/verify"),
        nobody.get("/status/x"), nobody.get("/", headers={"Host": "evil.example"}),
        nobody.get("/no", headers={"HX-Request": "true"}), owner.get(f"/orders/{verifying.number}"),
        owner.get("/review"), owner.get(f"/orders/{verifying.number}/checklist"),
        nobody.post("/login", data=b"x" * 30_000_000, content_type="text/html"),
        served.get("/", **at), served.get("/nowhere", **at),
        served.get("/static/console.css", **at),
    ]  # fmt: skip
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "script-src 'self'",
        ):
            assert part in policy, (answer.request.path, part)
        assert "unsafe" not in policy
        assert "*" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert not re.search("werkzeug|python|flask", str(answer.headers), re.I)
    for answer in answers[-3:]:
        assert "max-age=" in answer.headers["Strict-Transport-Security"]


NEEDS_TRUST = r"\beval\(|new Function|innerHTML\s*=|insertAdjacentHTML|document\.write"


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


SCRIPTS = sorted((ROOT / "console" / "static").glob("*.js"))


def test_46_no_template_needs_eval_and_no_persons_data_is_inside_htmx_attributes() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"hx-on|hx-vars|js:|javascript:|hx-history", text), path
        assert not re.search(r'hx-trigger="[^"]*\[', text), path
        for attribute in re.findall(r'hx-[a-z-]+(?::[a-z]+)?="([^"]*)"', text):
            for shown in re.findall(r"\{\{(.*?)\}\}", attribute):
                assert re.match(
                    r" ?(live|view|choice|question)\.|url_for\(| ?url | ?page|csrf_token",
                    shown.strip() + " ",
                ), (path, shown)
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(NEEDS_TRUST, text), path


def test_47_scripts_from_elsewhere_are_named_by_version_and_digest(
    app: Flask, people: People, verifying: Case
) -> None:
    pages = [
        rude(app).get("/login").text,
        rude(app).get("/miit/verify").text,
        people.client("owner").get(f"/orders/{verifying.number}").text,
    ]
    seen = 0
    for page in pages:
        for e in elements(page):
            address = str(e.get("src") or (e.get("href") if e.tag == "link" else ""))
            if "//" not in address:
                continue
            assert re.search(r"@[0-9]+\.[0-9]+\.[0-9]+/", address)
            assert re.fullmatch(r"sha384-[A-Za-z0-9+/]{64}", str(e.get("integrity")))
            assert e.get("crossorigin") == "anonymous"
            seen += 1
    assert seen
