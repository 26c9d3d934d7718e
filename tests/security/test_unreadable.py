"""What cannot be read, damaged or under a lost key: lists go on without it, pages say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from config import new_key
from console import clock
from console.extensions import db, limiter
from console.keyring import Keyring
from console.models import RegisteredEntity, RegisteredService
from console.queries.materials import materials_of
from console.rules.masking import mask_mobile
from console.services import materials, noting, review
from console.services.account_letters import RECOVER, queue_letter
from console.services.accounts import locked
from console.web.tokens import Viewer, make_token
from tests.materials import files
from tests.security.kit import log_text
from tests.support.filings import valid_filing
from tests.support.people import People
from tests.web.pages.conftest import Stage

SPOILT = {
    "damaged": ("substr({0}, 1, 60)", 500, "What is stored here is damaged."),
    "lost-key": ("'deadbeef.' || substr({0}, 10)", 503, "a key that this console was not given"),
}
WORDS = {"en": "(cannot be read)", "zh_Hans_CN": "（无法读取）"}
ONE = "id = (SELECT max(id) FROM {})"

# What is spoilt in one row; who opens which list, and what of the others is still in it.
SECOND = "email_digest = (SELECT email_digest FROM accounts WHERE id = {second})"
MINE = "id = {owner}"
LISTS: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {
    ("accounts.email", SECOND): (
        ("administrator", "/admin/staff", "reviewer@example.cn"),
        ("administrator", "/admin/audit", "r***@example.cn"),
        ("reviewer", "/review", "{waiting}"),
        ("reviewer", "/review/list", "{waiting}"),
        ("reviewer", "/review/{in_review}", "{in_review}"),
        ("reviewer", "/review/figures", "r***@example.cn"),
    ),
    ("accounts.email", MINE): (
        ("owner", "/orders", "{verifying}"),
        ("owner", "/account", "/account/password"),
        ("owner", "/account/notices", "deadline-near"),
        ("owner", "/account/second-factor", "/logout"),
    ),
    ("entities.content", ONE): (
        ("owner", "/filed", "entity 1"),
        ("owner", "/orders/new/change", "entity 1"),
    ),
    ("services.content", ONE): (("owner", "/filed", "service 1"),),
    ("materials.name", ONE): (
        ("owner", "/orders/{draft}/edit/materials", "licence.jpg"),
        ("owner", "/orders/{draft}/edit/check", "licence.jpg"),
    ),
    ("notes.text", ONE): (("reviewer", "/review/{in_review}", "the first note"),),
    ("verifiers.mobile", "key = 'entity-leader'"): (
        ("owner", "/orders/{verifying}", "{mobile}"),
        ("nobody", "{link}", "{verifying}"),
    ),
    ("deliveries.payload", "id = (SELECT max(id) FROM deliveries WHERE kind = 'mail')"): (
        ("nobody", "/outbox", "{verifying}"),
    ),
    ("account_letters.payload", ONE): (("nobody", "/outbox", "owner@example.cn"),),
    ("miit_texts.text", ONE): (("nobody", "/miit/phone", "{mobile}"),),
    ("miit_texts.mobile", ONE): (("nobody", "/miit/phone/texts", 'id="text-1"'),),
    ("miit_people.mobile", "verifier = 'entity-leader'"): (("nobody", "/miit/desk", "{mobile}"),),
}
# Lists that read nothing of what is encrypted say nothing of it either.
UNTOUCHED = (
    ("owner", "/orders"),
    ("owner", "/notices"),
    ("reviewer", "/review?state=verifying"),
    ("reviewer", "/review/ledger?show=all"),
    ("administrator", "/admin/audit"),
    ("nobody", "/miit/desk"),
)
# What is about one thing alone, with what it is about spoilt.
PAGES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("orders.content", "number = '{verifying}'"): (
        ("owner", "/orders/{verifying}"),
        ("owner", "/orders/{verifying}/checklist"),
        ("nobody", "{link}"),
    ),
    ("orders.content", "number = '{draft}'"): (
        ("owner", "/orders/{draft}/edit/entity"),
        ("owner", "/orders/{draft}/edit/services/1"),
        ("owner", "/orders/{draft}/edit/check"),
    ),
    ("rounds.content", "round = 1"): (("reviewer", "/review/{in_review}"),),
    ("materials.thumbnail", ONE): (("owner", "/orders/{draft}/materials/{paper}/thumbnail"),),
}


@pytest.fixture
def places(people: People, verifying: Stage) -> dict[str, Any]:
    """Several of everything: entities, papers, notes, letters, orders; what they are called."""
    drive, second = verifying.drive, people.second_reviewer.actor
    draft = drive.draft(valid_filing(3))
    for kind, name in (("entity-certificate", "licence.jpg"), ("entity-leader-front", "id.jpg")):
        drive.do(materials.add, drive.applicant, draft, (kind, None), name, files.picture())
    in_review, returned = (drive.submit(drive.draft(valid_filing(n))) for n in (4, 5))
    for number in (in_review, returned):
        drive.do(review.claim, second, number)
    drive.do(review.return_, second, returned, ["phone"], "")
    for said in ("the first note", "the second note"):
        drive.do(noting.add_note, drive.reviewer, in_review, said)
    waiting = drive.submit(drive.draft(valid_filing(6)))
    return {
        "draft": draft,
        "in_review": in_review,
        "verifying": verifying.number,
        "waiting": waiting,
        "mobile": mask_mobile(verifying.owner.mobile),
        "owner": people.owner.id,
        "second": people.second_reviewer.id,
        **drive.do(_more, drive, draft, verifying),
    }


def _register(account_id: int, n: int) -> None:
    filed = {"filed_at": clock.now(), "icp_number": f"浙ICP备202600000{n}号"}
    entity = RegisteredEntity(
        account_id=account_id,
        province="ZJ",
        certificate_digest="",
        content={"entity": {"name": f"entity {n}"}},
        **filed,
    )
    db.session.add(entity)
    db.session.flush()
    filed["icp_number"] = f"{filed['icp_number']}-1"
    service = {"kind": "website", "content": {"name": f"service {n}"}}
    db.session.add(RegisteredService(entity_id=entity.id, **service, **filed))


def _more(drive: Any, draft: str, verifying: Stage) -> dict[str, Any]:
    order = verifying.order
    for n in (1, 2):
        _register(drive.applicant.id, n)
    for account_id in (drive.applicant.id, drive.reviewer.id):
        queue_letter(RECOVER, locked(account_id))
    db.session.commit()
    leaders = {one: Viewer(order.id, "entity-leader", one, order.share_epoch) for one in WORDS}
    return {
        "paper": materials_of(drive.order(draft))[-1].id,
        **{one: f"/status/{make_token(leader, clock.now())}" for one, leader in leaders.items()},
    }


@contextmanager
def _spoilt(app: Flask, column: str, where: str, how: str) -> Iterator[None]:
    """Some values as a disk or a wrong set of keys may leave them; afterwards as they were."""
    table, name = column.split(".")
    where = where.replace("{}", table)
    with app.app_context(), db.engine.begin() as connection:
        kept = connection.execute(text(f"SELECT id, {name} FROM {table} WHERE {where}")).all()
        spoil = f"UPDATE {table} SET {name} = {SPOILT[how][0].format(name)} WHERE {where}"
        assert connection.execute(text(spoil)).rowcount == len(kept) > 0, column
    yield
    with app.app_context(), db.engine.begin() as connection:
        for row, value in kept:
            mend = f"UPDATE {table} SET {name} = :value WHERE id = :row"
            connection.execute(text(mend), {"value": value, "row": row})


def test_56_what_cannot_be_read_takes_nothing_else_with_it_and_is_said_plainly(
    app: Flask, people: People, places: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    for who in ("owner", "reviewer", "administrator", "nobody"):
        people.client(who).lint = False
    for how in SPOILT:
        _lists_show_the_others_and_say_which_cannot_be_read(app, people, places, how)
        _lists_that_need_nothing_of_it_say_nothing_of_it(app, people, places, how)
        _pages_about_it_say_so_and_tell_nothing_else(app, people, places, how, caplog)


def _lists_show_the_others_and_say_which_cannot_be_read(
    app: Flask, people: People, places: dict[str, Any], how: str
) -> None:
    languages = WORDS if how == "damaged" else ("en",)
    for (column, where), views in LISTS.items():
        with _spoilt(app, column, where.format("{}", **places), how):
            for (who, path, other), language in product(views, languages):
                limiter.reset()
                places["link"] = places[language]
                asked = {"Accept-Language": language[:2]}
                page = people.client(who).get(path.format(**places), headers=asked)
                assert page.status_code == 200, (column, path, page.status_code)
                assert WORDS[language] in page.text, (column, path)
                assert other.format(**places) in page.text, (column, path)


def _lists_that_need_nothing_of_it_say_nothing_of_it(
    app: Flask, people: People, places: dict[str, Any], how: str
) -> None:
    with (
        _spoilt(app, "orders.content", "state = 'verifying'", how),
        _spoilt(app, "miit_orders.content", ONE, how),
    ):
        for who, path in UNTOUCHED:
            page = people.client(who).get(path)
            assert (page.status_code, places["verifying"] in page.text) == (200, True), path
            assert WORDS["en"] not in page.text


def _pages_about_it_say_so_and_tell_nothing_else(
    app: Flask,
    people: People,
    places: dict[str, Any],
    how: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _spoil, status, said = SPOILT[how]
    for (column, where), views in PAGES.items():
        with _spoilt(app, column, where.format("{}", **places), how):
            for who, path in views:
                caplog.clear()
                page = people.client(who).get(path.format(**places))
                assert (page.status_code, said in page.text) == (status, True), (column, path)
                assert f"<code>{page.headers['X-Request-ID']}</code>" in page.text
                assert not re.search(r"Traceback|SELECT|/console/|deadbeef", page.text)
                assert '"event": "unreadable"' in log_text(caplog.records)


def test_16_an_account_that_cannot_be_read_is_disabled_all_the_same(
    app: Flask, people: People
) -> None:
    theirs, administrator = people.client("second_reviewer"), people.client("administrator")
    with _spoilt(app, "accounts.email", f"id = {people.second_reviewer.id}", "damaged"):
        assert theirs.get("/review").status_code == 200
        administrator.submit(f"/admin/staff/{people.second_reviewer.id}/disable")
        assert theirs.get("/review").status_code == 303


def test_17_a_key_that_is_gone_lets_a_second_factor_be_set_up_anew(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = people.client("owner")
    before = client.get("/account/second-factor").text
    monkeypatch.setitem(app.extensions, "keyring", Keyring([new_key()], app.config["DIGEST_KEY"]))
    again = client.get("/account/second-factor")
    assert again.status_code == 200
    assert again.text != before
