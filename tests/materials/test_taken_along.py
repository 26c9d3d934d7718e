"""An order that is started again brings its papers along, as far as they still hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.materials.conftest import Uploader, stored
from tests.web.filling.desk import words


@pytest.fixture
def discarded(owner: Uploader) -> Uploader:
    """The applicant of an order with three papers that was given up."""
    for n, kind in enumerate(("entity-certificate", "entity-leader-front", "authenticity-form"), 1):
        owner.one(kind, n)
    owner.act("discard")
    return owner


def again(owner: Uploader) -> str:
    """Start again; what the next page says."""
    answer = owner.client.submit(f"/orders/{owner.number}/start-again")
    assert answer.status_code == 303
    owner.number = answer.location.split("/")[2]
    return words(owner.client.get(answer.location, follow_redirects=True))


def test_papers_that_still_hold_are_copied_and_it_is_said_which_are_not(
    discarded: Uploader, folder: Path
) -> None:
    old = discarded.number
    said = again(discarded)
    assert "Papers taken along: 2." in said
    assert "since it is signed for one order: Authenticity form" in said
    kinds = {material.kind for material in discarded.materials()}
    assert kinds == {"entity-certificate", "entity-leader-front"}
    assert len(stored(folder)) == 5
    for material in discarded.materials():
        path = f"/orders/{discarded.number}/materials/{material.id}"
        assert discarded.client.get(path).status_code == 200
        assert discarded.client.get(f"{path}/thumbnail").status_code == 200
        assert discarded.remove(material.id).status_code == 303
    discarded.number = old
    first = discarded.materials()[0].id
    assert discarded.client.get(f"/orders/{old}/materials/{first}").status_code == 200


def test_asked_twice_they_are_copied_once(discarded: Uploader) -> None:
    old = discarded.number
    again(discarded)
    discarded.number = old
    assert "taken along" not in again(discarded)
    assert len(discarded.materials()) == 2


def test_a_file_that_is_gone_is_named_and_the_order_is_there(
    discarded: Uploader, folder: Path
) -> None:
    for path in stored(folder):
        path.unlink()
    said = again(discarded)
    assert "Could not be taken along, upload again:" in said
    assert discarded.materials() == []
