"""Papers of an order that came back: those pointed at are taken anew, a missing one is brought."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from console.services import review
from tests.materials import files
from tests.materials.conftest import Uploader
from tests.support.people import People
from tests.web.filling.desk import words

POINTED = "entity-certificate"
DETAILS = [
    {"reason": "document-unclear", "fields": [], "materials": [f"materials-{POINTED}"]},
]


@pytest.fixture
def returned(app: Flask, owner: Uploader, people: People, hand_in: Any) -> dict[str, int]:
    """The ids of two papers of an order that came back for one of them."""
    ids = {kind: owner.one(kind, n) for n, kind in enumerate((POINTED, "authenticity-form"), 1)}
    hand_in()
    with app.app_context():
        reviewer = people.reviewer.actor
        review.claim(reviewer, owner.number)
        review.return_(reviewer, owner.number, ["document-unclear"], "", points=DETAILS)
    return ids


def test_only_the_paper_that_is_pointed_at_can_be_replaced(
    owner: Uploader, returned: dict[str, int]
) -> None:
    page, closed = owner.get("materials"), returned["authenticity-form"]
    assert "Stays as submitted" in words(page)
    assert f"materials/{returned[POINTED]}/replace" in page.text
    assert f"materials/{closed}/replace" not in page.text
    refused = owner.replace(closed, files.picture(n=7))
    assert refused.status_code == 422
    assert "open the whole order first" in words(refused)
    assert owner.remove(closed).status_code == 422
    assert closed in {material.id for material in owner.materials()}
    assert owner.replace(returned[POINTED], files.picture(n=8)).status_code == 303


def test_a_paper_that_is_missing_can_still_be_brought(
    owner: Uploader, returned: dict[str, int]
) -> None:
    brought = owner.one("entity-leader-front", 5)
    assert brought not in returned.values()
    assert owner.remove(brought).status_code == 303  # it was the wrong file
