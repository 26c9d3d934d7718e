"""Error pages: in the look, in both languages, and telling nothing about the inside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from console import errors
from console.rules.text import T
from console.web.access import PUBLIC
from tests.support.lint import LintingClient

# They give it pages of their own.
pytestmark = pytest.mark.own_app

STATUSES = [400, 403, 404, 405, 409, 413, 422, 429, 500, 503]
REFUSALS: list[tuple[Exception, int]] = [
    (errors.NotFound(T("There is no such order.")), 404),
    (errors.NotAllowed(T("Your account is not allowed to do this.")), 403),
    (errors.Changed(), 409),
    (errors.Conflict(T("Another order stands in the way.")), 409),
    (errors.Invalid(T("Check what you entered")), 422),
    (errors.Throttled(T("Too many attempts"), 77), 429),
    (errors.Busy(T("The console is busy")), 503),
]


@pytest.fixture
def raising(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | int], None]:
    """Makes `/raise` raise an exception, or abort with a status."""
    held: list[Exception | int] = []

    def view() -> str:
        if isinstance(held[0], int):
            abort(held[0])
        raise held[0]

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/raise", "raise", view)
    monkeypatch.setattr("console.web.access.PUBLIC", PUBLIC | {"/raise"})
    return lambda what: held.insert(0, what)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_page_and_a_fragment(
    client: LintingClient, raising: Callable[[Exception | int], None], status: int
) -> None:
    raising(status)
    page = client.get("/raise")
    assert page.status_code == status
    assert f'data-error="{status}"' in page.text
    assert page.headers["X-Request-ID"] in page.text
    fragment = client.get("/raise", headers={"HX-Request": "true"})
    assert fragment.status_code == status
    assert "<html" not in fragment.text
    assert 'role="alert"' in fragment.text


@pytest.mark.parametrize(("refusal", "status"), REFUSALS)
def test_a_refusal_of_the_domain_becomes_its_status_and_says_why(
    client: LintingClient,
    raising: Callable[[Exception | int], None],
    refusal: errors.Refusal,
    status: int,
) -> None:
    raising(refusal)
    answer = client.get("/raise")
    assert answer.status_code == status
    assert str(refusal.text) in answer.text


def test_throttled_and_busy_say_when_to_try_again(
    client: LintingClient, raising: Callable[[Exception | int], None]
) -> None:
    raising(errors.Throttled(T("Too many attempts"), 77))
    assert client.get("/raise").headers["Retry-After"] == "77"
    raising(errors.Busy(T("The console is busy")))
    assert client.get("/raise").headers["Retry-After"] == "5"


def test_an_unexpected_fault_tells_nothing_about_the_inside(
    client: LintingClient, raising: Callable[[Exception | int], None]
) -> None:
    raising(RuntimeError("SELECT secret FROM /srv/console/hidden.py"))
    answer = client.get("/raise")
    assert answer.status_code == 500
    for inside in ("secret", "hidden.py", "RuntimeError", "Traceback", "Werkzeug", "Flask"):
        assert inside not in answer.text


def test_a_database_out_of_reach_is_out_of_service_not_a_fault(
    client: LintingClient, raising: Callable[[Exception | int], None]
) -> None:
    raising(OperationalError("SELECT 1", {}, Exception("disk full")))
    answer = client.get("/raise")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "disk full" not in answer.text


def test_errors_speak_the_language_of_the_browser(client: LintingClient) -> None:
    english = client.get("/nowhere", headers={"Accept-Language": "en"})
    chinese = client.get("/nowhere", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert '<html lang="en">' in english.text
    assert '<html lang="zh-Hans">' in chinese.text


@pytest.mark.parametrize("path", ["/console", "/.git/config", "/.env", "/static/../config.py"])
def test_what_scanners_look_for_is_not_there(client: LintingClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_trace_is_refused(client: LintingClient) -> None:
    assert client.open("/login", method="TRACE").status_code == 405


def test_a_body_beyond_the_limit_is_refused(client: LintingClient) -> None:
    answer = client.post("/login", data=b"x" * (26 * 1024 * 1024), content_type="text/plain")
    assert answer.status_code in {400, 413}


def test_a_form_of_too_many_or_too_long_fields_is_refused(client: LintingClient) -> None:
    long = client.submit("/login", {"email": "x" * 2_000_000, "password": "y"})
    assert long.status_code == 413
    many = client.submit(
        "/login", {f"f{n}": "x" for n in range(600)}, content_type="multipart/form-data"
    )
    assert many.status_code == 413


def test_hostile_input_makes_no_line_of_its_own_in_the_log(
    client: LintingClient, caplog: pytest.LogCaptureFixture
) -> None:
    import json

    from console.logs import JsonLines

    client.get("/x%0d%0aforged%e2%80%a8line%1b[31m")
    for record in caplog.records:
        line = JsonLines().format(record)
        assert "\n" not in line
        assert line.isascii()
        assert "forged" not in line
        json.loads(line)
    assert any(record.name == "console.access" for record in caplog.records)
