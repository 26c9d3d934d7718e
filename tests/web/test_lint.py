"""The lint that looks over every page: each fault is found in a page made for it."""

from __future__ import annotations

import pytest
from flask import Flask

from console.web.access import PUBLIC

# They give it pages of their own.
pytestmark = pytest.mark.own_app

HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title></head><body>'
FAULTS = [
    ("<h1>a</h1><h1>b</h1>", "2 h1 elements"),
    ("<p>none</p>", "0 h1 elements"),
    ('<h1 id="a">a</h1><p id="a">b</p>', "id a appears 2 times"),
    ('<h1>a</h1><form method="post"></form>', "form without action"),
    ('<h1>a</h1><input name="n">', "input n has no label"),
    ('<h1>a</h1><label for="x">x</label>', "label for nothing: x"),
    ('<h1>a</h1><p aria-describedby="x">x</p>', "aria-describedby points to nothing: x"),
    ("<h1>a</h1><p><div>x</div></p>", "markup"),
    ('<h1>a</h1><p data-hx-gett="/x">x</p>', "unknown attribute data-hx-gett"),
    ('<h1>a</h1><p hx-get="/x">x</p>', "hx-get instead of data-hx-get"),
    ('<h1>a</h1><p data-hx-on:click="x()">x</p>', "unknown attribute data-hx-on:click"),
    ('<h1>a</h1><p data-hx-trigger="click[ctrlKey]">x</p>', "trigger filter"),
    ('<h1>a</h1><p data-hx-vals="js:x">x</p>', "script in data-hx-vals"),
    ("<h1>a</h1><script>x()</script>", "inline script"),
    ('<h1>a</h1><script src="//cdn.example/x.js"></script>', "script without integrity"),
    ('<h1>a</h1><p style="color:red">x</p>', "inline style on p"),
    ('<h1>a</h1><p onclick="x()">x</p>', "event handler onclick on p"),
    ("<h1>a</h1><button>x</button>", "button without type"),
    ('<h1>a</h1><img src="/x.png">', "image without alt"),
]


@pytest.mark.parametrize(("body", "found"), FAULTS)
def test_the_lint_finds_what_is_wrong(
    app: Flask, monkeypatch: pytest.MonkeyPatch, body: str, found: str
) -> None:
    app.add_url_rule("/page", "page", lambda: HEAD + body + "</body></html>")
    monkeypatch.setattr("console.web.access.PUBLIC", PUBLIC | {"/page"})
    with pytest.raises(AssertionError, match=found.replace("(", r"\(")):
        app.test_client().get("/page")


def test_a_faultless_page_passes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    body = '<h1>a</h1><form action="/x" method="post"><label>n <input name="n"></label></form>'
    app.add_url_rule("/page", "page", lambda: HEAD + body + "</body></html>")
    monkeypatch.setattr("console.web.access.PUBLIC", PUBLIC | {"/page"})
    assert app.test_client().get("/page").status_code == 200
