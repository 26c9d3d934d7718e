"""The trail's end and the orders' story: what the seals alone would not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from console.extensions import db
from console.services import auditing, review, sealing, tallying, telling
from tests.services.world import World
from tests.support.postgres import both_databases

pytestmark = both_databases


def _sql(statement: str) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement))
    db.session.expire_all()


def _scalar(statement: str) -> int:
    return int(db.session.scalar(text(statement)) or 0)


@pytest.fixture
def trail(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two orders in review, all sealed in blocks of two but for a last move; the noted head."""
    monkeypatch.setattr(sealing, "BLOCK", 2)
    world.in_review()
    world.in_review()
    while sealing.seal_next(at_once=True):
        pass
    head = auditing.head()
    world.draft()
    assert auditing.unsealed() > 0
    return head


def test_a_whole_trail_has_no_faults_whichever_head_was_noted(trail: str) -> None:
    assert auditing.verify_trail() == []
    assert auditing.verify_trail(trail) == []
    assert auditing.verify_trail("0:") == []
    sealing.seal_next(at_once=True)
    assert auditing.verify_trail(trail) == []


LAST_SEAL = "(SELECT max(id) FROM seals)"
CUTS: dict[str, Callable[[], list[str]]] = {
    "the newest seal": lambda: [
        f"DELETE FROM seals WHERE id = {_scalar('SELECT max(id) FROM seals')}"
    ],
    "the newest seal and all it covers": lambda: [
        "DELETE FROM events WHERE id >= "
        + str(_scalar(f"SELECT first_event_id FROM seals WHERE id = {LAST_SEAL}")),
        f"DELETE FROM seals WHERE id = {_scalar('SELECT max(id) FROM seals')}",
    ],
    "every seal": lambda: ["DELETE FROM seals"],
}


@pytest.mark.parametrize("what", CUTS)
def test_a_chain_that_was_cut_off_is_found_by_the_noted_head(trail: str, what: str) -> None:
    for statement in CUTS[what]():
        _sql(statement)
    assert "cut" in {fault.what for fault in auditing.verify_trail(trail)}


@pytest.mark.parametrize("what", CUTS)
def test_a_chain_that_was_cut_off_is_found_without_a_head_once_the_worker_read_it(
    trail: str, what: str
) -> None:
    while tallying.tally_due():
        pass
    assert auditing.verify_trail() == []
    for statement in CUTS[what]():
        _sql(statement)
    assert "cut" in {fault.what for fault in auditing.verify_trail()}


def test_an_event_that_was_told_of_and_taken_out_before_its_seal_is_missed(
    world: World, trail: str
) -> None:
    review.claim(world.reviewer, world.in_review())  # which is no move
    while telling.tell_due():
        pass
    assert auditing.verify_trail() == []
    _sql("DELETE FROM events WHERE action = 'claim'")
    assert [fault.what for fault in auditing.verify_trail()] == ["cut"]


TAIL: dict[str, Callable[[], str]] = {
    "the last move was taken out": lambda: (
        "DELETE FROM events WHERE id = "
        + str(_scalar("SELECT max(id) FROM events WHERE to_state IS NOT NULL"))
    ),
    "a move was put in": lambda: (
        "INSERT INTO events (id, order_id, at, action, from_state, to_state, actor, data) "
        "SELECT 9999, max(order_id), '2026-01-01 00:00:00', 'accept', 'administration-review', "
        "'accepted', 'ministry', '{}' FROM events"
    ),
    "a state was changed without a move": lambda: (
        "UPDATE orders SET state = 'accepted' WHERE id = (SELECT min(id) FROM orders)"
    ),
    "its beginning was given another name": lambda: (
        "UPDATE events SET action = 'claim' WHERE action = 'start' "
        "AND order_id = (SELECT max(id) FROM orders)"
    ),
    "an order's whole story was taken out": lambda: (
        "DELETE FROM events WHERE order_id = (SELECT max(id) FROM orders)"
    ),
}


@pytest.mark.parametrize("what", TAIL)
def test_moves_are_held_against_the_orders_even_before_they_are_sealed(
    trail: str, what: str
) -> None:
    _sql(TAIL[what]())
    assert "story" in {fault.what for fault in auditing.verify_trail()}


def test_a_break_is_told_by_the_moves_on_both_sides_of_it(trail: str) -> None:
    first, second = (
        _scalar(f"SELECT {which}(id) FROM events WHERE action = 'submit'")
        for which in ("min", "max")
    )
    _sql(f"UPDATE events SET from_state = 'returned' WHERE id IN ({first}, {second})")
    starts = [
        _scalar(f"SELECT {which}(id) FROM events WHERE action = 'start' AND id < {second}")
        for which in ("min", "max")
    ]
    breaks = [fault for fault in auditing.verify_trail() if fault.what == "story"]
    assert [(fault.first_event_id, fault.last_event_id) for fault in breaks] == list(
        zip(starts, (first, second), strict=True)
    )


def test_all_that_is_wrong_is_told_of_whichever_database_is_asked(trail: str) -> None:
    with Session(db.engine) as elsewhere:
        elsewhere.execute(text("UPDATE events SET action = 'claim' WHERE id = 1"))
        elsewhere.execute(text(f"UPDATE seals SET digest = 'x' WHERE id = {LAST_SEAL}"))
        found = {fault.what for fault in auditing.verify_trail(trail, elsewhere)}
        elsewhere.rollback()
    assert found == {"digest", "cut", "story"}
    assert auditing.verify_trail(trail) == []


def test_a_single_event_that_the_worker_had_read_is_missed(world: World) -> None:
    assert auditing.verify_trail() == []
    _sql("INSERT INTO tally_cursor (id, event_id) VALUES (1, 1)")
    assert [fault.what for fault in auditing.verify_trail()] == ["cut"]


def test_a_head_that_no_database_counts_to_was_cut_off(trail: str) -> None:
    for number in ("9" * 19, "9" * 40):
        assert "cut" in {fault.what for fault in auditing.verify_trail(f"{number}:x")}


def test_what_is_no_head_is_refused(trail: str) -> None:
    with pytest.raises(ValueError, match="head"):
        auditing.verify_trail("x")
