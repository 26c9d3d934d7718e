"""Headless Chromium against a live server, with the CDN's files from the npm package."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from werkzeug.serving import make_server

from tests.support.assets import htmx_file

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """Debian's Chromium. Fails the test loudly where there is none."""
    for name in (os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium")):
        if name and Path(name).exists():
            return name
    pytest.fail("Chromium is needed for the tests marked browser: apt-get install chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The app on a port of its own; the address without a slash at its end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # How long its end may take: by itself it looks up twice a second, which adds up.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def answer_from_package(base: str) -> Callable[[Route], None]:
    """A route handler that answers the CDN's address with the package's files, as they are."""
    prefix = urlsplit(base).path.rstrip("/") + "/"

    def handle(route: Route) -> None:
        path = urlsplit(route.request.url).path.removeprefix(prefix)
        route.fulfill(
            body=htmx_file(path).read_bytes(),
            content_type="text/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        )

    return handle


@pytest.fixture
def browser(
    chromium: Browser, app: Flask, live_server: str
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts on the live server; keywords are Playwright's (locale, viewport …).

    A context's `violations` collects what breaks the security policy or raises in a page.
    `cdn=False` cuts the CDN off.
    """
    made: list[BrowserContext] = []

    def new(cdn: bool = True, **options: Any) -> BrowserContext:
        # Without smooth scrolling, whose end each click would wait for.
        usual = {"locale": "en-GB", "reduced_motion": "reduce"}
        context = chromium.new_context(base_url=live_server, **{**usual, **options})
        base = app.config["HTMX_URL"]
        if cdn:
            context.route(f"{base}/**", answer_from_package(base))
        else:
            context.route(f"{base}/**", lambda route: route.abort())
        context.violations = []  # type: ignore[attr-defined]
        context.on("console", lambda message: _note(context, message.text))
        context.on("weberror", lambda error: _note(context, f"Uncaught {error.error}"))
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


def _note(context: BrowserContext, text: str) -> None:
    if "Content Security Policy" in text or text.startswith("Uncaught"):
        context.violations.append(text)  # type: ignore[attr-defined]


def sign_in_page(page: Page, email: str, password: str) -> None:
    """Sign in through the form, as a person does."""
    page.goto("/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)
