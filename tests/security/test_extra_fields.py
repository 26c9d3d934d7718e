"""SECURITY 26: every form of every page, sent with fields it does not have, does what it does."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from console import clock
from console.extensions import db, limiter
from console.services import review
from console.web.tokens import Viewer, make_token
from tests.security.kit import path_of, rules
from tests.support.filings import valid_filing
from tests.support.markup import parsed
from tests.support.people import PASSWORD, People
from tests.web.pages.conftest import Stage

Form = tuple[str, str, dict[str, Any]]  # who sends it, where to, its fields

# Columns and their like, as one who has read the source would try them.
EXTRA = {
    **dict.fromkeys(("state", "status", "to_state", "from_state"), "accepted"),
    **dict.fromkeys(("applicant_id", "account_id", "owner_id", "user_id", "actor_id"), "{other}"),
    **dict.fromkeys(("reviewer_id", "claimed_by_id", "author_id"), "{other}"),
    **dict.fromkeys(("id", "order_id", "round", "approved_round", "share_epoch", "epoch"), "7"),
    **dict.fromkeys(("role", "roles", "actor", "acting_as"), "administrator"),
    **dict.fromkeys(("is_admin", "admin", "active", "with_us", "verified", "fs_uniquifier"), "1"),
    **dict.fromkeys(("tries_used", "resends_used", "attempts", "totp_counter"), "0"),
    **dict.fromkeys(("confirmed_at", "deadline", "due_at", "cancel_at"), "2030-01-01T00:00:00Z"),
    **dict.fromkeys(("claimed_at", "verified_at", "done_at", "created_at"), "2030-01-01T00:00:00Z"),
    **dict.fromkeys(("icp_number", "icp_numbers", "entity-icp_number"), "浙ICP备1号"),
    "number": "20200101-AAAAAA",
    "rulebook": "jdcloud-2019",
    "entity_id": "1",
    "returned_by": "administration",
    "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "password_hash": "x",
    "label": "evil.example.cn",
}
TICKED = {"numbers", "reasons", "confirmed", "roles"}
TYPED = {
    "email": "somebody@example.cn",
    "password": PASSWORD,
    "new_password": "another river at dawn",
    "new_password_confirm": "another river at dawn",
    "password_confirm": PASSWORD,
}
# By lot, or a hash with a salt.
RANDOM = {"number", "digest", "key", "password", "fs_uniquifier", "path", "totp_secret"}


@pytest.fixture
def pages(
    app: Flask, people: People, in_review: Stage, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[str, ...]]:
    """Whose pages are gone through; the clock stands still meanwhile."""
    drive = in_review.drive
    draft, waiting = drive.draft(valid_filing(2)), drive.submit(drive.draft(valid_filing(3)))
    drive.do(review.claim, drive.reviewer, in_review.number)
    leader = Viewer(in_review.order.id, "entity-leader", "en", in_review.order.share_epoch)
    link = f"/status/{drive.do(make_token, leader, clock.now())}"
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    edit = f"/orders/{draft}/edit"
    return {
        "owner": (
            *("/orders/new", "/orders/new/add-provider", f"/orders/{draft}"),
            *(f"{edit}/{step}" for step in ("entity", "services", "services/1", "materials")),
            *(f"{edit}/check", f"/orders/{in_review.number}", "/account", "/account/notices"),
            *("/account/password", "/account/second-factor", "/notices"),
        ),
        "reviewer": (
            *("/review", f"/review/{in_review.number}", f"/review/{waiting}"),
            *("/review/figures", "/review/ledger"),
        ),
        "administrator": ("/admin/staff", "/admin/texts", "/admin/audit"),
        "nobody": (link, "/login", "/register", "/recover"),
    }


def _forms(app: Flask, people: People, pages: dict[str, tuple[str, ...]]) -> Iterator[Form]:
    """The forms of these pages, one of each kind, filled in as far as they ask; then every other
    address that takes a form, with nothing."""
    routes, seen = app.url_map.bind("localhost"), set()
    for who, paths in pages.items():
        for path in paths:
            for form in parsed(people.client(who).get(path).text).iter("form"):
                action = form.get("action") or path
                if form.get("method") != "post":
                    continue
                rule = routes.match(action.split("?")[0], "POST", return_rule=True)[0].rule
                if rule not in seen:
                    seen.add(rule)
                    yield who, action, _fields(form)
    number = pages["reviewer"][1].split("/")[-1]
    for rule in rules(app, "POST"):
        if rule.rule not in seen and not rule.rule.startswith("/miit/"):
            people_of = {"review": "reviewer", "admin": "administrator"}
            who = people_of.get(rule.rule.split("/")[1], "owner")
            yield who, path_of(rule, number=number), {}


def _fields(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for e in form.iter():
        name, kind = e.get("name"), e.get("type", "text")
        if not name or kind == "file":
            continue
        if e.tag == "select":
            options = list(e.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            found[name] = [o.get("value", "") for o in chosen]
        elif e.tag == "textarea":
            found[name] = (e.text or "").strip() or "A text."
        elif kind in ("radio", "checkbox"):
            if e.get("checked") is not None or name in TICKED:
                found[name] = [*found.get(name, ()), e.get("value", "on")]
        elif e.tag == "input" or name not in found:
            found[name] = e.get("value") or TYPED.get(name, "")
    return found


def _rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row as the console reads it, but for what is drawn by lot."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            columns = [c for c in table.columns if c.name not in RANDOM]
            rows = connection.execute(select(*columns))
            found[table.name] = sorted(_plain(tuple(row)) for row in rows)
    return found


def _plain(row: tuple[Any, ...]) -> Any:
    return re.sub(r"\d{8}-[0-9A-Z]{6}", "NUMBER", repr(row))


class Bench:
    """Sends a form, tells what came of it, and puts everything back as it was."""

    def __init__(self, app: Flask, people: People, who: Iterable[str]) -> None:
        self.app, self.people = app, people
        self.tokens = {one: people.client(one).token() for one in who}
        self.cookies = {one: people.client(one).get_cookie("session") for one in who}
        with app.app_context():
            self.file = Path(str(db.engine.url.database))
        self.kept = self.file.with_suffix(".kept")
        _copy(self.file, self.kept)

    def sent(self, form: Form, extra: Mapping[str, str]) -> tuple[int, Any]:
        """The status, and all rows afterwards."""
        who, action, fields = form
        cookie, client = self.cookies[who], self.people.client(who)
        client.set_cookie("session", cookie.value if cookie else "")
        limiter.reset()
        data = {**extra, **fields, "csrf_token": self.tokens[who]}
        status = client.post(action, data=data).status_code
        rows = _rows(self.app)
        with self.app.app_context():
            db.engine.dispose()
        _copy(self.kept, self.file)
        return status, rows


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        other.execute("PRAGMA synchronous = OFF")
        one.backup(other)


def test_26_no_form_takes_a_field_that_it_does_not_have(
    app: Flask, people: People, pages: dict[str, tuple[str, ...]]
) -> None:
    for who in pages:
        people.client(who).lint = False
    hostile = {name: value.format(other=people.other.id) for name, value in EXTRA.items()}
    forms, bench, taken = list(_forms(app, people, pages)), Bench(app, people, pages), 0
    for form in forms:
        stuffed = bench.sent(form, hostile)
        assert stuffed == bench.sent(form, {}), form[:2]
        taken += stuffed[0] < 400
    assert len(forms) > 60
    assert taken > 35
