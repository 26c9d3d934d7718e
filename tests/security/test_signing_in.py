"""SECURITY 19, 21, 23: signing in, from outside."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter

import pytest
from flask import Flask

from config import Unsafe, settings
from tests.security.kit import PRODUCTION, rude, stripped, together
from tests.support.people import People, sign_in

FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def test_19_an_unknown_address_is_answered_like_a_wrong_password(
    app: Flask, people: People
) -> None:
    known, wrong = people.owner.email, "not the password at all"
    pages = {who: sign_in(rude(app), who, wrong) for who in (known, "nobody@example.cn")}
    bodies = {
        (page.status_code, stripped(page).replace(who.encode(), b"")) for who, page in pages.items()
    }
    assert len(bodies) == 1
    times: dict[str, list[float]] = {known: [], "nobody@example.cn": []}
    for _ in range(8):
        for who, values in times.items():
            client = rude(app)
            token = FIELD.search(client.get("/login").text)
            assert token
            data = {"csrf_token": token[1], "email": who, "password": wrong}
            began = time.process_time()  # the hash's own threads included
            client.post("/login", data=data)
            values.append(time.process_time() - began)
    one, other = (statistics.median(values) for values in times.values())
    assert abs(one - other) < 0.5 * max(one, other)


def test_19_forty_wrong_passwords_at_once_do_not_beat_the_limit(app: Flask, people: People) -> None:
    email = people.owner.email
    browsers = []
    for _ in range(40):
        client = rude(app)
        token = FIELD.search(client.get("/login").text)
        assert token
        browsers.append((client, token[1]))

    def guess(n: int) -> int:
        client, token = browsers[n]
        data = {"csrf_token": token, "email": email, "password": f"wrong {n} wrong"}
        return int(client.post("/login", data=data).status_code)

    assert Counter(together(40, guess)) == {422: 10, 429: 30}
    assert sign_in(rude(app), email).status_code == 429


def test_19_many_addresses_together_do_not_guess_at_one_account_without_end(
    app: Flask, people: People
) -> None:
    email, client = people.owner.email, rude(app)
    token = FIELD.search(client.get("/login").text)
    assert token
    statuses = Counter(
        client.post(
            "/login",
            data={"csrf_token": token[1], "email": email, "password": f"wrong {n} wrong"},
            environ_overrides={"REMOTE_ADDR": f"203.0.113.{n % 250}"},
        ).status_code
        for n in range(120)
    )
    assert statuses == {422: 100, 429: 20}  # NIST 800-63B, 5.2.2: at most 100 in a row


UNSAFE = {
    "no secret": {"SECRET_KEY": ""},
    "a short secret": {"SECRET_KEY": "secret"},
    "a repeated secret": {"SECRET_KEY": "ab" * 30},
    "debug": {"DEBUG": "1"},
    "flask's debug": {"FLASK_DEBUG": "1"},
    "no encryption key": {"ENCRYPTION_KEYS": ""},
    "an empty digest key": {"DIGEST_KEY": "A" * 43 + "="},
    "plain http": {"BASE_URL": "http://console.example.cn"},
    "any host": {"TRUSTED_HOSTS": "*"},
    "a movable clock": {"CLOCK_OFFSET_FILE": "/tmp/offset"},
}


@pytest.mark.parametrize("what", UNSAFE)
def test_21_production_refuses_to_start_unsafe(what: str) -> None:
    assert settings(PRODUCTION)
    with pytest.raises(Unsafe, match=r"^(set|unset) "):
        settings(PRODUCTION | UNSAFE[what])


def test_21_nobody_is_there_from_the_start_and_the_mock_phone_is_off(
    app: Flask, production: Flask
) -> None:
    from console.queries.accounts import any_account

    with app.app_context():
        assert not any_account()
    rules = {rule.rule for rule in production.url_map.iter_rules()}
    assert not [rule for rule in rules if rule.startswith(("/miit/phone", "/miit/desk"))]
    shown = settings(PRODUCTION | {"MIIT_PAGES": "on"})
    assert shown["MIIT_PAGES"] is True


ALLOWED = [
    "eight ch",
    "correct horse battery staple " * 3,
    "  spaces at both ends  ",
    "密码很长很长很长",
    "🐉🐉🐯🐯🐰🐰🐱🐲",
    "x" * 64,
    "Aa1!" * 16,
]


REFUSED = ["seven c", "password", "12345678", "Password1", "qwertyuiop", "woaini1314", "aaaaaaaaaa",
           "987654321", "0987654321", "abcdabcd", "lkjhgfdsa", "x" * 31]  # fmt: skip


@pytest.mark.parametrize("password", ALLOWED)
def test_23_a_password_is_kept_as_typed(app: Flask, people: People, password: str) -> None:
    client = rude(app)
    email = "new.person@example.cn"
    data = {"email": email, "password": password, "password_confirm": password}
    assert client.submit("/register", data).status_code == 303
    assert sign_in(rude(app), email, password).status_code == 303
    assert sign_in(rude(app), email, password.strip() + "!").status_code == 422
    if password != password.strip():
        assert sign_in(rude(app), email, password.strip()).status_code == 422


@pytest.mark.parametrize("password", REFUSED)
def test_23_a_short_or_well_known_password_is_refused(app: Flask, password: str) -> None:
    data = {"email": "a.b@example.cn", "password": password, "password_confirm": password}
    page = rude(app).submit("/register", data)
    assert page.status_code == 422
    assert f'value="{password}"' not in page.text


def test_23_nothing_hinders_a_password_manager(app: Flask) -> None:
    for path, kind in (("/login", "current-password"), ("/register", "new-password")):
        field = re.search(r'<input[^>]*type="password"[^>]*>', rude(app).get(path).text)
        assert field
        assert f'autocomplete="{kind}"' in field[0]
        assert "onpaste" not in field[0]
        assert "pattern" not in field[0]
        assert not re.search(r'maxlength="([0-9]|[1-5][0-9]|6[0-3])"', field[0])
