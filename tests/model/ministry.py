"""The ministry of the model: what it has, whom it texts, what it has to tell."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.model.filed import Filing, Holder, Leader, Site, leaders
from tests.model.words import BOOKS, GUESSES_REST, LAG, TRIES, alone, who_verifies


@dataclass
class Paper:
    """An order as the ministry has it: one for each round. `filing` None: withdrawn unseen."""

    key: str
    filing: Filing | None
    state: str
    people: list[Leader] = field(default_factory=list)
    deadline: datetime | None = None


@dataclass(frozen=True)
class News:
    """What the ministry tells of a paper, and of whom."""

    paper: Paper
    kind: str
    at: datetime
    who: str = ""
    count: int = 0


class Ministry:
    """Moves by its own rules and tells the console afterwards."""

    def __init__(self, book: str) -> None:
        self.book, self.frame = book, BOOKS[book]
        self.papers: dict[str, Paper] = {}
        self.unread: deque[tuple[datetime, News]] = deque()
        self.guesses: dict[tuple[int, bool], tuple[int, datetime]] = {}
        self.holders: list[Holder] = []
        self.faults: set[str] = set()

    def tell(self, paper: Paper, kind: str, at: datetime, who: str = "", count: int = 0) -> None:
        """Have something to say."""
        self.unread.append((at, News(paper, kind, at, who, count)))

    def read(self, now: datetime) -> list[News]:
        """What the console gets to hear when it asks, nothing left out between."""
        found = []
        while self.unread and "down" not in self.faults:
            told, news = self.unread[0]
            if "lagging-answers" in self.faults and told <= now < told + LAG:
                break
            found.append(news)
            self.unread.popleft()
        return found

    # -- taking over and giving back -------------------------------------------------------

    def receive(self, key: str, filing: Filing) -> Paper:
        """Take an order over once for each key."""
        if key not in self.papers:
            paper = self.papers[key] = Paper(key, filing, "refused")
            if not self.stands_in_the_way(paper):
                paper.people = leaders(who_verifies(filing.type, self.book), filing)
                paper.state = "verifying" if paper.people else "administration"
        return self.papers[key]

    def stands_in_the_way(self, paper: Paper) -> bool:
        """Whether the register, or another order it has, rules this one out."""
        filing = paper.filing
        assert filing is not None
        if any(alone(filing.type, other.type) for other in self._beside(paper, filing)):
            return True
        holders = [one for one in self.holders if one.at_ministry]
        domains = [site.domain for one in holders for site in one.sites if site.at_ministry]
        if filing.type == "first-filing":
            filed = filing.entity in [one.entity for one in holders]
            return filed or filing.domain in domains
        if filing.holder not in holders:
            return True
        if filing.type == "add-service":
            return filing.domain in domains
        return filing.site is not None and not filing.site.at_ministry

    def _beside(self, paper: Paper, filing: Filing) -> list[Filing]:
        """What else of the same entity is here and not decided."""
        number = paper.key.partition("/")[0]
        return [
            other.filing
            for other in self.papers.values()
            if other.state in ("verifying", "administration") and other.filing is not None
            if other.key.partition("/")[0] != number and other.filing.entity == filing.entity
        ]

    def withdraw(self, key: str, now: datetime) -> str:
        """Give an order back; one that never came never will."""
        if key not in self.papers:
            self.papers[key] = Paper(key, None, "withdrawn")
            return "withdrawn"
        paper = self.papers[key]
        self.expire(paper, now)
        if paper.state == "withdrawn":
            return "already"
        if paper.state != "verifying":
            return "too-late"
        paper.state = "withdrawn"
        return "withdrawn"

    # -- time ----------------------------------------------------------------------------------

    def expire(self, paper: Paper, now: datetime) -> None:
        """The window's end, for good."""
        if paper.state == "verifying" and paper.deadline and now >= paper.deadline:
            paper.state = "expired"
            self.unread.append((now, News(paper, "expired", paper.deadline)))

    def tick(self, now: datetime) -> None:
        """Windows end, first codes go out and start the window."""
        for paper in self.papers.values():
            self.expire(paper, now)
        for paper in self.papers.values():
            for leader in paper.people:
                if paper.state == "verifying" and leader.sent is None:
                    leader.sent = now
                    paper.deadline = paper.deadline or now + timedelta(hours=self.frame.hours)
                    self.tell(paper, "code-sent", now, leader.key)

    # -- the portal ----------------------------------------------------------------------------

    def pending(self, mobile: int, *states: str) -> list[tuple[Paper, Leader]]:
        """Whose code was sent and who are still to verify, in papers of these states."""
        return [
            (paper, leader)
            for paper in self.papers.values()
            for leader in paper.people
            if leader.mobile == mobile and leader.sent and not leader.done and not leader.failed
            if paper.state in states
        ]

    def touch(self, mobile: int, now: datetime) -> None:
        """An entry finds out whose time is up."""
        for paper, _ in self.pending(mobile, "verifying"):
            self.expire(paper, now)

    def resend(self, mobile: int, right_six: bool, now: datetime) -> str:
        """The answer to someone who asks for the text again."""
        self.touch(mobile, now)
        known = [p for p in self.papers.values() if mobile in [one.mobile for one in p.people]]
        if not known or not right_six:
            return "no-record"
        pending = self.pending(mobile, "verifying")
        sent = False
        for paper, leader in pending:
            if self.frame.resends is None or leader.resends < self.frame.resends:
                leader.resends += 1
                sent = True
                self.tell(paper, "code-resent", now, leader.key, leader.resends)
        return ("resent" if sent else "resend-limit") if pending else "nothing-pending"

    def enter(self, mobile: int, right_six: bool, code: str, now: datetime) -> str:
        """The answer to an entry. `code`: the key of the paper whose live code it is, "wrong",
        or "malformed"."""
        self.touch(mobile, now)
        if not self._may_guess((mobile, right_six), now):
            return "throttled"
        counted = [
            (paper, leader)
            for paper, leader in self.pending(mobile, "verifying", "expired")
            if code != "malformed" and leader.tries < TRIES
        ]
        hit = next((two for two in counted if two[0].key == code and right_six), None)
        if hit and hit[0].state == "verifying":
            self.guesses.pop((mobile, right_six), None)
            return self._verified(*hit, [two for two in counted if two is not hit], now)
        failed = False
        for paper, leader in counted:
            if not self.frame.any_entry and right_six:
                continue
            leader.tries += 1
            if paper.state != "verifying":
                continue
            if not self.frame.any_entry:
                self._forget_guess((mobile, right_six))
            self.tell(paper, "entry-failed", now, leader.key, leader.tries)
            if leader.tries >= TRIES:
                leader.failed, paper.state, failed = True, "failed", True
                self.tell(paper, "tries-used-up", now, leader.key)
        return "failed" if failed or hit else "no-record"

    def _verified(
        self, paper: Paper, leader: Leader, others: list[tuple[Paper, Leader]], now: datetime
    ) -> str:
        leader.done, leader.tries = True, 0
        for other, same in others:  # a success ends the row of failed entries, wherever
            if other.state == "verifying" and same.tries:
                same.tries = 0
                self.tell(other, "reset", now, same.key)
        self.tell(paper, "verified", now, leader.key)
        if not all(one.done for one in paper.people):
            return "verified-others-waiting"
        paper.state = "administration"
        self.tell(paper, "all-verified", now)
        return "verified"

    def _may_guess(self, pair: tuple[int, bool], now: datetime) -> bool:
        used, since = self.guesses.get(pair, (0, now))
        if since <= now - GUESSES_REST or since > now:
            used, since = 0, now
        if used >= TRIES and not self.frame.any_entry:
            return False
        self.guesses[pair] = (used + 1, since)
        return True

    def _forget_guess(self, pair: tuple[int, bool]) -> None:
        used, since = self.guesses[pair]
        self.guesses[pair] = (max(0, used - 1), since)

    # -- the administration ----------------------------------------------------------------------

    def decide(self, paper: Paper, accept: bool, owner: str, now: datetime) -> str:
        """ "ok", or why not: "changed" or "conflict"."""
        if paper.state != "administration":
            return "changed"
        if not accept:
            paper.state = "returned"
            self.tell(paper, "returned", now)
            return "ok"
        if self.stands_in_the_way(paper):
            return "conflict"
        self._take_effect(paper.filing, owner)
        paper.state = "accepted"
        self.tell(paper, "accepted", now)
        return "ok"

    def _take_effect(self, filing: Filing | None, owner: str) -> None:
        assert filing is not None
        if filing.type == "first-filing":
            filing.holder = Holder(filing.entity, owner)
            self.holders.append(filing.holder)
        assert filing.holder is not None
        if filing.type in ("first-filing", "add-service"):
            filing.site = Site(filing.domain, filing.holder, filing.website_leader)
            filing.holder.sites.append(filing.site)
        elif filing.type == "cancel-entity":
            filing.holder.at_ministry = False
            for site in filing.holder.sites:
                site.at_ministry = False
        elif filing.type == "cancel-service" and filing.site:
            filing.site.at_ministry = False
