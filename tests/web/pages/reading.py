"""Reading pages by their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from sqlalchemy import event

from console.extensions import db
from tests.support.markup import parsed
from tests.support.people import People
from tests.web.pages.conftest import Stage


def marked(text: str, mark: str) -> list[Element]:
    """All elements with an attribute."""
    return [e for e in parsed(text).iter() if isinstance(e.tag, str) and e.get(mark) is not None]


def live(text: str) -> Element:
    """The root of the live part."""
    return next(e for e in marked(text, "id") if e.get("id") == "live")


def rows(text: str) -> dict[str, Element]:
    """The checklist's rows by verifier."""
    return {str(e.get("data-verifier")): e for e in marked(text, "data-verifier")}


def states(text: str) -> dict[str, str | None]:
    """The state of each verifier."""
    return {key: row.get("data-state") for key, row in rows(text).items()}


def actions(text: str) -> set[str]:
    """The buttons drawn."""
    return {str(e.get("data-action")) for e in marked(text, "data-action") if e.tag != "li"}


def words(element: Element) -> str:
    """What is read in an element."""
    return " ".join(" ".join(element.itertext()).split())


def poll_address(text: str) -> str:
    """What the page polls."""
    address = live(text).get("data-hx-get")
    assert address, "the page does not poll"
    return address


def share_links(text: str) -> dict[str, str]:
    """The path of each verifier's own link."""
    return {
        key: re.sub(r"^https?://[^/]+", "", str(e.get("value")))
        for key, row in rows(text).items()
        for e in row.iter("input")
        if e.get("data-share-link") is not None
    }


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, transactions' own aside."""
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


HTMX = {"HX-Request": "true"}


def owner_page(people: People, stage: Stage) -> str:
    return people.client("owner").get(f"/orders/{stage.number}").text


def link(people: People, stage: Stage, key: str = "entity-leader") -> str:
    return share_links(owner_page(people, stage))[key]


def poll(people: People, address: str, tag: str | None = None, who: str = "nobody"):  # type: ignore[no-untyped-def]
    headers = HTMX | ({"HX-PTag": tag} if tag else {})
    return people.client(who).get(address, headers=headers)
