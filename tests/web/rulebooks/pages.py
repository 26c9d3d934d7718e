"""Reading the rulebooks' pages as a person would: by book, by row, by message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from tests.support.lint import LintingClient

BOOKS = ("aliyun-2018", "jdcloud-2019", "jdcloud-2020", "aliyun-current")
ZH = {"Accept-Language": "zh-CN,zh;q=0.9"}
HTMX = {"HX-Request": "true"}


def words(element: Element) -> str:
    """The text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def having(root: Element, attribute: str, value: str | None = None) -> Iterator[Element]:
    """The elements with an attribute (of this value)."""
    for element in root.iter():
        found = element.get(attribute) if isinstance(element.tag, str) else None
        if found is not None and value in (None, found):
            yield element


def one(root: Element, attribute: str, value: str) -> Element:
    """The one element with an attribute of this value."""
    (found,) = having(root, attribute, value)
    return found


def cells(root: Element, attribute: str, value: str) -> dict[str, str]:
    """A row's cells in words, by book."""
    row = one(root, attribute, value)
    return {cell.get("data-book", ""): words(cell) for cell in having(row, "data-book")}


def ask(client: LintingClient, headers: dict[str, str] | None = None, **order: Any) -> Any:
    """The answer to the form as a plain GET, with what a browser would send."""
    return client.get(f"/rulebooks/who?{urlencode(order, doseq=True)}", headers=headers)


def answers(root: Element) -> dict[str, Element]:
    """Each book's answer, by the book's name."""
    return {e.get("data-book", ""): e for e in having(root, "data-book") if e.tag == "article"}


def verifiers(answer: Element) -> list[str]:
    """Who must verify by an answer, as the roles of each person."""
    return [e.get("data-roles", "") for e in having(answer, "data-verifier")]
