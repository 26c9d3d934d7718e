"""The machine: steps of applicants and reviewers, each done to the product and to the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.errors import Refusal
from tests.model import acts, checks, desk
from tests.model.console import Console, Order
from tests.model.filed import Holder
from tests.model.hands import APPLICANTS, REVIEWERS, SHARED_LEADER, Hands, Workshop
from tests.model.ministry import Ministry

T = TypeVar("T")
DOMAINS = ("tea-one.cn", "tea-two.cn", "tea-three.cn")
MOST_ORDERS = 7


def outcome(work: Callable[[], Any]) -> str:
    """ "ok", or the name of the refusal."""
    try:
        work()
    except Refusal as refusal:
        return type(refusal).__name__
    return "ok"


def _filed(machine: Office) -> list[Holder]:
    return [h for h in machine.model.holders if h.at_console] if machine.orders else []


class Office(RuleBasedStateMachine):
    """Orders at the provider: filled in, handed in, claimed, decided, taken back."""

    workshop: ClassVar[Workshop]
    seen: ClassVar[Counter[str]] = Counter()  # what happened, over all runs

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.hands: Hands
        self.model: Console
        self.links: list[tuple[Order, int, datetime, str]] = []

    def open(self, book: str) -> None:
        """An empty console under one of the four books."""
        self.hands = self.stack.enter_context(self.workshop.hands(book))
        self.model = Console(Ministry(book))

    def teardown(self) -> None:
        """The database is thrown away; what happened is counted."""
        self.seen["(runs)"] += 1
        self.seen.update(move[0] for order in self.orders for move in order.moves)
        self.stack.close()

    @invariant()
    def the_product_is_as_the_model_says(self) -> None:
        """After every step, whatever it was."""
        self.seen["(steps)"] += 1
        if hasattr(self, "model"):
            checks.everything(self.hands, self.model)

    # -- helpers -------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The present moment, the same for both sides."""
        return self.hands.moment

    @property
    def orders(self) -> list[Order]:
        """Every order."""
        return self.model.orders if hasattr(self, "model") else []

    def choose(self, data: st.DataObject, wanted: Sequence[T], others: Sequence[T] = ()) -> T:
        """Mostly one for which the step makes sense, now and then another."""
        if wanted and (not others or data.draw(st.integers(0, 6))):
            return data.draw(st.sampled_from(wanted))
        return data.draw(st.sampled_from(others or wanted))

    def order_in(self, data: st.DataObject, *states: str) -> Order:
        """An order, most likely in one of these states."""
        return self.choose(data, [o for o in self.orders if o.state in states], self.orders)

    def same(self, real: str, told: str, what: str) -> bool:
        """Compare an outcome; True where something happened."""
        assert real == told, f"{what}: the product says {real}, the model {told}"
        return told == "ok"

    # -- the applicants ------------------------------------------------------------------------

    @precondition(lambda self: hasattr(self, "model") and len(self.orders) < MOST_ORDERS)
    @rule(
        owner=st.sampled_from(APPLICANTS),
        entity=st.integers(1, 3),
        domain=st.sampled_from(DOMAINS),
        shared=st.booleans(),
        hand_in=st.booleans(),
    )
    def start(self, owner: str, entity: int, domain: str, shared: bool, hand_in: bool) -> None:
        """A first filing is filled in, and perhaps handed in at once."""
        leader = SHARED_LEADER if shared else entity
        order = acts.start(self.hands, self.model, owner, entity, domain, leader)
        if hand_in:
            self._submit(order)

    @precondition(lambda self: _filed(self))
    @rule(data=st.data())
    def follow_up(self, data: st.DataObject) -> None:
        """Something that is filed gets a further order: an addition or a cancellation."""
        holder = data.draw(st.sampled_from(_filed(self)))
        kind = data.draw(
            st.sampled_from(("add-service", "cancel-service", "cancel-access", "cancel-entity"))
        )
        site = data.draw(st.sampled_from([site for site in holder.sites if site.number]))
        domain = data.draw(st.sampled_from(DOMAINS))
        order = Order("", holder.owner, acts.further(kind, holder, site, domain), holder)
        told = acts.may_follow_up(self.model, order)
        real = outcome(lambda: acts.follow_up(self.hands, order))
        if self.same(real, told, f"start {kind}"):
            order.move("start", "draft", "applicant", self.now)
            self.orders.append(order)
            self._submit(order)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Something is corrected, while it is the applicant's turn."""
        order = self.order_in(data, "draft", "returned")
        if order.filing.type not in ("first-filing", "add-service") or order.purged:
            return
        told = "ok" if order.state in ("draft", "returned") else "Changed"
        if self.same(outcome(lambda: acts.edit(self.hands, order)), told, "edit"):
            acts.edited(order, self.now)

    @precondition(lambda self: any(o.state in ("draft", "returned") for o in self.orders))
    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """A draft or a returned order is handed in."""
        self._submit(self.order_in(data, "draft", "returned"))

    def _submit(self, order: Order) -> None:
        real = outcome(lambda: acts.submit(self.hands, order))
        if order.state not in ("draft", "returned"):
            assert real != "ok", "an order is handed in out of turn"
            return
        told = "Conflict" if self.model.conflict(order) else "ok"
        if self.same(real, told, "submit"):
            acts.submitted(order, self.now)

    @precondition(lambda self: any(o.state == "returned" for o in self.orders))
    @rule(data=st.data())
    def resubmit_unmodified(self, data: st.DataObject) -> None:
        """A returned order goes straight back to verification, where the book lets it."""
        order = data.draw(st.sampled_from([o for o in self.orders if o.state == "returned"]))
        told = "ok"
        if not acts.may_skip_review(self.model, order):
            told = "Refusal"
        elif self.model.conflict(order):
            told = "Conflict"
        real = outcome(lambda: acts.resubmit_unmodified(self.hands, order))
        if self.same(real, told, "resubmit unmodified"):
            acts.resubmitted(order, self.now)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """An order is taken back."""
        order = self.order_in(data, "in-review", "approved", "verifying")
        real = outcome(lambda: acts.withdraw(self.hands, order))
        self.same(real, acts.withdrawn(self.model, order, self.now), "withdraw")

    @precondition(lambda self: any(o.state in ("draft", "returned") for o in self.orders))
    @rule(data=st.data(), sure=st.integers(0, 2))
    def discard(self, data: st.DataObject, sure: int) -> None:
        """An order is given up, which people seldom do."""
        order = self.order_in(data, "draft", "returned")
        if sure:
            return
        told = "ok" if order.state in ("draft", "returned") else "Changed"
        if self.same(outcome(lambda: acts.discard(self.hands, order)), told, "discard"):
            order.move("discard", "cancelled", "applicant", self.now)

    @precondition(lambda self: any(o.state in ("cancelled", "lapsed") for o in self.orders))
    @rule(data=st.data())
    def start_again(self, data: st.DataObject) -> None:
        """An order that came to nothing is started again."""
        order, got = self.order_in(data, "cancelled", "lapsed"), ""

        def again() -> None:
            nonlocal got
            got = acts.start_again(self.hands, order)

        told, real = acts.may_start_again(self.model, order), outcome(again)
        running = self.model.copy_of(order)
        if told == "copy" and running is not None:
            assert got == running.number, "an order is copied twice"
        elif self.same(real, told, "start again"):
            acts.copied(self.model, order, got, self.now)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), verb=st.sampled_from(sorted(acts.VERBS)))
    def trespass(self, data: st.DataObject, verb: str) -> None:
        """Somebody tries their hand at another's order: for them there is none."""
        order = data.draw(st.sampled_from(self.orders))
        who = data.draw(st.sampled_from([name for name in APPLICANTS if name != order.owner]))
        real = outcome(lambda: acts.VERBS[verb](self.hands, order, who))
        self.same(real, "NoSuchOrder", f"{verb} by a stranger")

    # -- the reviewers -------------------------------------------------------------------------

    @precondition(lambda self: any(o.state == "in-review" for o in self.orders))
    @rule(data=st.data(), who=st.sampled_from(REVIEWERS), pass_it=st.integers(0, 3))
    def review(self, data: st.DataObject, who: str, pass_it: int) -> None:
        """Claim, and mostly approve."""
        order = self.order_in(data, "in-review")
        if self._claim(order, who) and pass_it:
            self._decide(order, who, "approve")

    def _claim(self, order: Order, who: str) -> bool:
        told = desk.may_claim(order, who, self.now)
        if done := self.same(outcome(lambda: desk.claim(self.hands, order, who)), told, "claim"):
            order.claimed_by, order.claimed_at = who, self.now
        return done

    @precondition(lambda self: self.orders)
    @rule(
        data=st.data(),
        who=st.sampled_from(REVIEWERS),
        verb=st.sampled_from(("approve", "return", "return", "release", "hand-on")),
    )
    def decide(self, data: st.DataObject, who: str, verb: str) -> None:
        """Approve, return, release or hand on, claimed or not."""
        self._decide(self.order_in(data, "in-review"), who, verb)

    def _decide(self, order: Order, who: str, verb: str) -> None:
        told = desk.may_decide(order, who, verb, self.now)
        if self.same(outcome(lambda: desk.decide(self.hands, order, who, verb)), told, verb):
            desk.decided(order, who, verb, self.now)
