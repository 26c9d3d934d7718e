"""SECURITY 12, 19: each limit of tries is reached, counts whom it says, and is not got around."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from limits import RateLimitItem
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from console import clock
from console.web import throttle
from console.web.tokens import Viewer, make_token
from tests.security.kit import rude
from tests.support.filings import valid_filing
from tests.support.people import PASSWORD, People, sign_in
from tests.web.pages.conftest import Hands

DOC = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z_]+)` \| [^|]+ \| ([^|]+) \| (\d+) in (\d+) minutes \|$", re.M)
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.8"
ITEMS = {name: item for name, item in vars(throttle).items() if isinstance(item, RateLimitItem)}
NEW = {"new_password": "another river", "new_password_confirm": "another river"}


class Scene:
    """Who asks from where. Whatever else a request tells of itself differs each time."""

    def __init__(self, people: People, drive: Hands) -> None:
        self.people, self.drive, self.asked = people, drive, 0
        self.numbers: dict[str, str] = {}

    def ask(self, who: str, path: str, data: dict[str, Any], address: str) -> TestResponse:
        """Post a form in this person's browser; nobody's is new each time."""
        client = self.people.client(who) if who else rude(self.people.app)
        client.lint = False
        self.asked += 1
        told = f"10.1.1.{self.asked}"
        answer: TestResponse = client.submit(
            path,
            data,
            headers={"X-Forwarded-For": told, "X-Real-IP": told, "User-Agent": told},
            environ_overrides={"REMOTE_ADDR": address},
        )
        return answer

    def fresh(self) -> str:
        """An address that has no account."""
        return f"somebody-{self.asked}@example.cn"

    def order(self, who: str) -> str:
        """A draft of the owner, or of the other applicant."""
        if who not in self.numbers:
            hands = self.drive._drive
            hands.applicant = getattr(self.people, who).actor
            self.numbers[who] = self.drive.draft(valid_filing(len(self.numbers) + 1))
        return self.numbers[who]

    def link(self, who: str) -> str:
        """A leader's link to it."""
        order = self.drive.order(self.order(who))
        viewer = Viewer(order.id, "entity-leader", "en", order.share_epoch)
        return f"/status/{self.drive.do(make_token, viewer, clock.now())}"

    def sign_in(self, email: str, address: str) -> TestResponse:
        """With a wrong password."""
        return self.ask("", "/login", {"email": email, "password": "not it at all"}, address)

    def email(self, who: str) -> str:
        """Of an account."""
        return str(getattr(self.people, who).email)


Attempt = Callable[[Scene, str, str], TestResponse]


def _sign_up(scene: Scene, email: str, address: str) -> TestResponse:
    password = {"password": PASSWORD, "password_confirm": PASSWORD}
    return scene.ask("", "/register", {"email": email, **password}, address)


def _upload(scene: Scene, who: str, address: str) -> TestResponse:
    file = {"file-other": (io.BytesIO(b"no picture"), "a.png")}
    return scene.ask(who, f"/orders/{scene.order(who)}/edit/materials/add", file, address)


def _second_step(scene: Scene, who: str, address: str) -> TestResponse:
    browser = rude(scene.people.app)
    sign_in(browser, scene.email(who))
    told = {"X-Forwarded-For": f"10.2.2.{scene.asked}"}
    peer = {"REMOTE_ADDR": address}
    answer: TestResponse = browser.submit(
        "/second-factor", {"code": "000000"}, headers=told, environ_overrides=peer
    )
    return answer


