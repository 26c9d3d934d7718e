"""Our own script in a real browser: countdowns, the tag of polls, a CDN out of reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, render_template_string, request
from playwright.sync_api import BrowserContext, Page

from console import clock as console_clock
from console.web.access import PUBLIC
from tests.support.browsers import sign_in_page
from tests.support.clocks import Clock
from tests.support.people import PASSWORD, People

# They give the app pages of their own.
pytestmark = [pytest.mark.browser, pytest.mark.own_app]

PAGE = """{% extends "base.html" %}{% from "_macros.html" import countdown, post_button %}
{% block title %}Live{% endblock %}
{% block content %}<h1>Live</h1>{{ countdown(deadline) }}{{ fragment | safe }}
{{ post_button("/count", "Count") }}{% endblock %}"""
FRAGMENT = (
    '<div id="live" data-hx-get="/fragment" data-hx-trigger="every 1s" data-hx-swap="outerMorph"'
    ' data-hx-ptag="{tag}" data-announce="news {tag}">version {tag}</div>'
)


class Live:
    """What the test's page holds and what its server has been asked."""

    def __init__(self) -> None:
        self.version = "v1"
        self.tags: list[str | None] = []
        self.posts = 0


@pytest.fixture
def live(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Live:
    """A page with a poll, a countdown of two hours and a button."""
    live = Live()

    def page() -> str:
        return render_template_string(
            PAGE,
            deadline=console_clock.now() + timedelta(hours=2),
            fragment=FRAGMENT.format(tag=live.version),
        )

    def fragment() -> tuple[str, int]:
        live.tags.append(request.headers.get("HX-PTag"))
        if request.headers.get("HX-PTag") == live.version:
            return "", 304
        return FRAGMENT.format(tag=live.version), 200

    def count() -> tuple[str, int]:
        live.posts += 1
        return "", 204

    app.add_url_rule("/live", "live", page)
    app.add_url_rule("/fragment", "fragment", fragment)
    app.add_url_rule("/count", "count", count, methods=["POST"])
    monkeypatch.setattr("console.web.access.PUBLIC", PUBLIC | {"/live", "/fragment", "/count"})
    return live


def opened(browser: Callable[..., BrowserContext], **options: object) -> Page:
    """The live page in a browser of its own."""
    page = browser(**options).new_page()
    page.goto("/live")
    return page


def test_the_look_and_htmx_break_no_policy(
    browser: Callable[..., BrowserContext], people: People, live: Live
) -> None:
    context = browser()
    page = context.new_page()
    for path in ("/", "/login", "/register", "/nowhere", "/live"):
        page.goto(path)
    page.wait_for_function("window.htmx !== undefined")
    sign_in_page(page, people.owner.email, PASSWORD)
    assert context.violations == []  # type: ignore[attr-defined]


def test_a_changed_byte_of_htmx_is_not_run(
    browser: Callable[..., BrowserContext], app: Flask, live: Live
) -> None:
    from tests.support.assets import htmx_file

    context = browser()
    broken = htmx_file("htmx.min.js").read_bytes() + b" "
    context.route(
        "**/htmx.min.js",
        lambda route: route.fulfill(
            body=broken,
            content_type="text/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    page = context.new_page()
    page.goto("/live")
    page.wait_for_load_state("load")
    assert page.evaluate("window.htmx === undefined")


def test_the_poll_carries_its_tag_and_follows_the_fragment(
    browser: Callable[..., BrowserContext], live: Live
) -> None:
    page = browser().new_page()
    page.clock.install()
    page.goto("/live")
    page.wait_for_function("window.htmx !== undefined")

    def nothing_new() -> None:
        with page.expect_response(lambda r: r.url.endswith("/fragment") and r.status == 304):
            page.clock.run_for(1_000)

    nothing_new()
    live.version = "v2"
    page.clock.run_for(1_000)
    page.get_by_text("version v2").wait_for()
    nothing_new()
    assert None not in live.tags
    assert set(live.tags) == {"v1", "v2"}
    assert page.locator("#announcer").text_content() == "news v2"


def test_the_countdown_goes_by_the_clock_of_the_server(
    browser: Callable[..., BrowserContext], live: Live, clock: Clock
) -> None:
    clock.move(hours=100)  # the browser's own clock would say that more than four days are left
    page = opened(browser)
    shown = page.locator("[data-countdown]")
    assert shown.text_content() in {"2 h 00 min", "1 h 59 min"}
    assert page.locator(".countdown").get_attribute("class") == "countdown is-soon"


def test_without_the_cdn_the_live_page_reloads_itself(
    browser: Callable[..., BrowserContext], live: Live
) -> None:
    page = browser(cdn=False).new_page()
    page.clock.install()
    page.goto("/live")
    live.version = "v2"
    page.clock.run_for(15_000)
    page.get_by_text("version v2").wait_for()
    assert page.evaluate("window.htmx === undefined")


def test_a_button_pressed_twice_sends_once(
    browser: Callable[..., BrowserContext], live: Live
) -> None:
    page = opened(browser)
    button = page.get_by_role("button", name="Count")
    with page.expect_response(lambda r: r.url.endswith("/count")):
        button.click()
    button.click()
    # Whatever the second click sent has been served when a later request is.
    page.evaluate("new Promise(r => setTimeout(r, 100)).then(() => fetch('/fragment'))")
    assert live.posts == 1


@pytest.mark.parametrize("width", [360, 640])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_nothing_sticks_out_at_a_small_width(
    browser: Callable[..., BrowserContext], live: Live, language: str, width: int
) -> None:
    page = browser(locale=language, viewport={"width": width, "height": 740}).new_page()
    for path in ("/", "/login", "/register", "/nowhere", "/live"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_browser_stores_nothing_of_ours(
    browser: Callable[..., BrowserContext], live: Live
) -> None:
    page = opened(browser)
    page.wait_for_function("window.htmx !== undefined")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
