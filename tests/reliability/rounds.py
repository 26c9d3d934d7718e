"""What must hold every single time: guesses, requests for a new code and decisions that arrive
together.

python -m tests.reliability.rounds --rounds 100 --decisions 50
python -m tests.reliability.rounds --rounds 3 --decisions 3 --plant     # must fail, all three
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from sqlalchemy import select, text

from console.extensions import db
from console.miit.mock import pages, portal
from console.miit.mock.tables import MinistryPerson
from console.services import review
from tests.reliability.program import arguments, verdict
from tests.reliability.stage import Stage, a_stage, without
from tests.security.kit import ANSWER, Portal, rude, scalar, tail, together
from tests.support.people import sign_in

TRIES, RESENDS = 5, 2
MADE = (
    "SELECT count(*) FROM events JOIN orders ON orders.id = events.order_id "
    "WHERE number = '{}' AND action IN ('approve', 'return')"
)


def guesses(stage: Stage, leaders: list[Any]) -> list[str]:
    """Rounds in which more or fewer than five of forty guesses were looked at."""
    outside, faults, settle = Portal(stage.app), [], portal._settle
    browsers = [outside.browser() for _ in range(40)]
    for who in leaders:
        looked_at: list[Any] = []

        def counting(s: Any, e: Any, counted: Any, now: Any, into: Any = looked_at) -> Any:
            into.extend(counted)
            return settle(s, e, counted, now)

        portal._settle = counting
        wrong = outside.wrong(who.mobile)
        together(40, lambda n, w=who, c=wrong: outside.enter(w.mobile, tail(w), c, browsers[n]))
        if len(looked_at) != TRIES:
            faults.append(f"{len(looked_at)} guesses looked at")
    portal._settle = settle
    return faults


def resends(stage: Stage, leaders: list[Any]) -> list[str]:
    """Rounds in which more or fewer than two of twenty requests for a new code were granted."""
    outside, faults = Portal(stage.app), []
    browsers = [outside.browser() for _ in range(20)]
    for who in leaders:
        before = len(outside.codes(who.mobile))

        def ask(n: int, who: Any = who) -> str:
            page = outside.enter(who.mobile, tail(who), "", browsers[n], "resend").text
            found = ANSWER.search(page)
            return found[1] if found else page[:80]

        answers = Counter(together(20, ask))
        sent = len(outside.codes(who.mobile)) - before
        if answers["resent"] != RESENDS or sent > RESENDS:
            faults.append(f"{dict(answers)}, {sent} texts")
    return faults


def decisions(stage: Stage, first: int, rounds: int) -> list[str]:
    """Rounds in which two reviewers at once made anything but one decision."""
    faults = []
    browsers = []
    for name in ("reviewer", "second"):
        client = rude(stage.app)
        sign_in(client, f"{name}@example.cn")
        browsers.append((client, client.token()))
    for n in range(first, first + rounds):
        number = stage.in_review(n)

        def claim(which: int, number: str = number) -> int:
            client, token = browsers[which]
            return int(
                client.post(f"/review/{number}/claim", data={"csrf_token": token}).status_code
            )

        def decide(which: int, number: str = number) -> int:
            client, token = browsers[which % 2]
            data = {"csrf_token": token, "reasons": "phone"}
            path = f"/review/{number}/{'approve' if which < 2 else 'return'}"
            return int(client.post(path, data=data).status_code)

        claims, decided = Counter(together(2, claim)), Counter(together(4, decide))
        made = scalar(stage.app, MADE.format(number))
        if (claims[303], decided[303], made) != (1, 1, 1):
            faults.append(f"claims {dict(claims)}, decisions {dict(decided)}, events {made}")
    return faults


def uncounted(session: Any, entry: portal.Entry, _now: Any) -> list[portal.Counted]:
    """Whoever the mobile belongs to, however often something was entered for them."""
    who = MinistryPerson
    query = select(who.id, who.order_id, who.tries_used).where(who.mobile_digest == entry.mobile)
    return [portal.Counted(*row) for row in session.execute(query)]


def plant() -> None:
    """Take the guards away."""
    portal._count = uncounted
    without("miit_people.resends_used < miit_people.resends")
    claimed = review._claimed

    def again(actor: Any, number: str, revision: Any) -> Any:
        db.session.execute(
            text(
                "UPDATE orders SET state = 'in-review', claimed_by_id = :who WHERE number = :number"
            ),
            {"who": actor.id, "number": number},
        )
        db.session.expire_all()
        return claimed(actor, number, revision)

    review._claimed = again


def main() -> int:
    """The program."""
    chosen = arguments(__doc__, rounds=20, decisions=10)
    pages.STEP = 0.001
    if chosen.plant:
        plant()
    with a_stage(chosen.database) as stage:
        leaders, where, failed = stage.verifying(2 * chosen.rounds), f"({chosen.database})", 0
        for what, of, found in (
            (f"40 guesses together: exactly {TRIES} looked at", chosen.rounds,
             guesses(stage, leaders[::2])),
            (f"20 requests for a new code together: exactly {RESENDS} granted", chosen.rounds,
             resends(stage, leaders[1::2])),
            ("two reviewers at once: exactly one decision", chosen.decisions,
             decisions(stage, 2 * chosen.rounds + 1, chosen.decisions)),
        ):  # fmt: skip
            figure = f"{what} in {of - len(found)}/{of} rounds {where}"
            failed |= verdict(figure, found, chosen.plant)
    return failed


if __name__ == "__main__":
    sys.exit(main())
