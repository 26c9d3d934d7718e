"""SECURITY 51-56: what goes in, from outside."""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from console.logs import JsonLines
from tests.security.kit import log_text, rude
from tests.support.costs import cost
from tests.support.filings import entity_form, service_form, valid_filing
from tests.support.people import PASSWORD, People
from tests.web.filling.desk import Applicant, value_of
from tests.web.pages.conftest import Hands
from tests.web.pages.conftest import Stage as Case


@pytest.fixture
def owner(app: Flask, people: People) -> Applicant:
    """An applicant with a draft."""
    applicant = Applicant(app, people.client("owner"))
    applicant.start()
    return applicant


CONTROLS = 'a\r\nlevel=critical b\u2028c\x1b[31md\x00e\u2029f\x85g"}{h'


def test_51_whatever_is_sent_one_event_is_one_line_of_json(
    owner: Applicant, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = owner.client
    client.lint = False
    client.get(f"/x{quote(CONTROLS)}?q={quote(CONTROLS)}", headers={"User-Agent": 'a\u00e9 {}"'})
    owner.send("entity", {"entity-name": CONTROLS, "entity_leader-mobile": CONTROLS})
    client.submit("/login", {"email": CONTROLS, "password": CONTROLS})
    client.submit("/miit/verify", {"mobile": CONTROLS, "last_six": CONTROLS, "code": CONTROLS})
    client.get(f"/status/{quote(CONTROLS)}")
    client.post("/orders/new", data={"csrf_token": CONTROLS})
    logging.getLogger("anything").warning("%s", CONTROLS, extra={"fields": {"x": CONTROLS}})
    lines = log_text(caplog.records).split("\n")
    assert len(lines) == len(caplog.records) > 6
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        entry = json.loads(line)
        assert entry["time"]
        assert entry["event"]
    access = [json.loads(line) for line in lines if '"console.access"' in line]
    assert all(entry["request_id"] for entry in access)


def test_51_a_fault_is_logged_by_place_and_kind_without_values() -> None:
    try:
        raise ValueError("the mobile number 13800138000")
    except ValueError:
        import sys

        record = logging.LogRecord("x", 40, "f", 1, "failed", (), sys.exc_info())
    line = JsonLines().format(record)
    assert "13800138000" not in line
    assert json.loads(line)["error"] == "ValueError"


LONG = [
    "a" * 50_000,
    "<" * 50_000,
    "1" * 50_000,
    "\u202e" * 50_000,
    "(" * 50_000,
    "." * 50_000,
    "@" * 50_000,
    "a@" * 25_000,
    "-" * 50_000,
    "𠮷" * 50_000,
    " " * 50_000,
    "xn--" * 12_500,
]


@pytest.mark.parametrize("value", LONG, ids=range(len(LONG)))
def test_52_a_very_long_value_in_any_field_is_answered_within_a_second(
    owner: Applicant, app: Flask, value: str
) -> None:
    filing = valid_filing(1, two_people=True)
    client = owner.client
    client.lint = False
    forms = [
        (owner.path("entity"), {**dict.fromkeys(entity_form(filing), value), "revision": "1"}),
        (owner.path("services/1"), dict.fromkeys(service_form(filing.services[0]), value)),
        ("/orders/new", {"type": value, "websites": value, "key": value}),
        ("/miit/verify", {"mobile": value, "last_six": value, "code": value}),
    ]
    for path, form in forms:
        client.submit(path, dict.fromkeys(form, "x"))  # so that its template is compiled
        for name in form:
            # One field at a time, then all at once: no sum of small costs either.
            short = {n: v if n == name else "x" for n, v in form.items()}
            _quick(client, path, short)
            if len(form) > 5:
                break
        _quick(client, path, form)
    _quick(rude(app), "/login", {"email": value, "password": value})
    _quick(rude(app), "/register", {"email": f"{value[:200]}@example.cn", "password": value,
                                    "password_confirm": value})  # fmt: skip


def _quick(client: Any, path: str, form: dict[str, str]) -> None:
    token = client.token()
    answer, spent = cost(lambda: client.post(path, data={"csrf_token": token, **form}))
    assert answer.status_code < 500, path
    assert spent < 1, (path, spent)


def test_52_bodies_parts_and_fields_have_limits(app: Flask) -> None:
    client = rude(app)
    big = client.post("/login", data={"email": "x" * 2_000_000})
    many = client.post(
        "/login", data={f"f{n}": "x" for n in range(2000)}, content_type="multipart/form-data"
    )
    plain = "application/x-www-form-urlencoded"
    body = client.post("/login", data=b"x" * 80_000_000, content_type=plain)
    assert {big.status_code, many.status_code, body.status_code} <= {400, 413}
    assert client.post("/login", data={f"f{n}": "x" for n in range(2000)}).status_code == 413
    pieces = {"Transfer-Encoding": "chunked"}
    assert client.post("/login", data={"email": "a"}, headers=pieces).status_code == 411


@pytest.mark.parametrize("unseen", ["\u3164", "\u200b", "\ufe0f", "\u202e"])
def test_54_an_address_with_what_nobody_sees_makes_no_account(people: People, unseen: str) -> None:
    email = f"col{unseen}league@example.cn"
    data = {"email": email, "roles": ["reviewer"]}
    assert people.client("administrator").submit("/admin/staff", data).status_code == 422
    given = {"email": email, "password": PASSWORD, "password_confirm": PASSWORD}
    answer = people.client("nobody").submit("/register", given)
    assert answer.status_code in (200, 422)
    assert "name@example.cn" in answer.text


DOMAINS = {
    "茶叶.cn": "xn--qpr921i.cn",
    "XN--QPR921I.CN": "xn--qpr921i.cn",
    "Xizi-Tea.CN": "xizi-tea.cn",
    "http://xizi-tea.cn/": None,
    "xizi-tea.cn:8080": None,
    "xizi-tea.cn/path": None,
    "47.96.0.1": None,
    "xizi\u00ad-tea.cn": None,
    "xizi-tea.cn.": None,
    "-x.cn": None,
    "cn": None,
    "com.cn": None,
    "x_y.cn": None,
    "a" * 64 + ".cn": None,
}


@pytest.mark.parametrize("typed", DOMAINS)
def test_53_a_domain_is_kept_as_its_a_label_or_refused_by_the_written_rule(
    owner: Applicant, typed: str
) -> None:
    form = service_form(valid_filing(1, two_people=True).services[0])
    form |= {"service-domain": typed}
    if DOMAINS[typed]:
        form["service-home_address"] = f"www.{DOMAINS[typed]}"
    answer = owner.send("services/1", form)
    kept = owner.filing().services[0].domain
    if answer.status_code == 303:
        # What is not refused is normalised: to the domain that is meant, and to nothing else.
        assert kept == (DOMAINS[typed] or "xizi-tea.cn")
        page = owner.get("services/1").text + owner.get("check").text
        assert not kept.startswith("xn--") or ("茶叶.cn" in page and kept in page)
    else:
        assert (answer.status_code, kept) == (422, "")
        assert DOMAINS[typed] is None
        assert value_of(answer, "service-domain") == typed


def test_53_a_look_alike_of_two_scripts_is_flagged_to_the_reviewer(
    people: People, drive: Hands
) -> None:
    from tests.support.filings import website

    mixed = "xn--xizi-ta-dhg.cn"  # the e is Cyrillic
    filing = valid_filing(1, services=[website(1, domain=mixed, home_address=f"www.{mixed}")])
    number = drive.submit(drive.draft(filing))
    page = people.client("reviewer").get(f"/review/{number}").text
    assert re.search(r"script|look", page, re.I)
    assert "xizi-tеa.cn" in page


NAMES = {
    "𠮷田𠀋": "𠮷田𠀋",
    "买买提·吐尔逊": "买买提·吐尔逊",
    "Zoe\u0308": "Zoë",
    " 陈晓岚 ": "陈晓岚",
}


UNSEEN = ["陈\u200b晓岚", "陈\u202e晓岚", "陈晓岚\ufeff", "陈\u0000晓", "陈\u2066晓岚"]


@pytest.mark.parametrize("typed", NAMES)
def test_54_rare_characters_and_middle_dots_survive_a_round_trip(
    owner: Applicant, typed: str
) -> None:
    form = entity_form(valid_filing(1, two_people=True))
    owner.send("entity/later", {**form, "entity_leader-name": typed})
    assert owner.filing().entity_leader.name == NAMES[typed]
    assert value_of(owner.get("entity"), "entity_leader-name") == NAMES[typed]


@pytest.mark.parametrize("typed", UNSEEN)
def test_54_characters_nobody_sees_do_not_get_into_a_name(owner: Applicant, typed: str) -> None:
    form = entity_form(valid_filing(1, two_people=True))
    answer = owner.send("entity", {**form, "entity_leader-name": typed})
    kept = owner.filing().entity_leader.name
    assert all(c.isprintable() for c in kept)
    assert answer.status_code == 422 or kept in ("陈晓岚", "陈晓")


def test_54_a_name_that_arrives_cut_is_refused_rather_than_kept_in_part(owner: Applicant) -> None:
    form = entity_form(valid_filing(1, two_people=True))
    cut = "杭州青禾茶业有限公司".encode()[:-1].decode(errors="replace")  # as forms are read
    assert owner.send("entity", {**form, "entity-name": cut}).status_code == 422
    assert owner.filing().entity.name == ""


HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "127.0.0.1.evil.cn",
    "",
    "evil.example:5000",
    "[::1].evil",
]


