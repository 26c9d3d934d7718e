"""The rest of the machine: leaders, administration, worker, clock, faults, links and looks."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.model import acts, desk
from tests.model.console import Order
from tests.model.hands import APPLICANTS, EVERYONE, REVIEWERS, SHARED_LEADER
from tests.model.machine import DOMAINS, Office, outcome
from tests.model.ministry import Paper
from tests.model.words import BOOKS, FINAL, LINK

FAULTS = ("down", "lost-answer", "lagging-answers", "repeated-events", "late-texts", "lost-texts")
SHORT = [timedelta(minutes=n) for n in (1, 19, 21, 61)]
HOURS = [timedelta(hours=n) for n in (12, 23, 24, 25, 48)]
DAYS = [timedelta(days=n) for n in (3, 31, 44, 46)]


class Life(Office):
    """An order's whole life, with everyone it passes."""

    # -- the leaders ---------------------------------------------------------------------------

    def _papers(self, *states: str, with_people: bool = True) -> list[Paper]:
        papers = self.model.ministry.papers.values() if hasattr(self, "model") else ()
        return [p for p in papers if p.state in states and (p.people or not with_people)]

    @precondition(lambda self: self._papers("verifying"))
    @rule(data=st.data(), kind=st.sampled_from(("right",) * 6 + ("wrong", "six", "old", "shape")))
    def enter(self, data: st.DataObject, kind: str) -> None:
        """A leader enters what was texted, or something else."""
        papers = self._papers("verifying", "expired", "failed", "withdrawn")
        paper = self.choose(data, self._papers("verifying"), papers)
        leader = data.draw(st.sampled_from([p for p in paper.people if not p.done] or paper.people))
        self._enter(paper, leader.mobile, kind)

    def _enter(self, paper: Paper, mobile: int, kind: str) -> None:
        codes = self.hands.codes(paper.key, mobile)
        code, told = desk.code_to_enter(kind, codes, paper.key)
        code = code or self.hands.unknown_code()
        six = kind != "six"
        answer = desk.answered(lambda: self.hands.enter(mobile, six, code))
        self.same(answer, self.model.ministry.enter(mobile, six, told, self.now), f"enter {kind}")

    @precondition(lambda self: self._papers("verifying"))
    @rule(data=st.data(), times=st.integers(2, 6), kind=st.sampled_from(("wrong", "six")))
    def guess(self, data: st.DataObject, times: int, kind: str) -> None:
        """Somebody guesses, again and again."""
        paper = data.draw(st.sampled_from(self._papers("verifying")))
        leader = data.draw(st.sampled_from(paper.people))
        for _ in range(times):
            self._enter(paper, leader.mobile, kind)

    @precondition(lambda self: self._papers("verifying"))
    @rule(data=st.data(), times=st.integers(1, 3), right_six=st.sampled_from((True, True, False)))
    def resend(self, data: st.DataObject, times: int, right_six: bool) -> None:
        """A leader asks for the text again, perhaps impatiently."""
        paper = self.choose(data, self._papers("verifying"), self._papers("expired", "verifying"))
        mobile = data.draw(st.sampled_from(paper.people)).mobile
        for _ in range(times):
            real = desk.answered(lambda: self.hands.resend(mobile, right_six))
            told = self.model.ministry.resend(mobile, right_six, self.now)
            self.same(real, told, "resend")

    # -- the way on ------------------------------------------------------------------------------

    @initialize(
        book=st.sampled_from(sorted(BOOKS)),
        far=st.lists(st.integers(0, 6), min_size=1, max_size=3),
        shared=st.booleans(),
    )
    def begin(self, book: str, far: list[int], shared: bool) -> None:
        """A console under one of the four books, with orders on their way already."""
        self.open(book)
        for n, steps in enumerate(far):
            owner, entity = APPLICANTS[n], n % 3 + 1
            leader = SHARED_LEADER if shared else entity
            order = acts.start(self.hands, self.model, owner, entity, DOMAINS[n], leader)
            for _ in range(steps):
                self.go_on(order)

    @precondition(lambda self: any(o.state not in FINAL for o in self.orders))
    @rule(data=st.data(), times=st.integers(1, 4))
    def an_order_goes_on(self, data: st.DataObject, times: int) -> None:
        """What is next for an order is done, a few times: random steps alone get nowhere."""
        order = data.draw(st.sampled_from([o for o in self.orders if o.state not in FINAL]))
        for _ in range(times):
            self.go_on(order)

    @precondition(lambda self: any(o.state not in FINAL for o in self.orders))
    @rule(data=st.data())
    def everybody_does_their_part(self, data: st.DataObject) -> None:
        """One step for each order."""
        for order in self.orders:
            self.go_on(order)

    def go_on(self, order: Order) -> None:
        """The next step on the straight way."""
        paper = self.model.ministry.papers.get(order.key)
        if order.state in ("draft", "returned"):
            self._submit(order)
        elif order.state == "in-review":
            who = next(name for name in REVIEWERS if name != order.owner)
            self._claim(order, who)
            self._decide(order, who, "approve")
        elif paper is not None and paper.state == "administration":
            self._administration(paper, True)
            self.work()
        elif order.state == "verifying" and paper is not None and paper.state == "verifying":
            if leader := next((one for one in paper.people if one.sent and not one.done), None):
                self._enter(paper, leader.mobile, "right")
        else:
            self.work()

    # -- the administration ----------------------------------------------------------------------

    @precondition(lambda self: self._papers("administration", with_people=False))
    @rule(data=st.data(), accept=st.sampled_from((True, True, False)))
    def administration(self, data: st.DataObject, accept: bool) -> None:
        """The administration decides."""
        papers = self._papers("administration", with_people=False)
        self._administration(data.draw(st.sampled_from(papers)), accept)

    def _administration(self, paper: Paper, accept: bool) -> None:
        number = paper.key.partition("/")[0]
        owner = next(order.owner for order in self.orders if order.number == number)
        told = self.model.ministry.decide(paper, accept, owner, self.now)
        reasons = () if accept else ("phone",)
        real = outcome(lambda: self.hands.ministry.decide(number, accept, reasons, ""))
        self.same(real, told, "administration")

    # -- the worker and the clock ----------------------------------------------------------------

    @rule()
    def work(self) -> None:
        """The worker does what is due, and comes back for what has to be tried again."""
        for _ in range(3):
            self.hands.moment += timedelta(seconds=3)
            self.model.work(self.now)
            self.hands.drain()
            if not self.model.unsettled:
                return

    @rule(by=st.sampled_from(SHORT + HOURS + DAYS), then_work=st.booleans())
    def time_passes(self, by: timedelta, then_work: bool) -> None:
        """Minutes, hours, days."""
        self.hands.moment += by
        if then_work:
            self.work()

    @precondition(lambda self: hasattr(self, "model") and not self.model.unsettled)
    @rule(rarely=st.integers(0, 3))
    def the_clock_is_set_back(self, rarely: int) -> None:
        """By an hour: what has ended stays ended."""
        if not rarely:
            self.hands.moment -= timedelta(hours=1)

    @rule(fault=st.sampled_from(FAULTS), on=st.sampled_from((True, False, False)))
    def the_ministry_fails_or_recovers(self, fault: str, on: bool) -> None:
        """Late, lost and repeated answers; not there at all."""
        if not on:
            for known in sorted(self.model.ministry.faults):
                self.hands.fault(known, False)
            self.model.ministry.faults.clear()
            return
        self.hands.fault(fault, True)
        self.model.ministry.faults.add(fault)

    # -- who sees what -----------------------------------------------------------------------------

    @precondition(lambda self: any(order.people for order in self.orders))
    @rule(data=st.data())
    def send_a_link(self, data: st.DataObject) -> None:
        """A leader gets a link to what they must do."""
        order = data.draw(st.sampled_from([o for o in self.orders if o.people]))
        key = data.draw(st.sampled_from(order.people)).key
        self.links.append((order, order.epoch, self.now, self.hands.link(order.number, key)))

    @precondition(lambda self: self.links)
    @rule(data=st.data(), first_revoke=st.integers(0, 2))
    def open_a_link(self, data: st.DataObject, first_revoke: int) -> None:
        """A link opens until it is taken back, or a new round begins, or it is too old."""
        order, epoch, sent, path = data.draw(st.sampled_from(self.links))
        if not first_revoke:
            acts.revoke(self.hands, order)
            order.epoch += 1
        good = epoch == order.epoch and self.now < sent + LINK
        assert self.hands.get("nobody", path) == (200 if good else 404)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), who=st.sampled_from(sorted(EVERYONE)))
    def look(self, data: st.DataObject, who: str) -> None:
        """Whoever looks at an order sees it, or learns nothing."""
        order = data.draw(st.sampled_from(self.orders))
        for page, status in desk.may_see(order, who).items():
            assert self.hands.get(who, page) == status, f"{who} looks at {page}"
