"""The provider's side of the model: orders, claims, what is still to be told, the register."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from tests.model.filed import Filing, Holder, Leader, Site
from tests.model.ministry import Ministry, News
from tests.model.words import (
    BRINGS_DOMAIN,
    CLAIM,
    FINAL,
    KEPT_AFTER_END,
    TRIES,
    UNTOUCHED,
    alone,
)

WORKER, MINISTRY = "worker", "ministry"


@dataclass
class Telling:
    """Something the ministry must be told. `tried`: it may know by now."""

    kind: str
    key: str
    tried: bool = False


@dataclass(eq=False, repr=False)
class Order:
    """An order, and everything of it that a page shows."""

    number: str
    owner: str
    filing: Filing
    about: Holder | None
    state: str = "draft"
    round: int = 0
    version: int = 0  # rises with each edit
    approved: tuple[int, int] | None = None  # round and version that a reviewer passed
    returned_by: str | None = None
    reasons: list[str] = field(default_factory=list)
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    book: str | None = None
    deadline: datetime | None = None
    due: datetime | None = None
    cancel_at: datetime | None = None
    people: list[Leader] = field(default_factory=list)
    outbox: list[Telling] = field(default_factory=list)
    moves: list[tuple[str, str | None, str, str]] = field(default_factory=list)
    epoch: int = 1
    copied_from: Order | None = None
    purged: bool = False
    too_late: str = ""  # the key of the round that the ministry would not give back any more
    to_adopt: bool = False  # accepted; the numbers it got are still to be looked at

    def __repr__(self) -> str:
        return f"<{self.owner}'s {self.filing.type} of {self.filing.entity}, {self.state}>"

    @property
    def key(self) -> str:
        """How the ministry knows the present round."""
        return f"{self.number}/{self.round}"

    def holder(self, now: datetime) -> str | None:
        """Whose claim still stands."""
        fresh = self.claimed_at is not None and self.claimed_at + CLAIM > now
        return self.claimed_by if fresh else None

    def telling(self, kind: str) -> Telling | None:
        """What of this kind the ministry is still to be told in the present round."""
        return next((t for t in self.outbox if t.kind == kind and t.key == self.key), None)

    def move(self, action: str, to: str, actor: str, at: datetime) -> None:
        """From one state to the next: one line of history."""
        self.moves.append((action, self.state if self.moves else None, to, actor))
        self.state = to
        self.due = at + UNTOUCHED if to in ("draft", "returned") else None
        if to in ("cancelled", "lapsed"):
            self.due = at + KEPT_AFTER_END

    def forget(self) -> None:
        """What a new round, and a draft taken back, no longer knows."""
        self.returned_by, self.reasons, self.book, self.deadline = None, [], None, None
        self.cancel_at = self.claimed_by = self.claimed_at = None

    def send_back(self, by: str, action: str, reasons: list[str], at: datetime) -> None:
        """Return it, always with reasons."""
        self.move(action, "returned", "reviewer" if by == "provider" else MINISTRY, at)
        self.returned_by, self.reasons = by, reasons


class Console:
    """All orders and the register."""

    def __init__(self, ministry: Ministry) -> None:
        self.ministry = ministry
        self.orders: list[Order] = []
        self.holders: list[Holder] = []
        self.waiting: deque[News] = deque()

    # -- what stands in the way ----------------------------------------------------------------

    def conflict(self, order: Order, at_start: bool = False) -> bool:
        """Whether a running order, or the register, keeps this one from being handed in.

        `at_start`: nothing is filled in yet, so that no domain can be in the way.
        """
        filing = order.filing
        running = [o for o in self.orders if o is not order and o.state not in FINAL]
        for other in running:
            same = other.filing.entity == filing.entity and other.round > 0
            about = order.about is not None and other.about is order.about
            if (same or about) and _in_the_way(filing, other.filing):
                return True
        if at_start or filing.type not in BRINGS_DOMAIN:
            return False
        domains = [
            other.filing.domain
            for other in running
            if other.round > 0 and other.filing.type in BRINGS_DOMAIN
        ]
        filed = [s.domain for h in self.holders for s in h.sites if s.at_console]
        return filing.domain in domains or filing.domain in filed

    @property
    def unsettled(self) -> bool:
        """Whether something is still to be told, or was heard too early."""
        return bool(self.waiting) or any(order.outbox for order in self.orders)

    # -- the worker ----------------------------------------------------------------------------

    def work(self, now: datetime) -> None:
        """One round of everything that is due."""
        for order in self.orders:
            for telling in list(order.outbox):
                self.send(order, telling, now)
        self.ministry.tick(now)
        self.waiting.extend(self.ministry.read(now))
        self._listen()
        self._fall_due(now)

    def send(self, order: Order, telling: Telling, now: datetime) -> str:
        """Tell the ministry: "done", "later" or "already"."""
        telling.tried = True
        if "down" in self.ministry.faults:
            return "later"
        known = telling.key in self.ministry.papers
        if telling.kind == "submit":
            paper = self.ministry.receive(telling.key, order.filing)
            fresh, refused = not known, paper.state == "refused" or paper.filing is None
        else:
            word = self.ministry.withdraw(telling.key, now)
            fresh = word == "withdrawn"
        if fresh and "lost-answer" in self.ministry.faults:
            return "later"
        order.outbox.remove(telling)
        if telling.key != order.key:
            return "done"
        if telling.kind == "submit":
            self._handed_over(order, refused, now)
            return "done"
        if word == "too-late":
            order.too_late = telling.key
            return "already"
        if order.state in ("approved", "verifying"):
            order.outbox = [t for t in order.outbox if t.kind != "submit"]
            order.move("withdraw", "draft", "applicant", now)
            order.forget()
        return "done"

    def _handed_over(self, order: Order, refused: bool, now: datetime) -> None:
        if order.state != "approved":
            return
        if refused and (wish := order.telling("withdraw")):
            order.outbox.remove(wish)
            order.move("withdraw", "draft", "applicant", now)
            order.forget()
            return
        if refused:
            order.send_back(MINISTRY, "refuse", ["refused"], now)
            return
        paper = self.ministry.papers[order.key]
        order.people = [Leader(one.key, one.mobile) for one in paper.people]
        order.book = self.ministry.book
        if paper.people:
            order.move("hand-over", "verifying", WORKER, now)
        else:
            order.move("hand-over-unverified", "administration-review", WORKER, now)

    def _listen(self) -> None:
        """Apply what was heard, in its order; what comes before the receipt waits for it."""
        unripe: deque[News] = deque()
        for news in self.waiting:
            order = next((o for o in self.orders if o.key == news.paper.key), None)
            if order is None:
                continue
            if order.state == "approved":
                unripe.append(news)
            elif order.state == _meant_for(news.kind):
                self._hear(order, news)
        self.waiting = unripe

    def _hear(self, order: Order, news: News) -> None:
        leader = next((one for one in order.people if one.key == news.who), Leader("", 0))
        if news.kind == "code-sent":
            leader.sent, order.deadline = news.at, news.paper.deadline
        elif news.kind == "code-resent":
            leader.resends = news.count
        elif news.kind in ("entry-failed", "reset"):
            leader.tries = news.count
        elif news.kind == "verified":
            leader.done, leader.tries = True, 0
        elif news.kind == "all-verified":
            order.move("all-verified", "administration-review", MINISTRY, news.at)
        elif news.kind == "expired":
            order.send_back(MINISTRY, "expire", ["expired"], news.at)
        elif news.kind == "tries-used-up":
            leader.failed, leader.tries = True, TRIES
            order.send_back(MINISTRY, "use-up-tries", ["tries-used-up"], news.at)
            after = self.ministry.frame.cancelled_after
            order.cancel_at = news.at + after if after else None
        elif news.kind == "returned":
            order.send_back("administration", "return-by-administration", ["phone"], news.at)
        elif news.kind == "accepted":
            self._accepted(order, news)

    def _accepted(self, order: Order, news: News) -> None:
        order.move("accept", "accepted", MINISTRY, news.at)
        filing = news.paper.filing
        assert filing is not None
        assert filing.holder is not None
        order.about, order.to_adopt = filing.holder, True
        if filing.type == "first-filing":
            filing.holder.at_console = True
            self.holders.append(filing.holder)
        if filing.type in BRINGS_DOMAIN and filing.site:
            filing.site.at_console = True
        elif filing.type == "cancel-entity":
            filing.holder.at_console = False
            for site in filing.holder.sites:
                site.at_console = False
        elif filing.type == "cancel-service" and filing.site:
            filing.site.at_console = False
        elif filing.type == "cancel-access" and filing.site:
            filing.site.with_us = False

    def _fall_due(self, now: datetime) -> None:
        for state in ("draft", "returned"):
            for order in self.orders:
                if order.state == state and order.due and order.due <= now:
                    order.move("lapse", "lapsed", WORKER, order.due)
        for order in self.orders:
            if order.state == "returned" and order.cancel_at and order.cancel_at <= now:
                order.move("cancel", "cancelled", WORKER, order.cancel_at)
        for order in self.orders:
            if order.state in ("cancelled", "lapsed") and order.due and order.due <= now:
                order.purged, order.due = True, None

    def sites(self) -> list[Site]:
        """Every website that is or was in the register."""
        return [site for holder in self.holders for site in holder.sites if site.number]

    def copy_of(self, order: Order) -> Order | None:
        """The copy of an ended order that is still running."""
        return next(
            (o for o in self.orders if o.copied_from is order and o.state not in FINAL), None
        )


def _in_the_way(one: Filing, other: Filing) -> bool:
    if alone(one.type, other.type):
        return True
    if "add-service" in (one.type, other.type):
        return one.type == other.type
    return one.site is other.site


def _meant_for(kind: str) -> str:
    return "administration-review" if kind in ("accepted", "returned") else "verifying"
