"""Any number of orders with believable data, made from a seed and written in bulk.

    with app.app_context():
        made = fill(1_000_000, tables=DESK)

Works on SQLite and PostgreSQL, on an empty database with all tables. Documents are encrypted once
each, from a pool of some thousand companies; everything else is every order's own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import insert

from console import clock
from console.extensions import db
from console.models import Account
from console.rules.filing import FilingType, to_json
from console.rules.lifecycle import RETURNED_BY, Action, State
from console.rules.provinces import PROVINCES
from console.services import contents
from console.services.accounts import create_account
from console.services.numbers import LENGTH, LETTERS
from console.types import keyring
from tests.bench.bulk import Bulk
from tests.bench.stories import Step, story
from tests.support.filings import valid_filing

PASSWORD = "a thousand orders before noon"
REVIEWER = "reviewer@example.cn"
# What the queue and its page read; without them all that an order leaves behind.
DESK = frozenset({"orders", "verifiers", "deliveries"})
EVERYTHING = DESK | {"rounds", "marks", "events", "delivery_attempts", "ministry_news", "notices"}
TYPES = dict(zip(FilingType, (70, 12, 6, 8, 1, 2, 1), strict=True))
LAPSES = timedelta(days=45)
WINDOW = timedelta(hours=24)
BOOK = "aliyun-current"


@dataclass(frozen=True)
class Made:
    """What was made: how many rows, the account that signs in, and when "now" was."""

    orders: int
    rows: dict[str, int]
    reviewers: Sequence[int]
    now: datetime


@dataclass(frozen=True)
class Company:
    """One of the pool: its filing encrypted, and what it is found by."""

    content: str
    mobile: str
    marks: tuple[tuple[str, str], ...]


class Maker:
    """The rows of one order after another."""

    def __init__(self, count: int, running: float, seed: int, people: Sequence[int]) -> None:
        self.dice = random.Random(seed)
        self.count, self.first_running = count, int(count * (1 - running))
        self.now = clock.now()
        self.days = max(60.0, min(3 * 365.0, count / 900))
        self.reviewers, self.applicants = people[:REVIEWERS], people[REVIEWERS:]
        self.companies = [_company(n) for n in range(1, min(20_000, max(200, count // 20)) + 1)]
        self.provinces = _shares(list(PROVINCES))
        self.event = self.news = self.delivery = 0
        self.no_data = keyring().encrypt("{}")

    def order(self, n: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """All rows of the n-th order, as (table, values in the columns' order)."""
        dice, company = self.dice, self.dice.choice(self.companies)
        steps = story(dice, n > self.first_running)
        moments = self._moments(n, steps)
        tail = "".join(LETTERS[n // len(LETTERS) ** k % len(LETTERS)] for k in range(LENGTH))
        number = f"{clock.china_day(moments[0]):%Y%m%d}-{tail}"
        reviewer, applicant = dice.choice(self.reviewers), self.applicants[n % len(self.applicants)]
        row = _Row(n, number, company, steps, moments, applicant, reviewer)
        yield "orders", row.order(dice, self.provinces)
        for purpose, value in (*company.marks, ("domain", row.label)):
            yield "marks", (n, purpose, value)
        yield from self._story(row)

    def _moments(self, n: int, steps: Sequence[Step]) -> list[datetime]:
        """When each step befell: the last one before now, older orders earlier."""
        if n > self.first_running:
            stays = {State.DRAFT: 300, State.RETURNED: 300, State.ADMINISTRATION_REVIEW: 200}
            last = self.now - timedelta(hours=self.dice.random() * stays.get(steps[-1].to, 20))
        else:
            last = self.now - timedelta(days=self.days * (1 - n / self.count) + 0.5)
        moments = [last]
        for step in reversed(steps[1:]):
            moments.append(moments[-1] - step.after)
        return moments[::-1]

    def _story(self, row: _Row) -> Iterator[tuple[str, tuple[Any, ...]]]:
        turn = 0
        for step, at in zip(row.steps, row.moments, strict=True):
            if step.action in (Action.SUBMIT, Action.RESUBMIT):
                turn += 1
                yield "rounds", (row.id, turn, row.company.content, _sql(at))
            if step.action in (Action.APPROVE, Action.RETURN):
                yield self._event(row, at - timedelta(minutes=4), "claim", "reviewer", row.reviewer)
            yield self._move(row, step, at)
            if step.action is Action.APPROVE:
                yield from self._told(row, turn, at, step is row.steps[-1])
            if step.action is Action.HAND_OVER:
                yield from self._verifier(row, turn, at, step is not row.steps[-1])
            if step.role.value == "ministry":
                yield self._heard(row, turn, step.action.value, at)
                yield "notices", self._notice(row, at)

    def _event(
        self, row: _Row, at: datetime, action: str, role: str, by: int | None = None
    ) -> tuple[str, tuple[Any, ...]]:
        self.event += 1
        return "events", (self.event, row.id, _sql(at), action, None, None, role, by, "{}")

    def _move(self, row: _Row, step: Step, at: datetime) -> tuple[str, tuple[Any, ...]]:
        self.event += 1
        by = {"reviewer": row.reviewer, "applicant": row.applicant}.get(step.role.value)
        data = json.dumps({"reasons": step.reasons}) if step.reasons else "{}"
        states = step.source and step.source.value, step.to.value
        move = (self.event, row.id, _sql(at), step.action.value, *states, step.role.value, by, data)
        return "events", move

    def _told(
        self, row: _Row, turn: int, at: datetime, waiting: bool
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        self.delivery += 1
        key, payload = f"submit:{row.number}/{turn}", row.company.content
        then = _sql(at + timedelta(seconds=2))
        outcome = (0, None, None) if waiting else (1, "done", then)
        times = _sql(at), _sql(at), None, None
        yield "deliveries", (self.delivery, row.id, "submit", key, payload, *times, *outcome)
        if not waiting:
            yield "delivery_attempts", (self.delivery, then, "done", "", None)

    def _verifier(
        self, row: _Row, turn: int, at: datetime, over: bool
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        sent = _sql(at + timedelta(seconds=20))
        done = _sql(at + timedelta(hours=1)) if over else None
        who = "entity-leader", "entity-leader", row.company.mobile, "id-card", "1068 5888"
        yield "verifiers", (row.id, turn, *who, sent, 0, 0, done, None)
        yield self._event(row, at, "code-sent", "ministry")
        yield self._heard(row, turn, "code-sent", at)

    def _heard(self, row: _Row, turn: int, kind: str, at: datetime) -> tuple[str, tuple[Any, ...]]:
        self.news += 1
        then, key = _sql(at), f"{row.number}/{turn}"
        told = self.news, key, kind, None, then, self.no_data, then, then, "applied"
        return "ministry_news", told

    def _notice(self, row: _Row, at: datetime) -> tuple[Any, ...]:
        key = f"{self.event}:{row.applicant}"
        return row.applicant, row.id, "returned", key, "{}", _sql(at), _sql(at), _sql(at)


@dataclass(frozen=True)
class _Row:
    """One order while its rows are made."""

    id: int
    number: str
    company: Company
    steps: Sequence[Step]
    moments: Sequence[datetime]
    applicant: int
    reviewer: int

    @property
    def label(self) -> str:
        return f"site-{self.id}.example.cn"

    def order(self, dice: random.Random, provinces: Sequence[str]) -> tuple[Any, ...]:
        """The values of `orders` in the columns' order."""
        last, since = self.steps[-1], self.moments[-1]
        state = last.to
        rounds = sum(step.action in (Action.SUBMIT, Action.RESUBMIT) for step in self.steps)
        decided = any(step.role.value == "reviewer" for step in self.steps)
        forwarded = any(step.action is Action.HAND_OVER for step in self.steps)
        returned = last.to is State.RETURNED
        return (
            self.id,
            self.number,
            dice.choices([*TYPES], [*TYPES.values()])[0].value,
            state.value,
            len(self.steps),
            rounds,
            self.applicant,
            None,
            None,
            dice.choice(provinces),
            self.label,
            self.company.content,
            rounds or None,
            BOOK if forwarded else None,
            None,
            _sql(since + WINDOW) if state is State.VERIFYING else None,
            RETURNED_BY[last.action].value if returned else None,
            json.dumps(last.reasons if returned else ()),
            None,
            "[]",
            json.dumps([f"京ICP备{self.id:08d}号"] if state is State.ACCEPTED else []),
            None,
            None,
            self.reviewer if decided else None,
            rounds + 1,
            _sql(self.moments[0]),
            _sql(since),
            _sql(since),
            _sql(since + LAPSES) if state in (State.DRAFT, State.RETURNED) else None,
            _sql(since + WINDOW) if last.action is Action.USE_UP_TRIES else None,
        )


REVIEWERS = 12


def fill(
    count: int,
    tables: Collection[str] = EVERYTHING,
    running: float | None = None,
    seed: int = 1,
) -> Made:
    """Fill an empty database, inside an app's context. `running`: the share that is not final.

    Unasked it is 60 % of a thousand orders and 5 % of a million: a desk does not grow with what
    it has behind it.
    """
    share = running if running is not None else max(0.05, 0.6 * (1000 / count) ** 0.36)
    maker = Maker(count, share, seed, _people(min(5000, max(20, count // 50))))
    with Bulk(db.engine, tables) as bulk:
        for n in range(1, count + 1):
            for table, values in maker.order(n):
                bulk.add(table, values)
    return Made(count, bulk.rows, maker.reviewers, maker.now)


def _people(applicants: int) -> list[int]:
    """Reviewers first, of whom one can sign in; then applicants."""
    reviewer = create_account(REVIEWER, hash_password(PASSWORD), ("reviewer",))
    now = clock.now()
    rows = [
        {
            "email": f"person-{n}@example.cn",
            "email_digest": f"{n:064x}",
            "password": "!",
            "fs_uniquifier": f"{n:064x}",
            "created_at": now,
            "active": True,
            "epoch": 1,
            "language": "",
        }
        for n in range(1, REVIEWERS + applicants)
    ]
    ids = db.session.scalars(insert(Account).returning(Account.id), rows).all()
    db.session.commit()
    return [reviewer.id, *ids]


def _company(n: int) -> Company:
    filing = valid_filing(n, two_people=n % 3 == 0)
    ring = keyring()
    content = ring.encrypt(json.dumps(to_json(filing), ensure_ascii=False))
    marks = tuple(mark for mark in set(contents._marks(filing)) if mark[0] != "domain")
    return Company(content, ring.encrypt(filing.entity_leader.mobile), marks)


def _shares(provinces: Sequence[str]) -> Sequence[str]:
    """Provinces as often as they occur: some have a hundred times the orders of others."""
    weights = [max(1, 300 // (rank + 1)) for rank in range(len(provinces))]
    return [code for code, weight in zip(provinces, weights, strict=True) for _ in range(weight)]


def _sql(at: datetime) -> str:
    """A moment as both databases read it."""
    return at.astimezone(UTC).isoformat(" ", "microseconds")