@pytest.mark.parametrize("host", HOSTS)
def test_55_an_unknown_host_is_refused_and_nothing_is_built_from_it(
    app: Flask, people: People, verifying: Case, host: str
) -> None:
    owner = people.client("owner")
    for path in ("/", "/login", f"/orders/{verifying.number}", "/orders/1"):
        answer = owner.get(path, headers={"Host": host})
        if host:
            assert answer.status_code == 400, path
        assert "evil" not in answer.text + str(answer.headers)
    forwarded = owner.get(
        f"/orders/{verifying.number}",
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    assert forwarded.status_code == 200
    assert "evil" not in forwarded.text


@pytest.mark.parametrize("fault", [RuntimeError, KeyError, ZeroDivisionError, RecursionError])
def test_56_any_fault_is_a_generic_page_with_a_number(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch, fault: type[Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_args: Any) -> Any:
        raise fault("SELECT secret FROM accounts at /srv/console/hidden.py")

    monkeypatch.setattr("console.web.orders.own_orders", fail)
    answer = people.client("owner").get("/orders")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    inside = r"Traceback|secret|hidden\.py|SELECT|sqlalchemy|werkzeug|flask|python|site-packages"
    assert not re.search(inside, answer.text, re.I)
    assert answer.headers["X-Request-ID"] in log_text(caplog.records)


@pytest.mark.parametrize(
    "path",
    [
        "/console",
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/config.py",
        "/instance/console.sqlite3",
        "/static/../config.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/server-status",
    ],
)
def test_56_what_scanners_look_for_is_not_there(app: Flask, path: str) -> None:
    assert rude(app).get(path).status_code == 404
    assert rude(app).open("/", method="TRACE").status_code == 405
