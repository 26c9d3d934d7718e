"""A test client that looks over every HTML page it fetches, as a careful reviewer would."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# What html5lib complains of although the living standard allows it.
TOLERATED = {"expected-doctype-but-got-start-tag", "unexpected-start-tag-implies-table-voodoo"}
# fmt: off
HX = {  # always as data-hx-…: htmx reads both, and only this is valid HTML
    "hx-get", "hx-post", "hx-trigger", "hx-target", "hx-swap", "hx-ptag",
    "hx-select", "hx-include", "hx-disable", "hx-indicator", "hx-push-url", "hx-replace-url",
    "hx-confirm", "hx-sync", "hx-vals", "hx-headers", "hx-swap-oob", "hx-preserve",
    "hx-morph-skip", "hx-ignore", "hx-boost",
}
# fmt: on
LABELLED = {"input", "select", "textarea"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
UNLABELLED_TYPES = {"hidden", "submit", "button", "image"}


class LintingClient(FlaskClient):
    """Fails the test at the first page that is not as it should be."""

    lint = True
    _token: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As any client's, and then the lint."""
        answer = super().open(*args, **kwargs)
        if "Set-Cookie" in answer.headers:
            self._token = None  # another session, perhaps, and so another token
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self._token = found[1]
        if self.lint and answer.mimetype == "text/html" and answer.data:
            problems = check_page(answer) if _is_page(answer) else check_fragment(answer)
            assert not problems, f"{answer.request.path}: " + "; ".join(problems)
        return answer

    def submit(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with the token that this browser's session has."""
        token = self.token()
        return self.post(path, data={"csrf_token": token, **(data or {})}, **kwargs)

    def token(self) -> str:
        """A form token of this browser's session, from a page that any visitor can open."""
        if self._token is None:
            self.get("/rulebooks-token-page-that-is-missing")
        assert self._token, "no form token on the page"
        return self._token


def _is_page(answer: TestResponse) -> bool:
    return answer.text.lstrip().lower().startswith("<!doctype")


# What is not markup: the words after a tag and in attributes that hold words, numbers of orders,
# tokens. Entities stay, since a wrong one is a fault.
WORDS = re.compile(r"(?<=>)[^<&]*[^<&\s][^<&]*")
VALUES = re.compile(
    r'(\s(?:value|title|alt|aria-label|placeholder|content|datetime|data-(?!hx-)[a-z-]+))="[^"&<]+"'
)
NUMBERS = re.compile(r"\b\d{8}-[0-9A-Z]{6}\b|[\w.-]{40,}|\b[0-9a-f]{16}\b")
LONG = re.compile(r"\b[\w.-]{15,}+", re.ASCII)  # found quickly, and few: one of NUMBERS, perhaps


def skeleton(text: str) -> str:
    """The markup with "x" for its words."""
    numberless = LONG.sub(lambda found: NUMBERS.sub("x", found[0]), text)
    return WORDS.sub("x", VALUES.sub(r'\1="x"', numberless))


def check_page(answer: TestResponse) -> list[str]:
    """What is wrong with a whole page and its headers."""
    # Told of the page itself, so that lines and names are its own.
    problems = list(_page(skeleton(answer.text)) and _page(answer.text))
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        problems.append("no strict content security policy")
    return problems


@lru_cache(maxsize=5000)
def _page(text: str) -> tuple[str, ...]:
    """What is wrong with the markup; the same skeletons come again and again in a run."""
    document, problems = _parse(text)
    problems += _shared(document)
    headings = [e for e in document.iter("h1")]
    if len(headings) != 1:
        problems.append(f"{len(headings)} h1 elements")
    title = document.find("head/title")
    if title is None or not (title.text or "").strip(" ·"):
        problems.append("no title")
    if not document.get("lang"):
        problems.append("no language")
    return tuple(problems)


def check_fragment(answer: TestResponse) -> list[str]:
    """What is wrong with a fragment."""
    return list(_fragment(skeleton(answer.text)) and _fragment(answer.text))


@lru_cache(maxsize=5000)
def _fragment(text: str) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return tuple(_shared(parser.parseFragment(text)))


def _parse(text: str) -> tuple[Element, list[str]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(text)
    return document, [
        f"markup: {code} at line {position[0]}"
        for position, code, _ in parser.errors
        if code not in TOLERATED
    ]


def _shared(root: Element) -> list[str]:
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    ids = Counter(e.get("id") for e in elements if e.get("id"))
    problems = [f"id {name} appears {n} times" for name, n in ids.items() if n > 1]
    problems += [
        f"form without {a}"
        for e in elements
        if e.tag == "form"
        for a in ("action", "method")
        if not e.get(a)
    ]
    problems += _links_between(elements, set(ids))
    problems += _inline(elements)
    problems += _unknown_htmx(elements)
    return problems


def _links_between(elements: list[Element], ids: set[str | None]) -> list[str]:
    labels = {e.get("for") for e in elements if e.tag == "label"}
    wrapped = {id(inner) for e in elements if e.tag == "label" for inner in e.iter()}
    problems = [f"label for nothing: {name}" for name in labels - ids if name]
    for e in elements:
        if e.tag in LABELLED and e.get("type", "text") not in UNLABELLED_TYPES:
            named = e.get("id") in labels or id(e) in wrapped or e.get("aria-label")
            if not (named or e.get("aria-labelledby")):
                problems.append(f"{e.tag} {e.get('name')} has no label")
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (e.get(attribute) or "").split():
                if name not in ids:
                    problems.append(f"{attribute} points to nothing: {name}")
        if e.tag == "img" and e.get("alt") is None:
            problems.append("image without alt")
        if e.tag == "button" and not e.get("type"):
            problems.append("button without type")
    return problems


def _inline(elements: list[Element]) -> list[str]:
    problems = []
    for e in elements:
        if e.tag == "style" or e.get("style") is not None:
            problems.append(f"inline style on {e.tag}")
        if e.tag == "script" and not e.get("src") and e.get("type") != "application/json":
            problems.append("inline script")
        if (
            e.tag == "script"
            and "//" in e.get("src", "")
            and not (e.get("integrity") and e.get("crossorigin"))
        ):
            problems.append(f"script without integrity: {e.get('src')}")
        problems += [f"event handler {a} on {e.tag}" for a in e.attrib if a.startswith("on")]
    return problems


def _unknown_htmx(elements: list[Element]) -> list[str]:
    problems = []
    for e in elements:
        for name, value in e.items():
            plain = name.split(":")[0].removeprefix("data-")
            if not plain.startswith("hx-"):
                continue
            if not name.startswith("data-"):
                problems.append(f"{name} instead of data-{name}")
            if plain not in HX | {"hx-status"}:
                problems.append(f"unknown attribute {name}")
            if "js:" in value or "javascript:" in value:
                problems.append(f"script in {name}")
            if plain == "hx-trigger" and "[" in value:
                problems.append("trigger filter")
    return problems
