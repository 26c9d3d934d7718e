"""What falls due together moves together: as many statements for many orders as for a few."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select, update

from console import clock
from console.extensions import db
from console.models import Event, MinistryNews, Order
from console.rules.lifecycle import State
from console.services import news, upkeep
from tests.bench.orders import fill

# Filling by the thousand changes the journal, and so wants the database for itself.
pytestmark = pytest.mark.own_app


def expiring(count: int) -> None:
    """Orders being verified, each with the ministry's word that its time is over."""
    fill(count, {"orders"}, running=1)
    now = clock.now()
    values = {"state": "verifying", "round": 1, "deadline": now}
    db.session.execute(update(Order).values(values))
    numbers = db.session.scalars(select(Order.number)).all()
    common = {"kind": "expired", "at": now, "data": {"fell_due": now.isoformat()}, "due_at": now}
    rows = [{"sequence": n, "key": f"{one}/1", **common} for n, one in enumerate(numbers, 1)]
    db.session.execute(insert(MinistryNews), rows)
    db.session.commit()


def lapsing(count: int) -> None:
    """Drafts that nobody touched."""
    fill(count, {"orders"}, running=1)
    db.session.execute(update(Order).values(state="draft", due_at=clock.now()))
    db.session.commit()


@pytest.mark.parametrize(
    ("begin", "work", "state"),
    [
        (expiring, news.apply_due, State.RETURNED),
        (lapsing, lambda: upkeep.lapse_due(State.DRAFT), State.LAPSED),
    ],
)
def test_a_batch_takes_few_statements_however_many_orders_it_moves(
    ctx: Flask,
    begin,
    work,
    state: State,  # type: ignore[no-untyped-def]
) -> None:
    count, said = 40, []
    begin(count)
    event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    work()
    moved = select(func.count()).where(Order.state == state.value)
    assert db.session.scalar(moved) == count
    assert db.session.scalar(select(func.count(func.distinct(Event.order_id)))) == count
    assert len(said) < 15, said
