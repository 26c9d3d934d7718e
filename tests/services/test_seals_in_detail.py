"""What a seal covers, when it is made, and what exactly a fault names."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

from config import new_key
from console.extensions import db
from console.keyring import Keyring
from console.models import Event, Seal
from console.services import auditing, review, sealing, submission
from console.services.sealing import Fault
from console.types import keyring
from tests.services.conftest import Still
from tests.services.world import World


def _sql(statement: str) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement))
    db.session.expire_all()


def _ids() -> list[int]:
    return list(db.session.scalars(select(Event.id).order_by(Event.id)))


def _seals() -> list[Seal]:
    db.session.rollback()
    return list(db.session.scalars(select(Seal).order_by(Seal.id)))


@pytest.fixture
def block(world: World, still: Still) -> list[int]:
    """One sealed block of an order's first steps; the events' ids."""
    number = world.in_review()
    review.claim(world.reviewer, number)
    still.move(minutes=1)
    review.approve(world.reviewer, number)
    sealing.seal_next(at_once=True)
    return _ids()


def test_a_seal_says_what_it_covers_and_since_when(block: list[int], still: Still) -> None:
    (seal,) = _seals()
    assert (seal.first_event_id, seal.last_event_id) == (block[0], block[-1])
    assert (seal.count, seal.sealed_at) == (len(block), still.moment)


def test_a_digest_can_be_made_again_by_whoever_has_the_key(
    world: World, block: list[int], still: Still
) -> None:
    """Seals that were made must go on matching: what they are made of never changes."""
    world.draft()
    sealing.seal_next(at_once=True)
    previous = ""
    for seal in _seals():
        covered = hashlib.sha256(previous.encode())
        within = Event.id.between(seal.first_event_id, seal.last_event_id)
        for e in db.session.scalars(select(Event).where(within).order_by(Event.id)):
            row = [
                e.id, e.order_id, e.at.isoformat(), e.action, e.from_state, e.to_state,
                e.actor, e.actor_id, e.data,
            ]  # fmt: skip
            covered.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode())
        what = f"{covered.hexdigest()} {still.moment.isoformat()}"
        assert seal.digest == keyring().digest("seal", what)
        previous = seal.digest


def test_data_count_whatever_the_order_of_their_names_and_in_any_script(world: World) -> None:
    order = world.order(world.draft())
    row = {"order_id": order.id, "at": order.created_at, "action": "x", "actor": "worker"}
    db.session.execute(insert(Event), {**row, "data": {"b": "张", "a": 1}})
    db.session.commit()
    sealing.seal_next(at_once=True)
    _sql("""UPDATE events SET data = '{"a": 1, "b": "张"}' WHERE action = 'x'""")
    assert sealing.verify() == []


COLUMNS = {
    "order_id": "NULL",
    "at": "'2020-01-01 00:00:00'",
    "action": "'discard'",
    "from_state": "'returned'",
    "to_state": "'accepted'",
    "actor": "'worker'",
    "actor_id": "NULL",
    "data": """'{"x": 1}'""",
}


@pytest.mark.parametrize("column", sorted({c.name for c in Event.__table__.columns} - {"id"}))
def test_each_column_of_the_first_and_of_the_last_event_is_covered(
    block: list[int], column: str
) -> None:
    fault = Fault(block[0], block[-1], "digest")
    for event in (block[0], block[-1]):
        kept = db.session.execute(
            select(Event.__table__.c[column]).where(Event.id == event)
        ).scalar_one()
        _sql(f"UPDATE events SET {column} = {COLUMNS[column]} WHERE id = {event}")
        assert sealing.verify() == [fault]
        db.session.execute(Event.__table__.update().where(Event.id == event).values({column: kept}))
        db.session.commit()
        assert sealing.verify() == []


def test_what_was_taken_out_or_put_in_is_a_fault_of_the_count(block: list[int]) -> None:
    fault = Fault(block[0], block[-1], "count")
    _sql("UPDATE seals SET count = count + 1")
    assert sealing.verify() == [fault]
    _sql("UPDATE seals SET count = count - 1")
    _sql(f"DELETE FROM events WHERE id = {block[1]}")
    assert sealing.verify() == [fault]
    _sql("DELETE FROM events")
    assert sealing.verify() == [fault]


def test_each_block_is_held_against_the_seal_before_it(world: World, block: list[int]) -> None:
    world.draft()
    sealing.seal_next(at_once=True)
    first, second = _seals()
    assert second.first_event_id == block[-1] + 1
    _sql(f"UPDATE seals SET digest = 'f' WHERE id = {first.id}")
    assert sealing.verify() == [
        Fault(first.first_event_id, first.last_event_id, "digest"),
        Fault(second.first_event_id, second.last_event_id, "digest"),
    ]


def test_the_first_block_is_sealed_at_once_and_then_each_ten_seconds(
    world: World, still: Still
) -> None:
    world.draft()
    assert sealing.seal_next() is False
    world.draft()
    for wait, seals in ((timedelta(), 1), (timedelta(seconds=9.999), 1)):
        still.moment += wait
        sealing.seal_next()
        assert len(_seals()) == seals
    still.move(seconds=0.001)
    sealing.seal_next()
    assert [seal.sealed_at for seal in _seals()][-1:] == [still.moment]
    assert len(_seals()) == 2
    still.move(hours=1)
    assert sealing.seal_next() is False
    assert len(_seals()) == 2, "nothing happened since"


def test_a_full_block_waits_for_nothing_and_tells_that_there_may_be_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BLOCK", 2)
    for _ in range(5):
        world.draft()
    assert [sealing.seal_next() for _ in range(4)] == [True, True, False, False]
    assert [seal.count for seal in _seals()] == [2, 2]
    assert auditing.unsealed() == 1


def test_the_chain_s_end_is_logged_to_be_kept_elsewhere(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.draft()
    with caplog.at_level(logging.INFO, logger="console.services.sealing"):
        sealing.seal_next(at_once=True)
    (record,) = [r for r in caplog.records if r.name == "console.services.sealing"]
    assert record.fields == {"head": auditing.head()}  # type: ignore[attr-defined]


def test_nothing_is_sealed_under_a_key_that_is_not_the_database_s(
    world: World, block: list[int], ctx: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    ring = ctx.extensions["keyring"]
    world.draft()
    ctx.extensions["keyring"] = Keyring(ctx.config["ENCRYPTION_KEYS"], new_key())
    assert sealing.seal_next(at_once=True) is False
    assert "DIGEST_KEY" in caplog.text
    ctx.extensions["keyring"] = ring
    assert auditing.unsealed() == 1
    sealing.seal_next(at_once=True)
    assert (auditing.unsealed(), auditing.verify_trail()) == (0, [])


class TestTrail:
    """The chain's end and the orders' own story."""

    def test_a_head_is_the_newest_seal_and_tells_where_nothing_is_sealed(
        self, world: World, block: list[int]
    ) -> None:
        (seal,) = _seals()
        assert auditing.head() == f"{seal.id}:{seal.digest}"
        assert auditing.unsealed() == 0
        world.draft()
        assert auditing.unsealed() == 1
        sealing.seal_next(at_once=True)
        assert auditing.head().startswith(f"{seal.id + 1}:")
        _sql("DELETE FROM seals")
        assert (auditing.head(), auditing.unsealed()) == ("0:", len(_ids()))

    def test_another_session_is_asked_where_one_is_given(self, block: list[int]) -> None:
        empty = create_engine("sqlite://")
        db.metadata.create_all(empty)
        with Session(empty) as session:
            assert auditing.head(session) == "0:"
            assert auditing.unsealed(session) == 0
            assert auditing.verify_trail(session=session) == []
            assert sealing.verify(session) == []
            assert auditing.verify_trail(auditing.head(), session) == [Fault(0, 0, "cut")]

    def test_a_noted_head_must_be_there_as_it_was(self, block: list[int]) -> None:
        (seal,) = _seals()
        assert auditing.verify_trail(f"{seal.id}:{seal.digest}") == []
        for noted in (f"{seal.id}:x", f"{seal.id + 1}:{seal.digest}", f"{seal.id}"):
            assert auditing.verify_trail(noted) == [Fault(0, 0, "cut")]

    @pytest.mark.parametrize("noted", ["x", ":x", "x:1", "１:x", "-1:x"])
    def test_what_is_no_head_is_said_to_be_none(self, block: list[int], noted: str) -> None:
        with pytest.raises(ValueError, match=r"^a head is a number, a colon and a digest$"):
            auditing.verify_trail(noted)


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        ("UPDATE events SET data = 'x' WHERE action = 'submit'", (1, 4)),
        ("UPDATE events SET at = 'x' WHERE action = 'submit'", (1, 4)),
        ("UPDATE events SET actor = x'00ff' WHERE action = 'submit'", (1, 4)),
        ("UPDATE seals SET digest = 'é'", (1, 4)),
        ("UPDATE seals SET sealed_at = 'x'", (0, 0)),
        ("UPDATE seals SET last_event_id = 'x'", (1, "x")),
    ],
)
def test_what_was_changed_beyond_reading_is_a_fault_like_any_other(
    block: list[int], change: str, ends: tuple[object, object]
) -> None:
    _sql(change)
    (fault, *_) = auditing.verify_trail()
    assert fault.what in ("digest", "count")
    assert (fault.first_event_id, fault.last_event_id) == ends


def test_a_number_that_no_database_holds_is_no_head_of_it(block: list[int]) -> None:
    assert auditing.verify_trail(f"{10**30}:x") == [Fault(0, 0, "cut")]


class TestStories:
    """Moves are held against each other and against where the order stands."""

    def test_a_move_that_does_not_follow_the_last_is_named_with_it(self, block: list[int]) -> None:
        start, submit, claim, approve = block
        _sql("DELETE FROM seals")
        _sql(f"UPDATE events SET from_state = 'returned' WHERE id = {approve}")
        assert auditing.verify_trail() == [Fault(submit, approve, "story")]
        assert claim not in (submit, approve)
        _sql(f"UPDATE events SET from_state = 'in-review' WHERE id = {approve}")
        _sql(f"UPDATE events SET from_state = 'draft' WHERE id = {start}")
        assert auditing.verify_trail() == [Fault(start, start, "story")]

    def test_an_order_that_stands_elsewhere_is_named_from_its_first_move_to_its_last(
        self, world: World, block: list[int]
    ) -> None:
        _sql("DELETE FROM seals")
        world.draft()
        later = _ids()[-1]
        _sql("UPDATE orders SET state = 'accepted'")
        assert auditing.verify_trail() == [
            Fault(block[0], block[-1], "story"),
            Fault(later, later, "story"),
        ]

    def test_moves_of_several_orders_are_told_apart_however_they_mingle(self, world: World) -> None:
        first, second = world.draft(), world.draft()
        for number in (second, first):
            submission.submit(world.owner, number)
        assert auditing.verify_trail() == []
        _sql(f"UPDATE orders SET state = 'draft' WHERE number = '{first}'")
        events = world.events(first)
        assert auditing.verify_trail() == [Fault(events[0].id, events[-1].id, "story")]

    def test_an_order_without_a_beginning_is_found(self, world: World) -> None:
        number = world.draft()
        _sql("DELETE FROM events WHERE action = 'start'")
        assert auditing.verify_trail() == [Fault(0, 0, "story")]
        assert world.state(number) == "draft"
