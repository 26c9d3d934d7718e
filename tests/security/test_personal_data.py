"""SECURITY 57-60: personal data at rest, on pages, in browsers, and the trail."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from console.extensions import db
from console.models import Event
from console.services import auditing, sealing
from console.services.accounts import remove_role, set_active
from tests.security.kit import log_text, on_disk, rude, scalar
from tests.support.clocks import Clock
from tests.support.filings import person, valid_filing
from tests.support.people import PASSWORD, People, sign_in
from tests.support.postgres import both_databases
from tests.web.pages.conftest import Hands
from tests.web.pages.conftest import Stage as Case

ROOT = Path(__file__).parents[2]


def _everything(app: Flask) -> str:
    """Every value of every table, as text: what a dump would hold."""
    found = []
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                found.append(repr(tuple(row)))
    return "\n".join(found)


@pytest.mark.own_app  # whose database lies in the folder that is looked through
@both_databases
def test_57_nothing_of_a_person_is_in_the_clear_after_a_whole_run(
    app: Flask, people: People, accepted: Case, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reviewer = people.client("reviewer")
    assert reviewer.get(f"/review?q={accepted.filing.services[0].domain}").status_code == 200
    reviewer.submit(f"/review/{accepted.number}/reveal")
    secrets = [*accepted.secrets, people.owner.email, PASSWORD]
    dump, log = _everything(app), log_text(caplog.records)
    files = on_disk(tmp_path)
    for secret in secrets:
        assert secret not in dump, secret
        assert secret not in log, secret
        for name, content in files.items():
            assert secret.encode() not in content, (name, secret)
    assert accepted.number in dump
    # The keys are where the settings say, and not in what they lock.
    for key in (app.config["DIGEST_KEY"], *app.config["ENCRYPTION_KEYS"], app.config["SECRET_KEY"]):
        assert key not in dump
        assert not any(key.encode() in content for content in files.values())


def test_57_digests_need_the_key_and_no_key_is_in_the_repository(
    app: Flask, verifying: Case
) -> None:
    import hashlib

    dump = _everything(app)
    for value in verifying.secrets:
        for form in (value, value.upper()):
            for kind in ("md5", "sha1", "sha256"):
                assert hashlib.new(kind, form.encode()).hexdigest() not in dump
    key = re.compile(rb"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}=(?![A-Za-z0-9_=-])")
    for folder in ("console", "tools", "docs", "migrations"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".md", ".toml", ".sh", ".txt"):
                assert not key.search(path.read_bytes()), path


def _masked(page: str, case: Case) -> None:
    for secret in case.secrets:
        assert secret not in page, secret


def test_58_numbers_are_masked_everywhere_but_in_the_owners_own_forms(
    app: Flask, people: People, verifying: Case
) -> None:
    number, owner, reviewer = verifying.number, people.client("owner"), people.client("reviewer")
    pages = {
        path: client.get(path)
        for client, path in (
            (owner, "/orders"),
            (owner, f"/orders/{number}"),
            (owner, f"/orders/{number}/checklist"),
            (reviewer, "/review"),
            (reviewer, "/review?state=verifying"),
            (reviewer, f"/review/{number}"),
        )
    }
    links = re.findall(r"/status/[A-Za-z0-9._-]+(?=[\"\s<])", pages[f"/orders/{number}"].text)
    assert links
    nobody = rude(app)
    for link in links:
        pages[link] = nobody.get(link, follow_redirects=False)
    for path in ("/miit/phone", "/miit/desk"):
        pages[path] = nobody.get(path)
    for path, page in pages.items():
        assert page.status_code in (200, 303), path
        _masked(page.text, verifying)
    shown = pages[f"/review/{number}"].text
    mobile, certificate = verifying.leader.mobile, verifying.leader.certificate_number
    assert f"{mobile[:3]}****{mobile[-4:]}" in shown
    assert f"{certificate[:3]}***********{certificate[-4:]}" in shown


def test_58_a_reviewer_sees_them_by_asking_and_that_is_on_record(
    app: Flask, people: People, verifying: Case
) -> None:
    reviewer, path = people.client("reviewer"), f"/review/{verifying.number}"
    assert reviewer.get(f"{path}/reveal").status_code == 405
    assert verifying.leader.mobile not in reviewer.get(f"{path}?full=1&reveal=1").text
    before = scalar(app, "SELECT count(*) FROM events WHERE action = 'reveal'")
    full = reviewer.submit(f"{path}/reveal").text
    assert verifying.leader.certificate_number in full
    assert scalar(app, "SELECT count(*) FROM events WHERE action = 'reveal'") == before + 1
    event = _events(app, "reveal")[-1]
    assert (event.actor, event.actor_id) == ("reviewer", people.reviewer.id)
    assert event.data["address"] == "127.0.0.1"


def _events(app: Flask, *actions: str) -> list[Event]:
    with app.app_context():
        query = db.session.query(Event).order_by(Event.id)
        return list(query.filter(Event.action.in_(actions)) if actions else query)


def test_59_nothing_of_a_person_is_in_an_address_and_no_page_is_kept(
    app: Flask, people: People, drive: Hands
) -> None:
    from tests.support.filings import form_data

    filing, client = valid_filing(1, two_people=True), people.client("owner")
    secrets = [v for p in (person(1), person(2)) for v in (p.mobile, p.certificate_number, p.email)]
    started = client.submit("/orders/new", {"type": "first-filing", "websites": "1"})
    number = started.headers["Location"].split("/")[2]
    places, pages = [started.headers["Location"]], []
    for step, data in form_data(filing).items():
        page = client.get(f"/orders/{number}/edit/{step}")
        revision = re.search(r'name="revision" value="(\d+)"', page.text)
        assert revision
        answer = client.submit(f"/orders/{number}/edit/{step}", {**data, "revision": revision[1]})
        places.append(answer.headers["Location"])
        pages += [page, answer]
    pages += [client.get(path) for path in (f"/orders/{number}/edit/check", "/orders")]
    for page in pages:
        assert page.headers["Cache-Control"] == "no-store"
        for attribute in re.findall(r'(?:href|action|src|hx-[a-z]+)="([^"]*)"', page.text):
            assert not any(secret in attribute for secret in secrets), attribute
    assert not any(secret in place for place in places for secret in secrets)
    for path in (ROOT / "console" / "static").glob("*.js"):
        words = path.read_text(encoding="utf-8")
        assert not re.search(r"(local|session)Storage|indexedDB|document\.cookie", words), path


def test_60_who_when_whence_what_and_how_it_went_is_on_record(
    app: Flask, people: People, in_review: Case
) -> None:
    number, reviewer, owner = in_review.number, people.client("reviewer"), app.test_client()
    sign_in(owner, people.owner.email)
    reviewer.submit(f"/review/{number}/claim")
    reviewer.submit(f"/review/{number}/reveal")
    reviewer.submit(f"/review/{number}/return", {"reasons": "phone"})
    assert owner.get("/review").status_code == 403
    for who in (people.owner.email, "nobody@example.cn"):
        assert sign_in(rude(app), who, "a wrong password").status_code == 422
    owner.submit("/logout")
    with app.app_context():
        remove_role(people.reviewer.id, "reviewer", by=people.administrator.id)
        set_active(people.other.id, False)
    wanted = {
        "sign-in": ("account", people.owner.id),
        "claim": ("reviewer", people.reviewer.id),
        "reveal": ("reviewer", people.reviewer.id),
        "return": ("reviewer", people.reviewer.id),
        "not-allowed": ("account", people.owner.id),
        "sign-in-refused": ("account", people.owner.id),
        "sign-out": ("account", people.owner.id),
    }
    found = _events(app)
    for action, (actor, account) in wanted.items():
        rows = [e for e in found if e.action == action and e.actor_id == account]
        assert rows, action
        assert rows[0].actor == actor, action
        assert rows[0].data["address"] == "127.0.0.1", action
        assert rows[0].at.tzinfo is not None
    stranger = [e for e in found if e.action == "sign-in-refused" and e.actor_id is None]
    assert [(e.actor, e.data["account"]) for e in stranger] == [("stranger", None)]
    assert {e.action for e in found} >= {"remove-role", "disable-account", "submit"}
    refused = next(e for e in found if e.action == "not-allowed")
    assert refused.data["rule"] == "/review"


def test_60_an_order_of_someone_else_that_was_asked_for_is_on_record(
    app: Flask, people: People, verifying: Case
) -> None:
    other, number = people.client("other"), verifying.number
    assert other.get(f"/orders/{number}").status_code == 404
    assert other.submit(f"/orders/{number}/withdraw").status_code == 404
    assert other.get("/orders/13800138000").status_code == 404
    rows = _events(app, "no-such-order")
    assert {(row.actor, row.actor_id, row.order_id) for row in rows} == {
        ("account", people.other.id, None)
    }
    assert [row.data.get("order") for row in rows] == [number, number, None]
    assert "13800138000" not in str([row.data for row in rows])
    assert rows[0].data["address"] == "127.0.0.1"
    assert "no-such-order" not in people.client("owner").get(f"/orders/{number}").text


def test_60_refusals_cannot_flood_the_trail(app: Flask, people: People) -> None:
    client = people.client("owner")
    client.lint = False
    for _ in range(80):
        assert client.get("/review").status_code == 403
    assert len(_events(app, "not-allowed")) == 60


def test_60_the_trail_has_no_way_to_be_changed_and_a_change_behind_it_is_found(
    app: Flask, people: People, verifying: Case, clock: Clock
) -> None:
    writes = re.compile(r"(update|delete)\(\s*(Event|Seal)\b|session\.delete\((event|seal)")
    for path in (ROOT / "console").rglob("*.py"):
        assert not writes.search(path.read_text(encoding="utf-8")), path
    with app.app_context():
        sealing.seal_next(at_once=True)
        assert auditing.verify_trail() == []
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE events SET actor = 'worker' WHERE action = 'approve'"))
        db.session.expire_all()
        assert auditing.verify_trail() != []


def test_60_the_log_keeps_the_pace_of_refusals(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    people.client("owner").get("/review")
    assert '"refusal": "NotAllowed"' in log_text(caplog.records)
