"""Headers on every answer, errors included."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.lint import LintingClient
from tests.support.people import People

PATHS = ["/", "/login", "/register", "/healthz", "/no-such-page", "/orders", "/static/console.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_strict_headers(client: LintingClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "script-src 'self' https://cdn.jsdelivr.net",
        "style-src 'self'",
    ):
        assert directive in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Request-ID"]


@pytest.mark.parametrize("path", [p for p in PATHS if not p.startswith("/static")])
def test_pages_are_not_stored_anywhere(client: LintingClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_static_files_may_be_cached(client: LintingClient) -> None:
    assert "max-age" in client.get("/static/console.css").headers["Cache-Control"]


def test_cookies_are_closed_to_scripts_and_to_other_sites(people: People) -> None:
    answer = people.client("owner").get("/no-such-page")
    fresh = people.client("nobody").get("/login")
    for cookie in answer.headers.getlist("Set-Cookie") + fresh.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
    assert fresh.headers.getlist("Set-Cookie")


class TestInProduction:
    """The same with what production adds."""

    @pytest.fixture
    def settings_for_app(self) -> dict[str, object]:
        return {
            "APP_ENV": "production",
            "SESSION_COOKIE_NAME": "__Host-session",
            "SESSION_COOKIE_SECURE": True,
        }

    def test_the_cookie_is_bound_to_the_host_and_to_https(self, client: LintingClient) -> None:
        (cookie,) = client.get("/login", base_url="https://localhost").headers.getlist("Set-Cookie")
        assert cookie.startswith("__Host-session=")
        assert "Secure" in cookie
        assert "Domain" not in cookie

    def test_browsers_are_told_to_stay_on_https(self, client: LintingClient) -> None:
        assert "max-age=" in client.get("/").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1"])
def test_an_unknown_host_name_is_refused(client: LintingClient, host: str) -> None:
    answer = client.get("/login", base_url=f"http://{host}")
    assert answer.status_code == 400
    assert host not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:5000"])
def test_development_answers_to_every_loopback_name(client: LintingClient, host: str) -> None:
    assert client.get("/login", base_url=f"http://{host}").status_code == 200


def test_the_policy_follows_the_address_of_htmx(app: Flask) -> None:
    from console.web.headers import _policy

    assert "script-src 'self';" in _policy("/static/htmx")
    assert "script-src 'self' https://static.example.cn:8443;" in _policy(
        "https://static.example.cn:8443/htmx"
    )
