"""What the databases do for the queue: an index for each filter, sort and search."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql, sqlite

from console.extensions import db
from console.models import Mark, Order
from console.queries import due, finding, overlooked, review
from console.queries.review import NEWEST, TIME_LEFT, Chosen
from console.rules.lifecycle import State
from console.services import planning, retention
from tests.support.people import People
from tests.support.postgres import both_databases

MANY = 4000
AT = datetime(2026, 11, 1, tzinfo=UTC)
STATES = [state.value for state in review.QUEUES]
# What each choice of filters and sort is read by, whatever else may be chosen with it.
CHOICES = [
    (Chosen(), "ix_orders_queue"),
    (Chosen(sort=NEWEST), "ix_orders_queue"),
    (Chosen(type="change"), "ix_orders_queue_type"),
    (Chosen(province="GD"), "ix_orders_queue_province"),
    (Chosen(type="change", province="GD"), "ix_orders_queue_both"),
    (Chosen(type="change", province="GD", sort=NEWEST), "ix_orders_queue_both"),
    (Chosen(mine=1), "ix_orders_queue_mine"),
    (Chosen(mine=1, type="change"), "ix_orders_queue_mine"),
    # Deep in the list the plain one is as good: both hold what is filtered by.
    (Chosen(mine=1, province="GD"), "ix_orders_queue_mine(_province)?"),
    (Chosen(mine=1, province="GD", came_back=True), "ix_orders_queue_mine(_province)?"),
    # PostgreSQL knows which of them is the smaller.
    (Chosen(mine=1, type="change", province="GD"), "ix_orders_queue_(mine(_province)?|both)"),
    # SQLite holds the index of all for as good, by the order in which the two were made.
    (Chosen(came_back=True), "ix_orders_queue(_came_back)?"),
    (Chosen(State.VERIFYING, sort=TIME_LEFT), "ix_orders_at_risk"),
    (Chosen(State.VERIFYING, type="change", sort=TIME_LEFT), "ix_orders_(risk_type|at_risk)"),
    (Chosen(State.VERIFYING, province="GD", sort=TIME_LEFT), "ix_orders_(risk_province|at_risk)"),
    (
        Chosen(State.VERIFYING, type="change", province="GD", sort=TIME_LEFT),
        "ix_orders_(risk_both|at_risk)",
    ),
    (Chosen(State.VERIFYING, mine=1, sort=TIME_LEFT), "ix_orders_(risk_mine|at_risk)"),
]


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
        _make_indexes_in_order()
        db.session.execute(insert(Order), rows)
        db.session.execute(insert(Mark), marks)
        db.session.commit()
        planning.learn()
        if db.engine.dialect.name == "postgresql":  # it would look by itself, some time later
            db.session.execute(text("ANALYZE"))
        db.session.commit()
    return app


def _make_indexes_in_order() -> None:
    """Among those that are as good SQLite goes by the order in which they were made, and
    `create_all` makes them in that of a set, another in each process."""
    if db.engine.dialect.name != "sqlite":
        return
    made = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    )
    for name, again in db.session.execute(text(made)).all():
        db.session.execute(text(f"DROP INDEX {name}"))
        db.session.execute(text(again))
    db.session.commit()


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


def plan(query: Any, sorting: bool = False) -> str:
    """How the database would find the rows. `sorting`: it may sort what it found."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    dialect = sqlite.dialect() if on_sqlite else postgresql.dialect()
    compiled = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if on_sqlite else "EXPLAIN"
    with db.engine.connect() as connection:
        if not on_sqlite and not sorting:
            # So few rows are sorted in no time: what counts is whether an index has them in order.
            connection.execute(text("SET enable_sort = off"))
            connection.execute(text("SET enable_bitmapscan = off"))
        rows = connection.exec_driver_sql(f"{how} {compiled}".replace("%", "%%")).all()
    return "\n".join(str(row[-1]) for row in rows)


@both_databases
def test_each_filter_and_sort_has_its_index(many: Flask, people: People) -> None:
    with many.app_context():
        for which, index in CHOICES:
            if which.mine:
                which = replace(which, mine=people.reviewer.id)
            column, descending = review.sorted_by(which)
            for place in (None, (AT + timedelta(minutes=MANY // 2), 100)):
                query = review._past(review.matching(which), column, place, descending)
                found = plan(query.limit(review.PAGE + 1))
                assert re.search(rf"\b{index}\b", found), (which, found)
                assert "TEMP B-TREE" not in found
                assert "Sort" not in found
                assert "Seq Scan" not in found


# What someone may hold in hand, and whether it is looked for by its digest.
SEARCHES = {
    "number": ("20261101-000077", False),
    "domain": ("site-77.cn", False),
    "ICP number": ("浙ICP备2026000077号", False),
    "entity name": ("杭州西子茶业有限公司", True),
    "mobile": ("13805710077", True),
    "e-mail": ("leader-77@example.cn", True),
    "certificate": ("330106199001010077", True),
}


@both_databases
def test_no_search_reads_a_table_through(many: Flask) -> None:
    with many.app_context():
        for kind, (words, hidden) in SEARCHES.items():
            marks = finding.open_marks(words) + (finding.hidden_marks(words) if hidden else [])
            assert marks or kind == "number"
            found = plan(finding.looked_for(words, marks), sorting=True)
            assert found.count("ix_marks_find") == len(marks), (kind, found)
            assert not through(found), (kind, found)
        rows = finding.find("mobile-77", [("mobile", "mobile-77"), ("domain", "mobile-77")])
        assert [row.id for row in rows] == [77]


def through(found: str) -> bool:
    """Whether the orders or their marks are read from end to end, or row by row for a filter."""
    walks = r"Seq Scan on (orders|marks)|SCAN (orders|marks)|Backward using pk_orders|SubPlan"
    return re.search(walks, found) is not None


@both_databases
def test_the_worker_reads_no_table_through_to_learn_what_is_due(many: Flask) -> None:
    with many.app_context():
        found = plan(due.QUESTION.params(now=AT, expiring=AT, lapsing=AT, far=AT))
        assert not through(found), found


@both_databases
def test_the_last_page_costs_the_questions_of_the_first(many: Flask, people: People) -> None:
    with many.app_context():
        which, seen, after = Chosen(), [], None
        while True:
            page = review.queue(which, after)
            seen += [row.id for row in page.rows]
            if page.older is None:
                break
            after = page.older
        assert seen == sorted(n for n in range(1, MANY + 1) if STATES[n % 6] == "in-review")
        now = AT + timedelta(minutes=MANY)
        top = overlooked.overlooked(people.reviewer.id, now)
        assert set(top.counts.values()) == {overlooked.MOST_COUNTED, 0}  # nothing is to be told
        assert [row.id for row in top.risk] == [2 + 6 * n for n in range(overlooked.FEW)]
        values = {"reviewer": people.reviewer.id, "risky": now, "stuck": now}
        found = plan(overlooked.READS.query.params(**values))
        assert not through(found), found
        assert "TEMP B-TREE" not in found
        assert "Sort" not in found


def test_the_worker_lets_sqlite_look_at_its_tables(app: Flask, people: People) -> None:
    assert people.owner
    with app.app_context():
        limits = timedelta(hours=2), timedelta(hours=12)
        retention.Housekeeping().sweep(*limits, at_once=True)
        known = db.session.scalars(text("SELECT DISTINCT tbl FROM sqlite_stat1")).all()
        assert "accounts" in known
