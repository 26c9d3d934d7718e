"""What the databases do for the queue: an index for each filter, sort and search."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql, sqlite

from console.extensions import db
from console.models import Mark, Order
from console.queries import finding, review
from console.queries.review import NEWEST, TIME_LEFT, Chosen
from console.rules.lifecycle import State
from tests.support.people import People
from tests.support.postgres import both_databases

MANY = 4000
AT = datetime(2026, 11, 1, tzinfo=UTC)
STATES = [state.value for state in review.QUEUES]
CHOICES = {
    "all": (Chosen(), "ix_orders_queue"),
    "newest": (Chosen(sort=NEWEST), "ix_orders_queue"),
    "type": (Chosen(type="change"), "ix_orders_queue_type"),
    "province": (Chosen(province="GD"), "ix_orders_queue_province"),
    "mine": (Chosen(mine=1), "ix_orders_queue_mine"),
    "came back": (Chosen(came_back=True), "ix_orders_queue_came_back"),
    "time left": (Chosen(State.VERIFYING, sort=TIME_LEFT), "ix_orders_at_risk"),
}


@pytest.fixture
def many(app: Flask, people: People) -> Flask:
    """Some thousands of orders of all sorts, with two marks each."""
    owner, reviewer = people.owner.id, people.reviewer.id
    rows = [_order(n, owner, reviewer) for n in range(1, MANY + 1)]
    marks = [
        {"order_id": n, "purpose": purpose, "value": f"{purpose}-{n}"}
        for n in range(1, MANY + 1)
        for purpose in ("mobile", "domain")
    ]
    with app.app_context():
        db.session.execute(insert(Order), rows)
        db.session.execute(insert(Mark), marks)
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    return app


def _order(n: int, owner: int, reviewer: int) -> dict[str, Any]:
    return {
        "id": n,
        "number": f"20261101-{n:06d}",
        "type": "change" if n % 40 == 0 else "first-filing",
        "state": STATES[n % len(STATES)],
        "round": 2 if n % 50 == 0 else 1,
        "applicant_id": owner,
        "province": "GD" if n % 30 == 0 else "ZJ",
        "label": f"site-{n}.cn",
        "content": {},
        "created_at": AT,
        "touched_at": AT,
        "state_since": AT + timedelta(minutes=n),
        "deadline": AT + timedelta(minutes=n),
        "reviewer_id": reviewer if n % 60 == 0 else None,
    }


def plan(query: Any) -> str:
    """How the database would find the rows."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    dialect = sqlite.dialect() if on_sqlite else postgresql.dialect()
    compiled = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{how} {compiled}".replace("%", "%%")).all()
    return "\n".join(str(row[-1]) for row in rows)


@both_databases
@pytest.mark.parametrize("name", CHOICES)
def test_each_filter_and_sort_has_its_index(many: Flask, people: People, name: str) -> None:
    which, index = CHOICES[name]
    if which.mine:
        which = Chosen(mine=people.reviewer.id)
    with many.app_context():
        column, descending = review.sorted_by(which)
        cursor = (AT + timedelta(minutes=100), 100)
        for place in (None, cursor):
            query = review._past(review.matching(which), column, place, descending)
            found = plan(query.limit(review.PAGE + 1))
            assert index in found, found
            assert "TEMP B-TREE" not in found
            assert "Seq Scan" not in found


@both_databases
def test_a_search_reads_no_table_through(many: Flask) -> None:
    with many.app_context():
        rows = finding.find("mobile-77", [("mobile", "mobile-77"), ("domain", "mobile-77")])
        assert [row.id for row in rows] == [77]


@both_databases
def test_the_last_page_costs_the_questions_of_the_first(many: Flask) -> None:
    with many.app_context():
        which, seen, after = Chosen(), [], None
        while True:
            page = review.queue(which, after)
            seen += [row.id for row in page.rows]
            if page.older is None:
                break
            after = page.older
        assert seen == sorted(n for n in range(1, MANY + 1) if STATES[n % 6] == "in-review")
        assert review.counts(AT)["in-review"] == review.MOST_COUNTED
