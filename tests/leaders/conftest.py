"""Orders in every state, as the pages' own tests have them, and the leaders' links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.support.lint import LintingClient
from tests.support.markup import parsed
from tests.support.people import People
from tests.web.pages.conftest import (  # noqa: F401  (fixtures)
    Stage,
    draft,
    drive,
    handed_over,
    in_review,
    verifying,
    waiting_for_code,
    with_administration,
)
from tests.web.pages.reading import marked


def links(text: str) -> dict[str, str]:
    """The path of each leader's link on an order's page."""
    found = {}
    for row in [*marked(text, "data-confirming"), *marked(text, "data-verifier")]:
        key = row.get("data-confirming") or row.get("data-verifier")
        for field in row.iter("input"):
            if field.get("data-share-link") is not None:
                found[str(key)] = "/status/" + str(field.get("value")).split("/status/")[1]
    return found


def words(text: str) -> dict[str, str | None]:
    """What each leader has said, by their mark on the page."""
    return {str(e.get("data-confirming")): e.get("data-word") for e in marked(text, "data-word")
            if e.get("data-confirming")}  # fmt: skip


def actions(text: str) -> set[str]:
    """Where the page's forms go."""
    return {str(form.get("action")) for form in parsed(text).iter("form")}


@pytest.fixture
def link(people: People) -> Callable[..., str]:
    """A leader's link from the applicant's page, in a language of the applicant's."""

    def find(stage: Stage, key: str = "entity-leader") -> str:
        return links(people.client("owner").get(f"/orders/{stage.number}").text)[key]

    return find


@pytest.fixture
def nobody(people: People) -> LintingClient:
    """The leader's browser: no account."""
    return people.client("nobody")


@pytest.fixture
def enter(nobody: LintingClient) -> Callable[..., TestResponse]:
    """Fill in the form of a leader's page."""

    def send(path: str, mobile: str, tail: str) -> TestResponse:
        return nobody.submit(f"{path}/confirm", {"mobile": mobile, "last_six": tail})

    return send
