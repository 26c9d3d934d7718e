"""What a page loads: one style sheet and one script of ours, small, and cached for good."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from console.web import assets
from console.web.scoped import scoped
from tests.security.kit import rude
from tests.support.people import People
from tests.web.pages.conftest import Stage, draft, drive, handed_over, in_review, verifying
from tests.web.pages.reading import link

__all__ = ["draft", "drive", "handed_over", "in_review", "verifying"]
LOADED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="([^"]+)"')
# htmx and its extension come from elsewhere; the page names them by digest, so they weigh the same.
HTMX = 14_000
TEMPLATES = Path(__file__).parents[2] / "templates"


def loaded(text: str) -> list[str]:
    """The files that a page names."""
    return [path for path in LOADED.findall(text) if not path.startswith("https:")]


def test_a_status_page_weighs_less_than_100_kilobytes(
    app: Flask, people: People, verifying: Stage
) -> None:
    address, browser = link(people, verifying), rude(app)
    page = browser.get(address)
    files = loaded(page.text)
    assert sorted(re.sub(r"\.\w{12}\.", ".", path) for path in files) == [
        "/static/bootstrap.css",
        "/static/console.css",
        "/static/console.js",
        "/static/icon.svg",
    ]
    answers = [browser.get(path, headers={"Accept-Encoding": "br, gzip"}) for path in files]
    assert len(page.data) + HTMX + sum(len(answer.data) for answer in answers) < 100_000
    for answer in answers:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in page.headers  # its form token must not be guessed by its size


@pytest.mark.parametrize("name", ["console.css", "console.js", "bootstrap.css", "icon.svg"])
def test_an_asset_is_the_same_packed_or_not_and_is_not_sent_twice(app: Flask, name: str) -> None:
    browser, path = rude(app), assets.asset(name)
    plain = browser.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    packed = browser.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    again = browser.get(path, headers={"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_another_version_still_gets_its_style_but_nobody_keeps_it(app: Flask) -> None:
    answer = rude(app).get("/static/console.000000000000.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert rude(app).get("/static/other.000000000000.css").status_code == 404
    assert rude(app).get("/static/console.css").status_code == 200


def test_every_sheet_and_script_is_in_the_bundle_and_every_page_names_known_ones() -> None:
    sheets = {path.stem for path in assets.HERE.glob("*.css")}
    assert sheets == {*assets.COMMON, *assets.OF_PAGES}
    assert {path.stem for path in assets.HERE.glob("*.js")} == set(assets.SCRIPTS)
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"styles-(\w+)", path.read_text("utf-8"))
    }
    assert named == set(assets.OF_PAGES)


def test_a_sheet_of_some_pages_selects_nothing_on_others() -> None:
    css = """/* { */ .a, .b:is(.c, .d) > li { color: red }
    @media (max-width: 1rem) { a[href="x,y"] { margin: 0 } }
    @keyframes turn { from { top: 0 } to { top: 1px } }"""
    assert scoped(css, ".styles-x").split("\n") == [
        ":where(.styles-x) .a, :where(.styles-x) .b:is(.c, .d) > li {color: red}",
        "@media (max-width: 1rem) {",
        ':where(.styles-x) a[href="x,y"] {margin: 0}',
        "}",
        "@keyframes turn {from { top: 0 } to { top: 1px }}",
    ]