# What one attempt is, by whom (an account or whose order) and from where.
ATTEMPTS: dict[str, Attempt] = {
    "SIGN_IN_PER_ACCOUNT": lambda s, who, at: s.sign_in(s.email(who), at),
    "SIGN_IN_ANYWHERE": lambda s, who, at: s.sign_in(s.email(who), at),
    "SIGN_IN_PER_ADDRESS": lambda s, who, at: s.sign_in(s.fresh(), at),
    "SIGN_UP_PER_ADDRESS": lambda s, who, at: _sign_up(s, s.fresh(), at),
    "SIGN_UP_PER_ACCOUNT": lambda s, who, at: _sign_up(s, s.email(who), at),
    "UPLOADS_PER_ACCOUNT": _upload,
    "CONFIRM_PER_ADDRESS": lambda s, who, at: s.ask("", f"{s.link(who)}/confirm", {}, at),
    "REPORT_PER_ADDRESS": lambda s, who, at: s.ask("", f"{s.link(who)}/language", {}, at),
    "SECOND_FACTOR": _second_step,
    "SECOND_FACTOR_A_DAY": _second_step,
    "OWN_PASSWORD": lambda s, who, at: s.ask(
        who, "/account/password", {"password": "x", **NEW}, at
    ),
    "RECOVER_PER_ADDRESS": lambda s, who, at: s.ask("", "/recover", {"email": s.fresh()}, at),
    "RECOVER_PER_ACCOUNT": lambda s, who, at: s.ask("", "/recover", {"email": s.email(who)}, at),
    "CONFIRM_MAILS": lambda s, who, at: s.ask(who, "/account/confirm", {}, at),
}
NO_REFUSAL = {"REFUSALS_ON_RECORD"}  # it bounds what the trail is told


@pytest.fixture
def scene(people: People, drive: Hands) -> Scene:
    """Both applicants."""
    return Scene(people, drive)


def test_19_the_table_of_limits_is_the_code_s() -> None:
    told = {row[1]: (int(row[3]), int(row[4])) for row in ROW.finditer(DOC)}
    assert told == {name: (item.amount, item.multiples) for name, item in ITEMS.items()}
    assert set(ATTEMPTS) | NO_REFUSAL == set(ITEMS)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_19_each_limit_counts_whom_it_says_and_believes_no_header(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (by,) = (row[2].split(" and ") for row in ROW.finditer(DOC) if row[1] == name)
    if name == "SIGN_UP_PER_ACCOUNT":  # only a mail tells of an account there
        monkeypatch.setitem(app.config, "MAIL_URL", "smtp://localhost")
    if name.startswith("SECOND_FACTOR"):
        _have_second_factors(scene.people)
    monkeypatch.setattr(ITEMS[name], "amount", 2)
    attempt = ATTEMPTS[name]
    statuses = [attempt(scene, "owner", HERE).status_code for _ in range(2)]
    assert 429 not in statuses
    refused = attempt(scene, "owner", HERE)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= ITEMS[name].multiples * 60 + 1
    assert (attempt(scene, "owner", ELSEWHERE).status_code == 429) is ("address" not in by)
    assert (attempt(scene, "other", HERE).status_code == 429) is ("account" not in by)


def _have_second_factors(people: People) -> None:
    from console.extensions import db
    from console.models import Account
    from console.services.totp import new_secret

    with people.app.app_context():
        for person in (people.owner, people.other):
            db.session.get_one(Account, person.id).totp_secret = new_secret()
        db.session.commit()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "statuses"),
    [
        (0, "203.0.113.{n}", [422, 422, 429]),  # nobody in front: the header is anybody's word
        (1, "203.0.113.{n}, 192.0.2.1", [422, 422, 429]),  # what the proxy added is the last
        (1, "192.0.2.1, 203.0.113.{n}", [422, 422, 422]),
    ],
)
def test_19_of_forwarded_addresses_only_the_trusted_proxy_s_is_taken(
    app: Flask,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    proxies: int,
    forwarded: str,
    statuses: list[int],
) -> None:
    monkeypatch.setattr(throttle.SIGN_IN_PER_ADDRESS, "amount", 2)
    if proxies:
        monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=proxies))
    wrong = {"email": people.owner.email, "password": "not it at all"}
    found = [
        rude(app).submit("/login", wrong, headers={"X-Forwarded-For": forwarded.format(n=n)})
        for n in range(3)
    ]
    assert [answer.status_code for answer in found] == statuses
